#pragma once

#include <cstdint>

namespace tw {

// The right-hand matrix of a product, before packing: element (k, n) at
// data[k * stride + n], or data[n * stride + k] when transposed.
template <class T>
struct MatrixView {
  const T* data;
  std::int64_t stride;
  bool transposed = false;
};

// Sizes of a packed k x n matrix (layout: TileShape in tile_block.h), for float and double.
template <class T>
std::int64_t panel_count(std::int64_t n) noexcept;
template <class T>
std::int64_t panel_width(std::int64_t n, std::int64_t panel) noexcept;
template <class T>
std::int64_t packed_size(std::int64_t k, std::int64_t n) noexcept;

// Packs rows [k_begin, k_end) of panel `panel` of a matrix with n columns into
// out[k_end - k_begin][panel_width]. `out` of panel p of a whole matrix is p * k * full width.
template <class T>
void pack_panel(const MatrixView<T>& b, std::int64_t n, std::int64_t panel, std::int64_t k_begin,
                std::int64_t k_end, T* out) noexcept;

// All panels of a k x n matrix, one after the other.
template <class T>
void pack_matrix(const MatrixView<T>& b, std::int64_t k, std::int64_t n, T* out) noexcept;

// out[c][r] = in[r][c] for r < rows, c < columns. T: float, double, uint8_t, uint16_t, standing
// for all types of their sizes.
template <class T>
void transpose_block(const T* in, std::int64_t in_stride, std::int64_t rows, std::int64_t columns,
                     T* out, std::int64_t out_stride) noexcept;

// out[c][r] = rows[r][c] for r < count, c < columns. float and double.
template <class T>
void transpose_rows(const T* const* rows, std::int64_t count, std::int64_t columns, T* out,
                    std::int64_t out_stride) noexcept;

}  // namespace tw
