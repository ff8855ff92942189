#pragma once

#include "kernels/block_epilogue.h"
#include "kernels/conv_shape.h"

namespace tw {

// How a convolution is split and which rows its tiles read. As with gemm, each output element is
// one chain in the order (tap, channel), whatever the split.
struct ConvPlan {
  ConvShape shape;
  // Where outputs go: pixel o of dim d is pixel out_first[d] + o * out_step[d] of a tensor of size
  // out_size[d]. All of y unless a transposed convolution is done phase by phase.
  std::array<std::int64_t, 3> out_first, out_step, out_size;
  bool windows;                          // rows are whole rows of taps, else single taps
  bool lines;                            // windows that conv_line computes, line by line
  std::int64_t taps, depth;              // of the row table
  std::int64_t row_block, column_block;  // of one task, within one group
  std::int64_t row_blocks, column_blocks, tasks;
  std::int64_t scratch;                  // elements that conv_task needs, per worker
};

// For float and double.
template <class T>
ConvPlan conv_plan(const ConvShape& shape) noexcept;

// Weights are packed group by group as matrices of taps * group_in rows.
template <class T>
std::int64_t conv_packed_size(const ConvShape& shape) noexcept;
template <class T>
void conv_pack(const ConvShape& shape, const T* weights, T* packed) noexcept;

template <class T>
struct ConvOperands {
  const T* x;
  const T* packed;
  T* y;
  BlockEpilogue<T> epilogue;  // rows are output pixels; the program needs all of y in one plan
};

// task in [0, plan.tasks); scratch is 64-byte aligned.
template <class T>
void conv_task(const ConvPlan& plan, const ConvOperands<T>& operands, std::int64_t task,
               T* scratch) noexcept;

}  // namespace tw
