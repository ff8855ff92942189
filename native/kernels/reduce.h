#pragma once

#include <cstdint>
#include <span>

#include "tensor/dtype.h"

namespace tw {

enum class Reduce { kSum, kMean, kProd, kMin, kMax, kLogSumExp };

// A reduction over any axes, as loops: kept dims, reduced dims, and the main reduced dim, which
// steps either by single elements (columns = 1) or by rows of `columns` kept elements.
struct ReduceGeometry {
  static constexpr int kMost = 12;
  static constexpr std::int64_t kChunk = 128;  // columns of one unit

  int kept_rank = 0, outer_rank = 0;
  std::int64_t kept_dims[kMost], kept_strides[kMost];
  std::int64_t outer_dims[kMost], outer_strides[kMost];
  std::int64_t outer = 1;  // product of outer_dims
  std::int64_t main = 1, main_stride = 1;
  std::int64_t columns = 1;
  std::int64_t chunks = 1;   // of the columns
  std::int64_t units = 1;    // independent outputs (of up to kChunk columns each)
  std::int64_t parts = 1;    // of the main dim; does not depend on the number of threads
  std::int64_t outputs = 1;  // elements
  std::int64_t count = 1;    // elements that make one output

  std::int64_t tasks() const noexcept { return units * parts; }
  std::int64_t unit_columns(std::int64_t unit) const noexcept;
};

// reduced[i]: whether axis i goes away.
ReduceGeometry reduce_geometry(std::span<const std::int64_t> dims, const bool* reduced) noexcept;

// What one output has come to so far. Sums of floating elements are kept in double: within blocks
// of 64 elements per lane, or of 512 rows (four by four), they are added in the dtype, then the
// block sums in double.
struct alignas(16) ReduceState {
  char bytes[16];
};

// Reduces part `task % parts` of unit `task / parts` to unit_columns(unit) states. Bool counts as
// uint8. Integer sums and products wrap; min and max propagate NaN.
void reduce_part(Reduce kind, DType dtype, const ReduceGeometry& g, const void* x,
                 std::int64_t task, ReduceState* states) noexcept;
// Combines the states of all parts of a unit, `stride` states apart, and writes its outputs.
void reduce_finish(Reduce kind, DType dtype, const ReduceGeometry& g, std::int64_t unit,
                   const ReduceState* states, std::int64_t stride, void* y) noexcept;

}  // namespace tw
