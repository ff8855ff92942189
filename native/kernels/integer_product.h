#pragma once

#include "kernels/conv_shape.h"
#include "kernels/integer_tile.h"

namespace tw {

// A product of matrices or a convolution on bytes: how it is split and which rows its tiles read.
// A product of m x k with k x n is the convolution of m pixels of k channels with one tap.
struct IntegerPlan {
  ConvShape shape;
  bool windows;                // rows of the table are whole rows of taps, else single taps
  std::int64_t taps, depth;    // of the table
  std::int64_t table_rows;     // output pixels that one table covers
  std::int64_t row_block, column_block;
  std::int64_t row_blocks, column_blocks, tasks;
  std::int64_t copies;         // bytes of scratch for windows, per worker
};

IntegerPlan integer_plan(const ConvShape& shape) noexcept;
ConvShape integer_product_shape(std::int64_t m, std::int64_t n, std::int64_t k) noexcept;

// Packed weights go group by group, each as integer_packed_size(taps, depth, group_out) bytes.
std::int64_t integer_weights_size(const IntegerPlan& plan) noexcept;
// Weights [taps * group_in][out_channels], of which element (k, j) of group g is
// data[k * k_stride + (g * group_out + j) * n_stride]. sums: by output channel.
void integer_weights(const IntegerPlan& plan, const IntegerMatrix& weights, std::int8_t* packed,
                     std::int32_t* sums) noexcept;

struct IntegerOperands {
  const std::uint8_t* x;        // channels last
  const std::uint8_t* outside;  // what stands for padding: a row of taps with all its channels
  const std::int8_t* packed;
  void* y;
  std::int64_t y_size;          // bytes of an element
  IntegerFinish finish;         // row_sums is made by the task when there is a factor
};

// Pointers of a worker's row table, and bytes of its windows.
struct IntegerScratch {
  const std::uint8_t** table;  // plan.taps * plan.table_rows
  std::uint8_t* copies;        // plan.copies
};

// task in [0, plan.tasks).
void integer_task(const IntegerPlan& plan, const IntegerOperands& operands, std::int64_t task,
                  const IntegerScratch& scratch) noexcept;

}  // namespace tw
