#include "kernels/conv_rows.h"

#include <algorithm>

namespace tw {
namespace {

template <class T>
alignas(64) constexpr T kZeros[kMaxRow] = {};

// A stretch of output pixels on one line, and the input line under one row of taps.
template <class T>
struct Stretch {
  const T* line;  // null when it lies in the padding
  std::int64_t first, count;
};

// Walks the pixels of a range line by line.
template <class T>
class Lines {
 public:
  Lines(const ConvShape& shape, const T* x, std::int64_t kernel_depth, std::int64_t kernel_row,
        RowRange range)
      : s_(shape), x_(x), kd_(kernel_depth), kh_(kernel_row), left_(range.count) {
    std::int64_t row = range.row;
    w_ = row % s_.out[2];
    row /= s_.out[2];
    h_ = row % s_.out[1];
    row /= s_.out[1];
    d_ = row % s_.out[0];
    n_ = row / s_.out[0];
  }

  bool next(Stretch<T>& stretch) noexcept {
    if (left_ == 0) return false;
    const std::int64_t count = std::min(left_, s_.out[2] - w_);
    const std::int64_t d = s_.position(0, d_, kd_), h = s_.position(1, h_, kh_);
    const bool inside = d >= 0 && d < s_.in[0] && h >= 0 && h < s_.in[1];
    const std::int64_t line = ((n_ * s_.in[0] + d) * s_.in[1] + h) * s_.in[2] * s_.in_channels;
    stretch = {inside ? x_ + line : nullptr, w_, count};
    left_ -= count;
    w_ = 0;
    if (++h_ == s_.out[1]) h_ = 0, ++d_;
    if (d_ == s_.out[0]) d_ = 0, ++n_;
    return true;
  }

 private:
  const ConvShape& s_;
  const T* x_;
  std::int64_t kd_, kh_, left_, n_, d_, h_, w_;
};

// Plain loops: the pieces are too short to be worth a call of memmove.
template <class T>
const T* copied_window(const ConvShape& s, const T* line, std::int64_t first, const T* outside,
                       T* out) noexcept {
  const std::int64_t c = s.in_channels, length = s.kernel[2] * c;
  const std::int64_t begin = std::clamp<std::int64_t>(-first * c, 0, length);
  const std::int64_t end = std::clamp<std::int64_t>((s.in[2] - first) * c, begin, length);
  for (std::int64_t i = 0; i < begin; ++i) out[i] = outside[i];
  for (std::int64_t i = begin; i < end; ++i) out[i] = line[first * c + i];
  for (std::int64_t i = end; i < length; ++i) out[i] = outside[i];
  return out;
}

}  // namespace

template <class T>
void tap_rows(const ConvShape& s, const T* x, std::int64_t channel, std::int64_t tap,
              RowRange range, const T** rows, const T* outside) noexcept {
  if (outside == nullptr) outside = kZeros<T>;
  const std::int64_t kw = tap % s.kernel[2], kh = tap / s.kernel[2] % s.kernel[1];
  const std::int64_t kd = tap / (s.kernel[2] * s.kernel[1]);
  Stretch<T> stretch;
  for (Lines<T> lines(s, x + channel, kd, kh, range); lines.next(stretch);) {
    const std::int64_t w = s.position(2, stretch.first, kw), step = s.stride[2];
    const std::int64_t before = w < 0 ? (step - 1 - w) / step : 0;
    const std::int64_t within = w < s.in[2] ? (s.in[2] - 1 - w) / step + 1 : 0;
    const std::int64_t end = stretch.line != nullptr ? std::min(stretch.count, within) : 0;
    std::int64_t i = 0;
    for (; i < std::min(before, end); ++i) rows[i] = outside;
    for (; i < end; ++i) rows[i] = stretch.line + (w + i * step) * s.in_channels;
    for (; i < stretch.count; ++i) rows[i] = outside;
    rows += stretch.count;
  }
}

template <class T>
void window_rows(const ConvShape& s, const T* x, std::int64_t tap, RowRange range, const T** rows,
                 T* copies, const T* outside) noexcept {
  if (outside == nullptr) outside = kZeros<T>;
  const std::int64_t length = s.kernel[2] * s.in_channels;
  Stretch<T> stretch;
  for (Lines<T> lines(s, x, tap / s.kernel[1], tap % s.kernel[1], range); lines.next(stretch);) {
    for (std::int64_t i = 0; i < stretch.count; ++i, copies += length) {
      const std::int64_t w = s.position(2, stretch.first + i, 0);
      const bool inside = w >= 0 && w + s.kernel[2] <= s.in[2];
      *rows++ = stretch.line == nullptr ? outside
                : inside                ? stretch.line + w * s.in_channels
                                        : copied_window(s, stretch.line, w, outside, copies);
    }
  }
}

template <class T>
void output_rows(const ConvPlan& plan, T* y, RowRange range, T** out) noexcept {
  const ConvShape& s = plan.shape;
  std::int64_t o[3], row = range.row;
  for (int d = 2; d >= 0; --d) o[d] = row % s.out[d], row /= s.out[d];
  const auto at = [&](int d) { return plan.out_first[d] + o[d] * plan.out_step[d]; };
  for (std::int64_t left = range.count; left > 0;) {
    const std::int64_t line = ((row * plan.out_size[0] + at(0)) * plan.out_size[1] + at(1));
    T* first = y + (line * plan.out_size[2] + at(2)) * s.out_channels;
    const std::int64_t step = plan.out_step[2] * s.out_channels;
    const std::int64_t count = std::min(left, s.out[2] - o[2]);
    for (std::int64_t i = 0; i < count; ++i) out[i] = first + i * step;
    out += count, left -= count;
    o[2] = 0;
    if (++o[1] == s.out[1]) o[1] = 0, ++o[0];
    if (o[0] == s.out[0]) o[0] = 0, ++row;
  }
}

#define TW_ROWS(T)                                                                             \
  template void tap_rows(const ConvShape&, const T*, std::int64_t, std::int64_t, RowRange,     \
                         const T**, const T*) noexcept;                                        \
  template void window_rows(const ConvShape&, const T*, std::int64_t, RowRange, const T**, T*, \
                            const T*) noexcept;                                                \
  template void output_rows(const ConvPlan&, T*, RowRange, T**) noexcept;
TW_ROWS(float)
TW_ROWS(double)
TW_ROWS(std::uint8_t)
#undef TW_ROWS

}  // namespace tw
