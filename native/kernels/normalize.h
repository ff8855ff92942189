#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// Rows of float16, bfloat16, float32 or float64, computed in float or double:
//   y = (x - mean) / sqrt(variance + epsilon) * scale + offset
// with the mean and variance of the row; without `centred`, mean is 0 and the variance is the mean
// of the squares. scale and offset hold `depth` elements or are null. y may be x. Sums within 64
// steps of a lane are in the dtype that is computed in, sums of those in double.
void normalize_rows(DType dtype, bool centred, void* y, const void* x, const void* scale,
                    const void* offset, double epsilon, std::int64_t rows,
                    std::int64_t depth) noexcept;

// Along each row; y is not x:
//   y = x / (bias + alpha * sum of squares of the 2 radius + 1 elements around it) ^ beta
void local_response_rows(DType dtype, void* y, const void* x, std::int64_t radius, double bias,
                         double alpha, double beta, std::int64_t rows, std::int64_t depth) noexcept;

}  // namespace tw
