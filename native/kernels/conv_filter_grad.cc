#include "kernels/conv_filter_grad.h"

#include <algorithm>

#include "kernels/conv_rows.h"
#include "kernels/pack.h"
#include "kernels/tile_block.h"

namespace tw {
namespace {

constexpr std::int64_t kPixels = 512;  // summed at a time: the depth of the products
constexpr std::int64_t kMostRows = 96;

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
    transpose_rows(pixels, range.count, count, out + done * kPixels, kPixels);
    done += count;
  }
}

}  // namespace

template <class T>
FilterGradPlan filter_grad_plan(const ConvShape& s) noexcept {
  FilterGradPlan plan{};
  plan.shape = s;
  const std::int64_t rows = s.taps() * s.group_in();
  if (rows == 0 || s.out_channels == 0) return plan;
  const std::int64_t block = std::clamp<std::int64_t>((rows + 7) / 8, 24, kMostRows);
  plan.row_block = std::min(rows, block);
  plan.row_blocks = (rows + plan.row_block - 1) / plan.row_block;
  plan.tasks = s.groups * plan.row_blocks;
  plan.scratch = kPixels * (plan.row_block + tile_shape<T>().panel);
  return plan;
}

template <class T>
void filter_grad_task(const FilterGradPlan& plan, const T* x, const T* dy, std::int64_t task,
                      T* dw, T* scratch) noexcept {
  const ConvShape& s = plan.shape;
  const std::int64_t group = task / plan.row_blocks, row = task % plan.row_blocks * plan.row_block;
  const std::int64_t all = s.taps() * s.group_in(), count = std::min(plan.row_block, all - row);
  const std::int64_t n = s.group_out(), full = tile_shape<T>().panel;
  T* panel = scratch + kPixels * plan.row_block;
  const T* rows[kMostRows];
  T* out[kMostRows];
  for (std::int64_t r = 0; r < count; ++r) rows[r] = scratch + r * kPixels;
  const MatrixView<T> gradients{dy + group * n, s.out_channels};
  std::int64_t pixel = 0;
  do {
    const RowRange range{pixel, std::min(kPixels, s.rows() - pixel)};
    gather_columns(s, x, group, row, count, range, scratch);
    for (std::int64_t c = 0; c < n; c += full) {
      pack_panel(gradients, n, c / full, pixel, pixel + range.count, panel);
      for (std::int64_t r = 0; r < count; ++r) {
        out[r] = dw + (row + r) * s.out_channels + group * n + c;
      }
      tile_block<T>({.rows = rows,
                     .tap_stride = count,
                     .taps = 1,
                     .depth = range.count,
                     .row_count = count,
                     .panels = panel,
                     .panel_stride = 0,
                     .columns = std::min(full, n - c),
                     .out = out,
                     .bias = nullptr,
                     .accumulate = pixel > 0});
    }
    pixel += range.count;
  } while (pixel < s.rows());
}

template FilterGradPlan filter_grad_plan<float>(const ConvShape&) noexcept;
template FilterGradPlan filter_grad_plan<double>(const ConvShape&) noexcept;
template void filter_grad_task(const FilterGradPlan&, const float*, const float*, std::int64_t,
                               float*, float*) noexcept;
template void filter_grad_task(const FilterGradPlan&, const double*, const double*, std::int64_t,
                               double*, double*) noexcept;

}  // namespace tw
