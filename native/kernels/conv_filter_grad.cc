#include "kernels/conv_filter_grad.h"

#include <algorithm>

#include "kernels/conv_rows.h"
#include "kernels/pack.h"
#include "kernels/tile_block.h"

namespace tw {
namespace {

constexpr std::int64_t kPixels = 512;  // summed at a time: the depth of the products
constexpr std::int64_t kStride = kPixels + 16;  // no power of two, so that rows share no cache set
constexpr std::int64_t kMostRows = 96;
constexpr std::int64_t kLeastRows = 24;
constexpr std::int64_t kLeastSegment = 2048;  // pixels that are worth sums of their own

// Rows [row, row + rows) of the (tap, channel) matrix of one group, transposed: for each row its
// values at the pixels of the range.
template <class T>
void gather_columns(const ConvShape& s, const T* x, std::int64_t group, std::int64_t row,
                    std::int64_t rows, RowRange range, T* out) noexcept {
  const T* pixels[kPixels];
  const std::int64_t channels = s.group_in();
  for (std::int64_t done = 0; done < rows;) {
    const std::int64_t tap = (row + done) / channels, channel = (row + done) % channels;
    const std::int64_t count = std::min(rows - done, channels - channel);
    tap_rows(s, x, group * channels + channel, tap, range, pixels);
    transpose_rows(pixels, range.count, count, out + done * kStride, kStride);
    done += count;
  }
}

}  // namespace

template <class T>
FilterGradPlan filter_grad_plan(const ConvShape& s, int threads) noexcept {
  FilterGradPlan plan{};
  plan.shape = s;
  const std::int64_t rows = s.taps() * s.group_in();
  if (rows == 0 || s.out_channels == 0) return plan;
  const auto parts = [](std::int64_t whole, std::int64_t part) { return (whole + part - 1) / part; };
  // Few rows leave nothing to deal out but pixels.
  plan.segments = std::clamp<std::int64_t>(s.rows() / kLeastSegment, 1,
                                           parts(8, s.groups * parts(rows, kLeastRows)));
  plan.segment_pixels = std::max<std::int64_t>(1, parts(s.rows(), plan.segments));
  const std::int64_t units = s.groups * plan.segments;
  const std::int64_t rounds = parts(units * parts(rows, kMostRows), threads);
  plan.row_block = std::clamp(parts(rows, parts(rounds * threads, units)),
                              std::min(rows, kLeastRows), kMostRows);
  plan.row_blocks = parts(rows, plan.row_block);
  plan.tasks = units * plan.row_blocks;
  plan.partial = (plan.segments - 1) * rows * s.out_channels;
  plan.scratch = kStride * plan.row_block + kPixels * tile_shape<T>().panel;
  return plan;
}

template <class T>
void filter_grad_task(const FilterGradPlan& plan, const T* x, const T* dy, std::int64_t task,
                      T* dw, T* partial, T* scratch) noexcept {
  const ConvShape& s = plan.shape;
  const std::int64_t unit = task / plan.row_blocks, row = task % plan.row_blocks * plan.row_block;
  const std::int64_t group = unit % s.groups, segment = unit / s.groups;
  const std::int64_t all = s.taps() * s.group_in(), count = std::min(plan.row_block, all - row);
  const std::int64_t n = s.group_out(), full = tile_shape<T>().panel;
  // Rows of gradients that are as wide as a panel are one.
  const bool packed = s.groups == 1 && n <= full && panel_width<T>(n, 0) == n;
  T* const sums = segment == 0 ? dw : partial + (segment - 1) * all * s.out_channels;
  T* const panel = scratch + kStride * plan.row_block;
  const T* rows[kMostRows];
  T* out[kMostRows];
  for (std::int64_t r = 0; r < count; ++r) rows[r] = scratch + r * kStride;
  const MatrixView<T> gradients{dy + group * n, s.out_channels};
  const std::int64_t begin = segment * plan.segment_pixels;
  const std::int64_t end = std::min(s.rows(), begin + plan.segment_pixels);
  std::int64_t pixel = begin;
  do {
    const RowRange range{pixel, std::clamp<std::int64_t>(end - pixel, 0, kPixels)};
    // Without pixels the products, of no depth, make zeros.
    if (range.count > 0) gather_columns(s, x, group, row, count, range, scratch);
    for (std::int64_t c = 0; c < n; c += full) {
      if (!packed) pack_panel(gradients, n, c / full, pixel, pixel + range.count, panel);
      for (std::int64_t r = 0; r < count; ++r) {
        out[r] = sums + (row + r) * s.out_channels + group * n + c;
      }
      tile_block<T>({.rows = rows,
                     .tap_stride = count,
                     .taps = 1,
                     .depth = range.count,
                     .row_count = count,
                     .panels = packed ? dy + pixel * n : panel,
                     .panel_stride = 0,
                     .columns = std::min(full, n - c),
                     .out = out,
                     .bias = nullptr,
                     .accumulate = pixel > begin});
    }
    pixel += range.count;
  } while (pixel < end);
}

template <class T>
void add_filter_segments(const FilterGradPlan& plan, const T* partial, T* dw) noexcept {
  const std::int64_t size = plan.shape.taps() * plan.shape.group_in() * plan.shape.out_channels;
  for (std::int64_t done = 0; done < plan.partial; done += size) {
    for (std::int64_t i = 0; i < size; ++i) dw[i] += partial[done + i];
  }
}

#define TW_INSTANTIATE(T)                                                                      \
  template FilterGradPlan filter_grad_plan<T>(const ConvShape&, int) noexcept;                 \
  template void filter_grad_task(const FilterGradPlan&, const T*, const T*, std::int64_t, T*,  \
                                 T*, T*) noexcept;                                             \
  template void add_filter_segments(const FilterGradPlan&, const T*, T*) noexcept;

TW_INSTANTIATE(float)
TW_INSTANTIATE(double)

#undef TW_INSTANTIATE

}  // namespace tw
