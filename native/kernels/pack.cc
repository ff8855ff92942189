#include "kernels/pack.h"

#include <algorithm>
#include <cstring>

#include "kernels/tile_block.h"

namespace tw {
namespace {

typedef float Quad __attribute__((vector_size(16), aligned(4), may_alias));

inline Quad load_quad(const float* p) noexcept { return *reinterpret_cast<const Quad*>(p); }

inline void transpose_quads(const Quad* row, float* out, std::int64_t out_stride) noexcept {
  const Quad a = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
  const Quad b = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
  const Quad c = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
  const Quad d = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
  const auto put = [&](int i, Quad q) { *reinterpret_cast<Quad*>(out + i * out_stride) = q; };
  put(0, __builtin_shufflevector(a, b, 0, 1, 4, 5));
  put(1, __builtin_shufflevector(a, b, 2, 3, 6, 7));
  put(2, __builtin_shufflevector(c, d, 0, 1, 4, 5));
  put(3, __builtin_shufflevector(c, d, 2, 3, 6, 7));
}

template <class T>
void transpose_scalar(const T* in, std::int64_t in_stride, std::int64_t rows, std::int64_t columns,
                      T* out, std::int64_t out_stride) noexcept {
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) out[c * out_stride + r] = in[r * in_stride + c];
  }
}

// A square that keeps both sides within L1.
constexpr std::int64_t kSquare = 64;

template <class T>
void transpose_square(const T* in, std::int64_t in_stride, std::int64_t rows, std::int64_t columns,
                      T* out, std::int64_t out_stride) noexcept {
  if constexpr (sizeof(T) == 4) {
    const std::int64_t rows4 = rows & ~std::int64_t{3}, columns4 = columns & ~std::int64_t{3};
    for (std::int64_t r = 0; r < rows4; r += 4) {
      for (std::int64_t c = 0; c < columns4; c += 4) {
        Quad quads[4];
        for (int i = 0; i < 4; ++i) quads[i] = load_quad(in + (r + i) * in_stride + c);
        transpose_quads(quads, out + c * out_stride + r, out_stride);
      }
    }
    transpose_scalar(in + columns4, in_stride, rows4, columns - columns4,
                     out + columns4 * out_stride, out_stride);
    transpose_scalar(in + rows4 * in_stride, in_stride, rows - rows4, columns, out + rows4,
                     out_stride);
  } else {
    transpose_scalar(in, in_stride, rows, columns, out, out_stride);
  }
}

// Short pieces of rows are no stream that the processor would foresee.
constexpr std::int64_t kRowsAhead = 8;

}  // namespace

template <class T>
std::int64_t panel_count(std::int64_t n) noexcept {
  const int full = tile_shape<T>().panel;
  return (n + full - 1) / full;
}

template <class T>
std::int64_t panel_width(std::int64_t n, std::int64_t panel) noexcept {
  const TileShape shape = tile_shape<T>();
  const std::int64_t left = std::min<std::int64_t>(n - panel * shape.panel, shape.panel);
  const int half = shape.lanes / 2;
  if (shape.narrow && left <= half) return half;
  if (shape.narrow && left > shape.lanes && left <= shape.lanes + half) return shape.lanes + half;
  return (left + shape.lanes - 1) / shape.lanes * shape.lanes;
}

template <class T>
std::int64_t packed_size(std::int64_t k, std::int64_t n) noexcept {
  const std::int64_t whole = n / tile_shape<T>().panel, columns = whole * tile_shape<T>().panel;
  return k * (columns + (n > columns ? panel_width<T>(n, whole) : 0));
}

template <class T>
void transpose_block(const T* in, std::int64_t in_stride, std::int64_t rows, std::int64_t columns,
                     T* out, std::int64_t out_stride) noexcept {
  for (std::int64_t r = 0; r < rows; r += kSquare) {
    for (std::int64_t c = 0; c < columns; c += kSquare) {
      transpose_square(in + r * in_stride + c, in_stride, std::min(kSquare, rows - r),
                       std::min(kSquare, columns - c), out + c * out_stride + r, out_stride);
    }
  }
}

template <class T>
void transpose_rows(const T* const* rows, std::int64_t count, std::int64_t columns, T* out,
                    std::int64_t out_stride) noexcept {
  std::int64_t r = 0;
  if constexpr (sizeof(T) == 4) {
    const std::int64_t whole = columns & ~std::int64_t{3};
    for (; r + 4 <= count; r += 4) {
      for (std::int64_t c = 0; c < whole; c += 4) {
        Quad quads[4];
        for (int i = 0; i < 4; ++i) quads[i] = load_quad(rows[r + i] + c);
        transpose_quads(quads, out + c * out_stride + r, out_stride);
      }
      for (std::int64_t c = whole; c < columns; ++c) {
        for (int i = 0; i < 4; ++i) out[c * out_stride + r + i] = rows[r + i][c];
      }
    }
  }
  for (; r < count; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) out[c * out_stride + r] = rows[r][c];
  }
}

template <class T>
void pack_panel(const MatrixView<T>& b, std::int64_t n, std::int64_t panel, std::int64_t k_begin,
                std::int64_t k_end, T* out) noexcept {
  const std::int64_t full = tile_shape<T>().panel, width = panel_width<T>(n, panel);
  const std::int64_t first = panel * full, valid = std::min(full, n - first);
  if (b.transposed) {
    transpose_block(b.data + first * b.stride + k_begin, b.stride, valid, k_end - k_begin, out,
                    width);
  }
  for (std::int64_t k = k_begin; k < k_end; ++k, out += width) {
    if (!b.transposed) {
      const T* row = b.data + k * b.stride + first;
      constexpr std::int64_t line = 64 / sizeof(T);
      for (std::int64_t j = 0; j < valid; j += line) {
        __builtin_prefetch(row + kRowsAhead * b.stride + j);
      }
      std::memcpy(out, row, valid * sizeof(T));
    }
    for (std::int64_t j = valid; j < width; ++j) out[j] = T{};
  }
}

template <class T>
void pack_matrix(const MatrixView<T>& b, std::int64_t k, std::int64_t n, T* out) noexcept {
  const std::int64_t full = tile_shape<T>().panel, panels = panel_count<T>(n);
  for (std::int64_t p = 0; p < panels; ++p) pack_panel(b, n, p, 0, k, out + p * k * full);
}

#define TW_PACK(T)                                                                             \
  template std::int64_t panel_count<T>(std::int64_t) noexcept;                                 \
  template std::int64_t panel_width<T>(std::int64_t, std::int64_t) noexcept;                   \
  template std::int64_t packed_size<T>(std::int64_t, std::int64_t) noexcept;                   \
  template void pack_panel(const MatrixView<T>&, std::int64_t, std::int64_t, std::int64_t,     \
                           std::int64_t, T*) noexcept;                                         \
  template void transpose_rows(const T* const*, std::int64_t, std::int64_t, T*, std::int64_t)  \
      noexcept;                                                                                \
  template void pack_matrix(const MatrixView<T>&, std::int64_t, std::int64_t, T*) noexcept;
#define TW_TRANSPOSE(T)                                                                        \
  template void transpose_block(const T*, std::int64_t, std::int64_t, std::int64_t, T*,        \
                                std::int64_t) noexcept;
TW_PACK(float)
TW_PACK(double)
TW_TRANSPOSE(float)
TW_TRANSPOSE(double)
TW_TRANSPOSE(std::uint8_t)
TW_TRANSPOSE(std::uint16_t)
#undef TW_PACK
#undef TW_TRANSPOSE

}  // namespace tw
