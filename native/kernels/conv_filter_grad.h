#pragma once

#include "kernels/conv_shape.h"

namespace tw {

// The gradient of a convolution's filter, dw [kernel..., in_channels / groups, out_channels]: each
// task computes some (tap, channel) rows of one group over all pixels, in their order.
struct FilterGradPlan {
  ConvShape shape;
  std::int64_t row_block, row_blocks, tasks;
  std::int64_t scratch;  // elements per worker
};

// For float and double.
template <class T>
FilterGradPlan filter_grad_plan(const ConvShape& shape) noexcept;
template <class T>
void filter_grad_task(const FilterGradPlan& plan, const T* x, const T* dy, std::int64_t task,
                      T* dw, T* scratch) noexcept;

}  // namespace tw
