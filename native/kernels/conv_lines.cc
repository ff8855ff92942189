#include "kernels/conv_lines.h"

#include <algorithm>

#include "kernels/conv_line.h"
#include "kernels/tile_block.h"

namespace tw {
namespace {

// Small images are padded as a whole, so that no tile has to copy what it meets at the edges.
constexpr std::int64_t kPaddedElements = 8192, kPaddedLines = 64;

std::int64_t padded_length(const ConvShape& s) {
  return ((s.out[2] - 1) * s.stride[2] + s.kernel[2]) * s.in_channels;
}

bool pads(const ConvShape& s) {
  const bool inside = s.pad[2] == 0 && padded_length(s) <= s.in[2] * s.in_channels;
  return !inside && s.in[0] == 1 && s.in[1] <= kPaddedLines &&
         s.in[1] * padded_length(s) <= kPaddedElements;
}

// Input lines with their padding, each made when it is first asked for.
template <class T>
class PaddedLines {
 public:
  PaddedLines(const ConvShape& shape, const T* x, T* scratch) : s_(shape), x_(x), out_(scratch) {}

  const T* line(std::int64_t image, std::int64_t y) noexcept {
    if (image != image_) image_ = image, made_ = 0;
    const std::int64_t length = padded_length(s_), own = s_.in[2] * s_.in_channels;
    T* out = out_ + y * length;
    if (made_ >> y & 1) return out;
    made_ |= std::uint64_t{1} << y;
    const std::int64_t before = std::min(s_.pad[2] * s_.in_channels, length);
    const std::int64_t end = std::min(length, before + own);
    const T* in = x_ + (image * s_.in[1] + y) * own;
    std::fill(out, out + before, T{});
    std::copy(in, in + (end - before), out + before);
    std::fill(out + end, out + length, T{});
    return out;
  }

 private:
  const ConvShape& s_;
  const T* x_;
  T* out_;
  std::int64_t image_ = -1;
  std::uint64_t made_ = 0;
};

template <class T>
class Stretches {
 public:
  Stretches(const ConvPlan& plan, const ConvOperands<T>& x, ColumnRange columns, T* scratch)
      : plan_(plan),
        s_(plan.shape),
        x_(x),
        columns_(columns),
        scratch_(scratch),
        pads_(pads(plan.shape)),
        padded_(plan.shape, x.x, scratch) {}

  // Output pixels [row, row + count), all on one line.
  void run(std::int64_t row, std::int64_t count) noexcept {
    place_lines(row / s_.out[2]);
    const std::int64_t w = row % s_.out[2], panel = tile_shape<T>().panel, c = s_.in_channels;
    const BlockEpilogue<T>& e = x_.epilogue;
    const std::int64_t end = columns_.column + columns_.columns;
    for (std::int64_t j = columns_.column; j < end; j += panel) {
      conv_line<T>({.lines = lines_,
                    .taps = plan_.taps,
                    .depth = plan_.depth,
                    .first = (w * s_.stride[2] - (pads_ ? 0 : s_.pad[2])) * c,
                    .step = s_.stride[2] * c,
                    .length = pads_ ? padded_length(s_) : s_.in[2] * c,
                    .pixels = count,
                    .panel = x_.packed + j * plan_.taps * plan_.depth,
                    .columns = std::min(panel, end - j),
                    .out = x_.y + row * s_.out_channels + j,
                    .out_step = s_.out_channels,
                    .bias = e.bias != nullptr ? e.bias + j : nullptr,
                    .clamp = e.clamp,
                    .low = e.low,
                    .high = e.high,
                    .scratch = scratch_});
    }
  }

 private:
  void place_lines(std::int64_t line) noexcept {
    const std::int64_t h = line % s_.out[1], plane = line / s_.out[1];
    const std::int64_t d = plane % s_.out[0], image = plane / s_.out[0];
    std::int64_t t = 0;
    for (std::int64_t kd = 0; kd < s_.kernel[0]; ++kd) {
      for (std::int64_t kh = 0; kh < s_.kernel[1]; ++kh, ++t) {
        const std::int64_t z = s_.position(0, d, kd), y = s_.position(1, h, kh);
        const bool inside = z >= 0 && z < s_.in[0] && y >= 0 && y < s_.in[1];
        const std::int64_t at = (image * s_.in[0] + z) * s_.in[1] + y;
        lines_[t] = !inside ? nullptr
                    : pads_ ? padded_.line(image, y)
                            : x_.x + at * s_.in[2] * s_.in_channels;
      }
    }
  }

  const ConvPlan& plan_;
  const ConvShape& s_;
  const ConvOperands<T>& x_;
  const ColumnRange columns_;
  T* scratch_;
  const bool pads_;
  PaddedLines<T> padded_;
  const T* lines_[kMostTapRows];
};

}  // namespace

bool conv_lines_fit(const ConvPlan& plan) noexcept {
  const ConvShape& s = plan.shape;
  return s.stride[2] > 0 && conv_line_fits(plan.taps, plan.depth, s.stride[2] * s.in_channels);
}

std::int64_t conv_lines_scratch(const ConvPlan& plan) noexcept {
  const ConvShape& s = plan.shape;
  if (pads(s)) return s.in[1] * padded_length(s);
  return conv_line_scratch(plan.taps, plan.depth, s.stride[2] * s.in_channels);
}

template <class T>
void conv_lines(const ConvPlan& plan, const ConvOperands<T>& operands, RowRange range,
                ColumnRange columns, T* scratch) noexcept {
  Stretches<T> stretches(plan, operands, columns, scratch);
  const std::int64_t width = plan.shape.out[2], end = range.row + range.count;
  for (std::int64_t row = range.row; row < end;) {
    const std::int64_t count = std::min(end - row, width - row % width);
    stretches.run(row, count);
    row += count;
  }
}

template void conv_lines(const ConvPlan&, const ConvOperands<float>&, RowRange, ColumnRange,
                         float*) noexcept;
template void conv_lines(const ConvPlan&, const ConvOperands<double>&, RowRange, ColumnRange,
                         double*) noexcept;

}  // namespace tw
