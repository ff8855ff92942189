#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// The gradients of `rows` rows of normalize_rows, of the same dtypes:
//   dx = (g - mean(g) - v mean(g v)) / sqrt(variance + epsilon) with g = dy * scale
// where v is the normalised row; without `centred` the mean of g is left out. scale may be null,
// dx may be dy or null. Adds dy * v to scale_sums and dy to offset_sums, where they are not null:
// `depth` doubles (of float64) or floats (of the others).
void normalize_rows_grad(DType dtype, bool centred, void* dx, const void* dy, const void* x,
                         const void* scale, double epsilon, std::int64_t rows, std::int64_t depth,
                         void* scale_sums, void* offset_sums) noexcept;

// y[i], of `dtype`, is the sum of `parts` partial sums, one every `stride` elements, added up in
// double and in order; for elements [first, last).
void add_parts(DType dtype, void* y, const void* parts, std::int64_t count, std::int64_t stride,
               std::int64_t first, std::int64_t last) noexcept;

}  // namespace tw
