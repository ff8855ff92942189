#include "ops/linalg/compute.h"

#include <algorithm>

#include "kernels/tile_block.h"

namespace tw {
namespace {

constexpr std::int64_t kChunk = 16384;

template <class Body>
void in_chunks(OpContext& c, std::int64_t size, Body body) {
  c.parallel_for((size + kChunk - 1) / kChunk, [&](std::int64_t chunk, int) {
    for (std::int64_t i = chunk * kChunk; i < std::min(size, (chunk + 1) * kChunk); ++i) body(i);
  });
}

}  // namespace

template <class T>
const T* compute_input(OpContext& c, const Tensor& x) {
  if (computes_directly(x.dtype())) return x.data<T>();
  T* out = c.temporary_of<T>(x.size());
  if (x.dtype() == DType::kFloat16) {
    in_chunks(c, x.size(), [&](std::int64_t i) { out[i] = to_float(x.data<Half>()[i]); });
  } else {
    in_chunks(c, x.size(), [&](std::int64_t i) { out[i] = to_float(x.data<BFloat16>()[i]); });
  }
  return out;
}

template <class T>
T* compute_output(OpContext& c, Tensor& y) {
  return computes_directly(y.dtype()) ? y.mutable_data<T>() : c.temporary_of<T>(y.size());
}

template <class T>
void finish_output(OpContext& c, const T* computed, Tensor& y) {
  if (y.dtype() == DType::kFloat16) {
    auto* out = y.mutable_data<Half>();
    in_chunks(c, y.size(), [&](std::int64_t i) { out[i] = to_half(float(computed[i])); });
  } else if (y.dtype() == DType::kBFloat16) {
    auto* out = y.mutable_data<BFloat16>();
    in_chunks(c, y.size(), [&](std::int64_t i) { out[i] = to_bfloat16(float(computed[i])); });
  }
}

template <class T>
void transpose_all(OpContext& c, const T* in, std::int64_t batch, std::int64_t rows,
                   std::int64_t columns, T* out, std::int64_t stride) {
  if (rows * columns == 0) return;
  if (stride == 0) stride = rows;
  const std::int64_t block = std::max<std::int64_t>(1, 4 * kChunk / columns);
  const std::int64_t blocks = (rows + block - 1) / block;
  c.parallel_for(batch * blocks, [&](std::int64_t task, int) {
    const std::int64_t b = task / blocks, row = task % blocks * block;
    transpose_block(in + (b * rows + row) * columns, columns, std::min(block, rows - row), columns,
                    out + b * stride * columns + row, stride);
  });
}

template <class T>
void pack_all(OpContext& c, const MatrixView<T>& matrix, std::int64_t k, std::int64_t n, T* out) {
  const std::int64_t full = tile_shape<T>().panel;
  c.parallel_for(panel_count<T>(n), [&](std::int64_t panel, int) {
    pack_panel(matrix, n, panel, 0, k, out + panel * full * k);
  });
}

#define TW_TRANSPOSE(T)                                                                       \
  template void transpose_all<T>(OpContext&, const T*, std::int64_t, std::int64_t,            \
                                 std::int64_t, T*, std::int64_t);
#define TW_COMPUTE(T)                                                                         \
  TW_TRANSPOSE(T)                                                                             \
  template const T* compute_input<T>(OpContext&, const Tensor&);                              \
  template T* compute_output<T>(OpContext&, Tensor&);                                         \
  template void finish_output<T>(OpContext&, const T*, Tensor&);                              \
  template void pack_all<T>(OpContext&, const MatrixView<T>&, std::int64_t, std::int64_t, T*);
TW_COMPUTE(float)
TW_COMPUTE(double)
TW_TRANSPOSE(std::uint8_t)
TW_TRANSPOSE(std::uint16_t)
#undef TW_COMPUTE
#undef TW_TRANSPOSE

}  // namespace tw
