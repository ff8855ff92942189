#include "kernels/integer_tile.h"

#include <utility>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/integer_tile.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/integer_finish.h"
#include "kernels/integer_dot.h"

namespace tw::KERNEL_ISA {

// Four bytes of a row in every lane.
static VEC_FN Sums four_bytes(const std::uint8_t* p) noexcept {
  std::int32_t bits;
  __builtin_memcpy(&bits, p, 4);
  return splat<Sums>(bits);
}
// The last n of a row, fewer than four.
static VEC_FN Sums last_bytes(const std::uint8_t* p, std::int64_t n) noexcept {
  std::int32_t bits = p[0];
  if (n > 1) bits |= p[1] << 8;
  if (n > 2) bits |= p[2] << 16;
  return splat<Sums>(bits);
}

#if KERNEL_BYTES == 64
static constexpr int kVectors = 4;
#else
static constexpr int kVectors = 2;
#endif

struct IntegerPlace {
  std::int64_t row, column;  // within the block
  const std::int8_t* panel;
  int tail;  // valid lanes of the last vector
};

template <class Dot, int R, int Vn>
static VEC_FN void multiply_tap(const std::uint8_t* const* rows, std::int64_t depth,
                                const std::int8_t*& panel, Sums (&sums)[R][Vn]) noexcept {
  constexpr int kBytes = KERNEL_BYTES;
  const std::uint8_t* x[R];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) x[r] = rows[r];
  std::int64_t d = 0;
  for (; d + 4 <= depth; d += 4, panel += Vn * kBytes) {
    typename Dot::Weights w[Vn];
#pragma GCC unroll 8
    for (int v = 0; v < Vn; ++v) w[v] = Dot::weights(panel + v * kBytes);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const typename Dot::Values value = Dot::values(four_bytes(x[r] + d));
#pragma GCC unroll 8
      for (int v = 0; v < Vn; ++v) sums[r][v] = Dot::add(sums[r][v], value, w[v]);
    }
  }
  if (d == depth) return;
  for (int v = 0; v < Vn; ++v, panel += kBytes) {
    const typename Dot::Weights w = Dot::weights(panel);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const typename Dot::Values value = Dot::values(last_bytes(x[r] + d, depth - d));
      sums[r][v] = Dot::add(sums[r][v], value, w);
    }
  }
}

// Sums [rows][vectors] of a tile become results, a column of vectors at a time. Not inlined: in the
// midst of a tile its branches would push the sums out of registers one by one.
__attribute__((noinline)) static void finish_tile(const IntegerBlock& b, const IntegerPlace& t,
                                                  const Sums* sums, int rows,
                                                  int vectors) noexcept {
  constexpr int L = kLanes<std::int32_t>;
  const Finish finish(*b.finish);
  const std::int64_t stride = b.out_stride;
  for (int v = 0; v < vectors; ++v) {
    const std::int64_t column = t.column + v * L, at = t.row * stride + column;
    if (v < vectors - 1 || t.tail == L) {
      finish.put_column(sums + v, vectors, rows, b.column + column, t.row, b.out, at, stride);
      continue;
    }
    for (int r = 0; r < rows; ++r) {
      finish.put(sums[r * vectors + v], t.row + r, b.column + column, t.tail, b.out,
                 at + r * stride);
    }
  }
}

template <class Dot, int R, int Vn>
static void integer_tile(const IntegerBlock& b, const IntegerPlace& t) noexcept {
  Sums sums[R][Vn];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < Vn; ++v) sums[r][v] = Sums{};
  }
  const std::int8_t* panel = t.panel;
  const std::uint8_t* const* rows = b.rows + t.row;
  for (std::int64_t tap = 0; tap < b.taps; ++tap, rows += b.tap_stride) {
    multiply_tap<Dot, R, Vn>(rows, b.depth, panel, sums);
  }
  Sums done[R * Vn];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < Vn; ++v) done[r * Vn + v] = sums[r][v];
  }
  finish_tile(b, t, done, R, Vn);
}

using IntegerTileFn = void (*)(const IntegerBlock&, const IntegerPlace&) noexcept;

// By vectors and rows, each less one.
template <class Dot>
struct IntegerTable {
  IntegerTileFn tiles[kVectors][Dot::kRows];
};

template <class Dot, int Vn, int... R>
static constexpr void fill_integer_rows(IntegerTable<Dot>& table,
                                        std::integer_sequence<int, R...>) {
  ((table.tiles[Vn][R] = integer_tile<Dot, R + 1, Vn + 1>), ...);
}

template <class Dot, int... Vn>
static constexpr IntegerTable<Dot> make_integer_table(std::integer_sequence<int, Vn...>) {
  IntegerTable<Dot> table{};
  (fill_integer_rows<Dot, Vn>(table, std::make_integer_sequence<int, Dot::kRows>{}), ...);
  return table;
}

template <class Dot>
static constexpr IntegerTable<Dot> kIntegerTable =
    make_integer_table<Dot>(std::make_integer_sequence<int, kVectors>{});

static constexpr std::int64_t integer_vectors = kVectors;
static constexpr std::int64_t pair_rows = PairDot::kRows;
static constexpr std::int64_t integer_width = kVectors * kLanes<std::int32_t>;

template <class Dot>
static void integer_run(const IntegerBlock& b) noexcept {
  constexpr int L = kLanes<std::int32_t>;
  const std::int8_t* panel = b.panels;
  for (std::int64_t column = 0; column < b.columns;
       column += integer_width, panel += b.panel_stride) {
    const std::int64_t left = b.columns - column;
    const int n = static_cast<int>(left < integer_width ? left : integer_width);
    const int vectors = (n + L - 1) / L;
    IntegerPlace t{0, column, panel, n - (vectors - 1) * L};
    const std::int64_t tiles = (b.row_count + Dot::kRows - 1) / Dot::kRows;
    for (std::int64_t i = 0; i < tiles; ++i) {
      const std::int64_t rows = (b.row_count - t.row + tiles - i - 1) / (tiles - i);
      kIntegerTable<Dot>.tiles[vectors - 1][rows - 1](b, t);
      t.row += rows;
    }
  }
}

static void integer_any(const IntegerBlock& b) noexcept {
#if KERNEL_BYTES == 64
  if (has_vnni()) return integer_run<VnniDot>(b);
#endif
  integer_run<PairDot>(b);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void integer_block(const IntegerBlock& block) noexcept { KERNEL_SELECT(integer_any)(block); }

std::int64_t integer_panel() noexcept { return KERNEL_SELECT(integer_width); }

std::int64_t integer_rows() noexcept { return has_vnni() ? 6 : KERNEL_SELECT(pair_rows); }

std::int64_t integer_panel_bytes(std::int64_t taps, std::int64_t depth) noexcept {
  return taps * ((depth + 3) / 4) * 4 * integer_panel();
}

std::int64_t integer_packed_size(std::int64_t taps, std::int64_t depth, std::int64_t n) noexcept {
  return (n + integer_panel() - 1) / integer_panel() * integer_panel_bytes(taps, depth);
}

// Four bytes of the depth for each column of a panel; beyond the matrix zeros.
static void pack_group(const IntegerMatrix& b, std::int64_t k, std::int64_t count,
                       std::int64_t column, std::int64_t n, std::int64_t width,
                       std::int8_t* out, std::int32_t* sums) noexcept {
  for (std::int64_t j = 0; j < width; ++j) {
    for (std::int64_t i = 0; i < 4; ++i) {
      std::int8_t value = 0;
      if (column + j < n && i < count) {
        const std::int64_t at = (k + i) * b.k_stride + (column + j) * b.n_stride;
        value = static_cast<std::int8_t>(b.data[at] ^ b.flip);
        sums[column + j] += value;
      }
      out[4 * j + i] = value;
    }
  }
}

void integer_pack(const IntegerMatrix& b, std::int64_t taps, std::int64_t depth, std::int64_t n,
                  std::int8_t* packed, std::int32_t* sums) noexcept {
  const std::int64_t panel = integer_panel(), lanes = panel / (KERNEL_SELECT(integer_vectors));
  for (std::int64_t j = 0; j < n; ++j) sums[j] = 0;
  for (std::int64_t column = 0; column < n; column += panel) {
    const std::int64_t left = n - column < panel ? n - column : panel;
    const std::int64_t width = (left + lanes - 1) / lanes * lanes;
    std::int8_t* out = packed + column / panel * integer_panel_bytes(taps, depth);
    for (std::int64_t tap = 0; tap < taps; ++tap) {
      for (std::int64_t d = 0; d < depth; d += 4, out += 4 * width) {
        pack_group(b, tap * depth + d, depth - d < 4 ? depth - d : 4, column, n, width, out, sums);
      }
    }
  }
}

}  // namespace tw
#endif
