#pragma once

#include "kernels/conv.h"

namespace tw {

// The depth that zero rows serve; no row of a convolution's table is longer.
constexpr std::int64_t kMaxRow = 2304;

// Output pixels [row, row + count), counted through the whole batch.
struct RowRange {
  std::int64_t row, count;
};

// rows[i] = where the input lies under one tap, for each output pixel of the range: channels from
// `channel` on, or `outside` (as long as a row; null: zeros) when it falls into the padding.
// float, double and uint8_t.
template <class T>
void tap_rows(const ConvShape& shape, const T* x, std::int64_t channel, std::int64_t tap,
              RowRange range, const T** rows, const T* outside = nullptr) noexcept;

// The same for one row of taps: rows[i] = kernel width * in_channels contiguous elements. Windows
// that cross the left or right edge are copied to `copies`, which has room for one per pixel.
// Needs groups 1 and a dilation of 1 along the width. tap counts rows of taps.
template <class T>
void window_rows(const ConvShape& shape, const T* x, std::int64_t tap, RowRange range,
                 const T** rows, T* copies, const T* outside = nullptr) noexcept;

// out[i] = first channel of where each pixel of the range goes; see ConvPlan.
template <class T>
void output_rows(const ConvPlan& plan, T* y, RowRange range, T** out) noexcept;

}  // namespace tw
