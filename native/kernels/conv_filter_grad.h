#pragma once

#include "kernels/conv_shape.h"

namespace tw {

// The gradient of a convolution's filter, dw [kernel..., in_channels / groups, out_channels]: each
// task computes some (tap, channel) rows of one group over the pixels of one segment, in their
// order. Segments follow from the shape alone and are added in their order, so that the number of
// threads changes no bit.
struct FilterGradPlan {
  ConvShape shape;
  std::int64_t row_block, row_blocks, tasks;
  std::int64_t segments, segment_pixels;
  std::int64_t partial;  // elements of the sums of all segments but the first
  std::int64_t scratch;  // elements per worker
};

// For float and double. `threads` decides how the rows are dealt out.
template <class T>
FilterGradPlan filter_grad_plan(const ConvShape& shape, int threads) noexcept;
template <class T>
void filter_grad_task(const FilterGradPlan& plan, const T* x, const T* dy, std::int64_t task,
                      T* dw, T* partial, T* scratch) noexcept;
// After all tasks: adds the other segments to dw.
template <class T>
void add_filter_segments(const FilterGradPlan& plan, const T* partial, T* dw) noexcept;

}  // namespace tw
