#include "kernels/tile_block.h"

#include <utility>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/tile_block.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

#if KERNEL_BYTES == 64
static constexpr int kVectors = 4, kRows = 6;
#elif KERNEL_BYTES == 32
static constexpr int kVectors = 2, kRows = 6;
#else
static constexpr int kVectors = 2, kRows = 4;
#endif

// What changes from tile to tile of one block.
template <class T>
struct TilePlace {
  const T* const* rows;
  const T* panel;
  T* const* out;
  std::int64_t column;
  int tail;  // valid lanes of the last vector
};

// Keeps the compiler from folding the load into each use of v: few rows would then wait for loads.
template <int R, class V>
static VEC_FN V in_register(V v) noexcept {
#if defined(__x86_64__)
  if constexpr (R > 1) asm("" : "+v"(v));
#endif
  return v;
}

// R rows by Vn vectors of accumulators. `cut` is true for a vector whose lanes are not all valid.
template <class T, int R, int Vn>
struct Tile {
  using V = Vec<T>;
  static constexpr int L = kLanes<T>;
  V acc[R][Vn];

  static VEC_FN V read(const T* p, bool cut, int tail) noexcept {
    return cut ? load_partial<V>(p, tail) : load<V>(p);
  }

  VEC_FN void start(const TileBlock<T>& b, const TilePlace<T>& t) noexcept {
    const bool part = t.tail < L;
#pragma GCC unroll 8
    for (int v = 0; v < Vn; ++v) {
      const bool cut = part && v == Vn - 1;
      const std::int64_t j = t.column + v * L;
      const bool biased = b.bias != nullptr && !b.accumulate;
      const V first = biased ? read(b.bias + j, cut, t.tail) : V{};
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        acc[r][v] = b.accumulate ? read(t.out[r] + j, cut, t.tail) : first;
      }
    }
  }

  VEC_FN void multiply(const TileBlock<T>& b, const TilePlace<T>& t) noexcept {
    const T* panel = t.panel;
    const T* const* rows = t.rows;
    for (std::int64_t tap = b.taps; tap > 0; --tap) {
      const std::int64_t depth = b.depth;
      const T* a[R];
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) a[r] = rows[r] + depth;
      rows += b.tap_stride;
      for (std::int64_t d = -depth; d < 0; ++d, panel += Vn * L) {
        V p[Vn];
#pragma GCC unroll 8
        for (int v = 0; v < Vn; ++v) p[v] = in_register<R>(load<V>(panel + v * L));
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) {
          const V x = splat<V>(a[r][d]);
#pragma GCC unroll 8
          for (int v = 0; v < Vn; ++v) acc[r][v] = fma(x, p[v], acc[r][v]);
        }
      }
      // Makes the compiler read the block again for each tap: kept in registers, its fields
      // crowd the row pointers out of the loop above.
      asm volatile("" ::: "memory");
    }
  }

  VEC_FN void finish(const TileBlock<T>& b, const TilePlace<T>& t) noexcept {
    const bool part = t.tail < L;
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      T* out = t.out[r] + t.column;
#pragma GCC unroll 8
      for (int v = 0; v < Vn; ++v) {
        V y = acc[r][v];
        if (b.clamp) {
          y = max_or_second(splat<V>(b.low), y);
          y = min_or_second(splat<V>(b.high), y);
        }
        if (part && v == Vn - 1) {
          store_partial(out + v * L, y, t.tail);
        } else {
          store(out + v * L, y);
        }
      }
    }
  }
};

template <class T, int R, int Vn>
static void run_tile(const TileBlock<T>& b, const TilePlace<T>& t) noexcept {
  Tile<T, R, Vn> tile;
  tile.start(b, t);
  tile.multiply(b, t);
  tile.finish(b, t);
}

template <class T>
using TileFn = void (*)(const TileBlock<T>&, const TilePlace<T>&) noexcept;

template <class T>
struct TileTable {
  TileFn<T> at[kVectors][kRows];
};

template <class T, int Vn, int... R>
static constexpr void fill_rows(TileTable<T>& table, std::integer_sequence<int, R...>) {
  ((table.at[Vn][R] = run_tile<T, R + 1, Vn + 1>), ...);
}

template <class T, int... Vn>
static constexpr TileTable<T> make_table(std::integer_sequence<int, Vn...>) {
  TileTable<T> table{};
  (fill_rows<T, Vn>(table, std::make_integer_sequence<int, kRows>{}), ...);
  return table;
}

template <class T>
static constexpr TileTable<T> kTable = make_table<T>(std::make_integer_sequence<int, kVectors>{});

// Rows are spread evenly over the tiles: 49 rows are 4 tiles of 6 and 5 of 5.
template <class T>
static void run_block(const TileBlock<T>& b) noexcept {
  constexpr int L = kLanes<T>, width = kVectors * L;
  const std::int64_t tiles = (b.row_count + kRows - 1) / kRows;
  const T* panel = b.panels;
  for (std::int64_t column = 0; column < b.columns; column += width, panel += b.panel_stride) {
    const std::int64_t left = b.columns - column;
    const int n = left < width ? static_cast<int>(left) : width;
    const int vectors = (n + L - 1) / L;
    TilePlace<T> t{b.rows, panel, b.out, column, n - (vectors - 1) * L};
    for (std::int64_t i = 0, row = 0; i < tiles; ++i) {
      const std::int64_t rows = (b.row_count - row + tiles - i - 1) / (tiles - i);
      t.rows = b.rows + row;
      t.out = b.out + row;
      kTable<T>.at[vectors - 1][rows - 1](b, t);
      row += rows;
    }
  }
}

static constexpr auto block_f32 = run_block<float>;
static constexpr auto block_f64 = run_block<double>;
template <class T>
static constexpr TileShape kShape = {kLanes<T>, kLanes<T>* kVectors, kRows};
static constexpr TileShape shape_f32 = kShape<float>;
static constexpr TileShape shape_f64 = kShape<double>;

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <>
TileShape tile_shape<float>() noexcept {
  return KERNEL_SELECT(shape_f32);
}
template <>
TileShape tile_shape<double>() noexcept {
  return KERNEL_SELECT(shape_f64);
}
template <>
void tile_block(const TileBlock<float>& block) noexcept {
  KERNEL_SELECT(block_f32)(block);
}
template <>
void tile_block(const TileBlock<double>& block) noexcept {
  KERNEL_SELECT(block_f64)(block);
}

}  // namespace tw
#endif
