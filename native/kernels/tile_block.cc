#include "kernels/tile_block.h"

#include <algorithm>
#include <utility>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/tile_block.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/tile_size.h"
#include "kernels/tile_native.h"
#include "kernels/tile_product.h"

namespace tw::KERNEL_ISA {

template <class V, int R, int Vn, Reach M = Reach::kPanel>
static void run_tile(const TileBlock<Lane<V>>& b, const TilePlace<Lane<V>>& t) noexcept {
  Tile<V, R, Vn, M> tile;
  tile.start(b, t);
  typename Tile<V, R, Vn, M>::Rest rest{};
  tile.multiply(b, t, rest);
  tile.template finish<0, tile.kByPairs ? 2 : R>(b, t, rest);
}

template <class T>
using TileFn = void (*)(const TileBlock<T>&, const TilePlace<T>&) noexcept;

// By vectors and rows, each less one. Narrow tiles have 1 or 3 half vectors. Those that reach
// further are whole ones.
constexpr int kNarrowRows = 8;
template <class T>
struct TileTable {
  TileFn<T> whole[kVectors][kRows];
  TileFn<T> narrow[2][kNarrowRows];
  TileFn<T> ahead[kRows];
  TileFn<T> packing[kRows];
};

template <class T, int Vn, int... R>
static constexpr void fill_rows(TileTable<T>& table, std::integer_sequence<int, R...>) {
  ((table.whole[Vn][R] = run_tile<Vec<T>, R + 1, Vn + 1>), ...);
}

template <class T, int... R>
static constexpr void fill_reaching(TileTable<T>& table, std::integer_sequence<int, R...>) {
  ((table.ahead[R] = run_tile<Vec<T>, R + 1, kVectors, Reach::kAhead>), ...);
  ((table.packing[R] = run_tile<Vec<T>, R + 1, kVectors, Reach::kPacking>), ...);
}

template <class T, int... R>
static constexpr void fill_narrow(TileTable<T>& table, std::integer_sequence<int, R...>) {
  using Half = VecBytes<T, KERNEL_BYTES / 2>;
  ((table.narrow[0][R] = run_tile<Half, R + 1, 1>), ...);
  ((table.narrow[1][R] = run_tile<Half, R + 1, 3>), ...);
}

template <class T, int... Vn>
static constexpr TileTable<T> make_table(std::integer_sequence<int, Vn...>) {
  TileTable<T> table{};
  (fill_rows<T, Vn>(table, std::make_integer_sequence<int, kRows>{}), ...);
  fill_reaching<T>(table, std::make_integer_sequence<int, kRows>{});
  if constexpr (kNarrow) fill_narrow<T>(table, std::make_integer_sequence<int, kNarrowRows>{});
  return table;
}

template <class T>
static constexpr TileTable<T> kTable = make_table<T>(std::make_integer_sequence<int, kVectors>{});

// Half a vector, or one and a half.
static constexpr bool is_narrow(int columns, int lanes) noexcept {
  return kNarrow && (columns <= lanes / 2 || (columns > lanes && columns <= lanes + lanes / 2));
}

// Rows are spread evenly over the tiles: 49 rows are 4 tiles of 6 and 5 of 5.
template <class T>
static void run_block(const TileBlock<T>& b) noexcept {
  constexpr int L = kLanes<T>, width = kVectors * L;
  const T* panel = b.panels;
  for (std::int64_t column = 0; column < b.columns; column += width, panel += b.panel_stride) {
    const std::int64_t left = b.columns - column;
    const int n = left < width ? static_cast<int>(left) : width;
    const bool narrow = is_narrow(n, L);
    const int lanes = narrow ? L / 2 : L, most = narrow ? kNarrowRows : kRows;
    const int vectors = (n + lanes - 1) / lanes;
    const TileFn<T>* tiles_of = narrow ? kTable<T>.narrow[vectors / 2] : kTable<T>.whole[vectors - 1];
    TilePlace<T> t{b.rows, panel, b.out, column, n - (vectors - 1) * lanes};
    const std::int64_t tiles = (b.row_count + most - 1) / most;
    // In the last tiles: what comes sooner is gone again when it is wanted.
    const std::int64_t ahead = b.ahead != nullptr && vectors == kVectors ? kPanelLines : 0;
    for (std::int64_t i = 0, row = 0; i < tiles; ++i) {
      const std::int64_t rows = (b.row_count - row + tiles - i - 1) / (tiles - i);
      t.rows = b.rows + row;
      t.out = b.out + row;
      const bool packs = i == 0 && b.unpacked != nullptr, fetches = i >= tiles - ahead;
      t.ahead = fetches ? b.ahead + (i - tiles + ahead) * b.ahead_tile : nullptr;
      const TileFn<T>* fn = packs ? kTable<T>.packing : fetches ? kTable<T>.ahead : tiles_of;
      fn[rows - 1](b, t);
      row += rows;
    }
  }
}

static constexpr auto block_f32 = run_block<float>;
static constexpr auto block_f64 = run_block<double>;
template <class T>
static constexpr TileShape kShape = {kLanes<T>, kLanes<T>* kVectors, kRows, kNarrow};
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
