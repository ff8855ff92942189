#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// Where the outputs along one axis come from: between lower[i] and upper[i], at weight[i] of the
// way. Places are in elements and already scaled by the pixel's size.
struct ResizeAxis {
  const std::int64_t* lower;
  const std::int64_t* upper;
  const float* weight;
  std::int64_t size;  // outputs
};

// y[i, c] between the pixels of one row of x; pixels have `channels` elements.
using ResizeRow = void (*)(float* y, const void* x, const ResizeAxis& axis,
                           std::int64_t channels) noexcept;
// dtype: numeric.
ResizeRow resize_row(DType dtype) noexcept;

// y = top + (bottom - top) * weight, n elements; y may be neither.
void blend_rows(float* y, const float* top, const float* bottom, float weight,
                std::int64_t n) noexcept;

// The transpose of both: adds dy[n_out row] * scale to the pixels of one row of dx.
void spread_row(float* dx, const float* dy, const ResizeAxis& axis, std::int64_t channels,
                float scale) noexcept;

}  // namespace tw
