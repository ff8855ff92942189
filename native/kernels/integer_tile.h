#pragma once

#include <cstdint>

namespace tw {

// What becomes of the 32-bit sums of an integer product. Column tables begin at the first column of
// the whole product, row tables at the first row of a block.
struct IntegerFinish {
  enum class Kind { kInt32, kByte, kFloat };
  Kind kind;
  const std::int32_t* offset;       // added to each sum, by column
  const std::int32_t* row_sums;     // null, or what `factor` by column is multiplied with, by row,
  const std::int32_t* factor;       // and taken off the sum
  const float* scale;               // by column; of all kinds but kInt32
  const float* bias;                // kFloat: added after scaling, by column, or null
  std::int32_t zero = 0;            // kByte: added after rounding
  float low = 0, high = 0;          // kByte: what the scaled sum is clamped to before rounding
};

// Rows of unsigned bytes given by pointers times a packed panel of signed ones, exact in 32 bits
// (which wrap):
//
//   sum[r][j] = sum over taps t, depth d of rows[t][r][d] * panel[t][d][j]
//
// Sums are rounded to the nearest, ties to even, when they become 8 bits.
struct IntegerBlock {
  const std::uint8_t* const* rows;  // rows[t * tap_stride + r]: `depth` contiguous elements
  std::int64_t tap_stride;
  std::int64_t taps, depth;
  std::int64_t row_count;
  const std::int8_t* panels;        // panel p starts at panels + p * panel_stride
  std::int64_t panel_stride;
  std::int64_t column, columns;     // of the product, a multiple of a panel from the first on
  void* out;                        // the element of the first row and column
  std::int64_t out_stride;          // elements between rows
  const IntegerFinish* finish;
};

void integer_block(const IntegerBlock& block) noexcept;

// Panels hold integer_panel() columns, the last one as many vectors as it needs: for each tap, its
// depth in groups of four (filled up with zeros), for each group the columns, four bytes each.
std::int64_t integer_panel() noexcept;
// Most rows of one tile.
std::int64_t integer_rows() noexcept;
std::int64_t integer_panel_bytes(std::int64_t taps, std::int64_t depth) noexcept;
std::int64_t integer_packed_size(std::int64_t taps, std::int64_t depth, std::int64_t n) noexcept;

// Packs a matrix [taps * depth][n] whose element (k, j) is data[k * k_stride + j * n_stride], each
// byte changed by xor with `flip`; sums[j] = the sum of column j as packed.
struct IntegerMatrix {
  const std::uint8_t* data;
  std::int64_t k_stride, n_stride;
  std::uint8_t flip;
};
void integer_pack(const IntegerMatrix& b, std::int64_t taps, std::int64_t depth, std::int64_t n,
                  std::int8_t* packed, std::int32_t* sums) noexcept;

}  // namespace tw
