#pragma once

#include "graph/op_context.h"

namespace tw {

// The mean and variance of x over the axes marked in `reduced`, which stay as dims of 1; float32
// for half types. They live until the kernel returns.
struct Moments {
  Tensor mean, variance;
};
Moments moments(OpContext& c, const Tensor& x, const bool* reduced);

// y = (x - mean) / sqrt(variance + epsilon) * scale + offset, all broadcast to the shape of x and
// y; undefined scale or offset: 1 or 0.
void normalize(OpContext& c, const Tensor& x, const Moments& m, const Tensor& scale,
               const Tensor& offset, double epsilon, const Tensor& y);

// A tensor until the kernel returns.
Tensor temporary_tensor(OpContext& c, DType dtype, const Shape& shape);

}  // namespace tw
