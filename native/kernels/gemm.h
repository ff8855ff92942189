#pragma once

#include <cstdint>

#include "kernels/block_epilogue.h"
#include "kernels/pack.h"

namespace tw {

// c (m x n) = a (m x k) * b (k x n), rows a_stride and c_stride elements apart. The elements of a
// row of a are a_step apart.
struct GemmShape {
  std::int64_t m, n, k;
  std::int64_t a_stride, c_stride;
  std::int64_t b_stride = 0;  // as MatrixView's; unused when b is packed
  bool b_packed = false;      // by pack_matrix
  bool b_transposed = false;
  std::int64_t batch = 1;     // products of this shape that one parallel_for runs
  std::int64_t a_step = 1;
  std::int64_t threads = 16;  // at most, that will share the tasks
  // a is stored as k x m, rows a_stride apart: tasks copy their part of it, slice by slice.
  bool a_transposed = false;
};

// How a product is split. Every task computes its own part of c from beginning to end, each
// element as one chain in the order of k, so the split never changes a bit.
struct GemmPlan {
  enum class Route {
    kTiles,  // packed panels, packed on the way when b is not
    kRow,    // m == 1, b stored by rows: y += a[k] * b[k]
    kDots,   // m == 1, b stored by columns, or n == 1: one dot product per element
  };
  GemmShape shape;
  Route route;
  std::int64_t row_block, column_block;  // of one task; columns are a multiple of the panel
  std::int64_t column_blocks, tasks;     // tasks of one product
  std::int64_t scratch;                  // elements that gemm_task needs, per worker
};

// For float and double.
template <class T>
GemmPlan gemm_plan(const GemmShape& shape) noexcept;

template <class T>
struct GemmOperands {
  const T* a;
  const T* b;  // packed panels or the matrix itself
  T* c;
  BlockEpilogue<T> epilogue;
};

// task in [0, plan.tasks). scratch is 64-byte aligned and may be null when plan.scratch is 0.
template <class T>
void gemm_task(const GemmPlan& plan, const GemmOperands<T>& operands, std::int64_t task,
               T* scratch) noexcept;

}  // namespace tw
