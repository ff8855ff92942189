#include <algorithm>

#include "kernels/reduce.h"

namespace tw {
namespace {

constexpr std::int64_t kPart = 1 << 16;  // elements

}  // namespace

std::int64_t ReduceGeometry::unit_columns(std::int64_t unit) const noexcept {
  return std::min(kChunk, columns - unit % chunks * kChunk);
}

ReduceGeometry reduce_geometry(std::span<const std::int64_t> dims, const bool* reduced) noexcept {
  struct Dim {
    std::int64_t size, stride;
    bool reduced;
  };
  Dim merged[ReduceGeometry::kMost];
  int rank = 0;
  std::int64_t stride = 1;
  for (int i = static_cast<int>(dims.size()) - 1; i >= 0; --i) {
    if (dims[i] != 1) {
      if (rank > 0 && merged[rank - 1].reduced == reduced[i]) {
        merged[rank - 1].size *= dims[i];
      } else {
        merged[rank++] = {dims[i], stride, reduced[i]};
      }
    }
    stride *= dims[i];
  }
  // merged[0] is the innermost.
  ReduceGeometry g;
  int next = 0;
  if (rank > 0 && !merged[0].reduced) g.columns = merged[next++].size;
  if (next < rank) {
    g.main = merged[next].size;
    g.main_stride = merged[next++].stride;
  }
  for (int i = rank - 1; i >= next; --i) {
    if (merged[i].reduced) {
      g.outer_dims[g.outer_rank] = merged[i].size;
      g.outer_strides[g.outer_rank++] = merged[i].stride;
      g.outer *= merged[i].size;
    } else {
      g.kept_dims[g.kept_rank] = merged[i].size;
      g.kept_strides[g.kept_rank++] = merged[i].stride;
      g.units *= merged[i].size;
    }
  }
  g.outputs = g.units * g.columns;
  g.chunks = (g.columns + ReduceGeometry::kChunk - 1) / ReduceGeometry::kChunk;
  g.units *= g.chunks;
  g.count = g.outer * g.main;
  // Where there are no elements, dims of any size beside the 0 must not be walked.
  if (g.count == 0) g.outer_rank = 0, g.outer = 1, g.main = 0;
  const std::int64_t wide = std::min(g.columns, ReduceGeometry::kChunk);
  if (g.units > 0 && g.units < 16 && g.main * wide > 2 * kPart) {
    g.parts = (g.main * wide + kPart - 1) / kPart;
  }
  return g;
}

}  // namespace tw
