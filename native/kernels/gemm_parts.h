#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/gemm.h"
#include "kernels/tile_block.h"

// What the plan of a product and its tasks have to see alike.
namespace tw {

inline std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Whether both operands of a dot product lie together, for a single column.
inline bool contiguous_column(const GemmShape& s) {
  const bool rows = s.a_step == 1 && !s.a_transposed;
  return s.n == 1 && !s.b_packed && rows && (s.b_transposed || s.b_stride == 1);
}

// Even parts of the depth, none above kMaxDepth; one empty part when k is 0.
inline std::int64_t depth_part(const GemmShape& s) {
  const std::int64_t parts = std::max<std::int64_t>(1, ceil_div(s.k, kMaxDepth));
  return std::max<std::int64_t>(1, ceil_div(s.k, parts));
}

// Rows a power of two apart would share cache sets while they are written.
inline std::int64_t copied_stride(std::int64_t depth) {
  return depth % 128 == 0 ? depth + 16 : depth;
}

}  // namespace tw
