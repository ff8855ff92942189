#include "kernels/conv_line.h"

#include <utility>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/conv_line.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/tile_size.h"

#if !defined(TW_CONV_LINE_LIMITS)
#define TW_CONV_LINE_LIMITS
namespace tw {
constexpr int kMostTileRows = 8;
constexpr std::int64_t kMostReach = 1024;  // elements that one tile meets in a line
}  // namespace tw
#endif

namespace tw::KERNEL_ISA {

// Narrow tiles are 1 or 3 half vectors wide.
static constexpr bool kNarrow = KERNEL_BYTES == 64;

template <class T>
alignas(64) constexpr T kPadding[kMostReach] = {};

template <class V, int R, int Vn>
struct LineTile {
  using T = Lane<V>;
  static constexpr int L = kLanesOf<V>;

  // rows[t]: the window of the tile's first pixel in the line under row t of the taps.
  static void run(const ConvLine<T>& b, const T* const* rows, T* out) noexcept {
    V acc[R][Vn];
    const int tail = static_cast<int>(b.columns) - (Vn - 1) * L;
    start(b, tail, acc);
    multiply(b, rows, acc);
    finish(b, tail, acc, out);
  }

  static VEC_FN void start(const ConvLine<T>& b, int tail, V (&acc)[R][Vn]) noexcept {
#pragma GCC unroll 4
    for (int v = 0; v < Vn; ++v) {
      V first{};
      if (b.bias != nullptr) {
        const T* bias = b.bias + v * L;
        first = v == Vn - 1 && tail < L ? load_partial<V>(bias, tail) : load<V>(bias);
      }
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) acc[r][v] = first;
    }
  }

  static VEC_FN void multiply(const ConvLine<T>& b, const T* const* rows, V (&acc)[R][Vn])
      noexcept {
    const T* panel = b.panel;
    for (std::int64_t t = 0; t < b.taps; ++t) {
      const std::int64_t depth = b.depth, step = b.step;
      const T* a[R];
      a[0] = rows[t] + depth;
#pragma GCC unroll 8
      for (int r = 1; r < R; ++r) a[r] = a[r - 1] + step;
      for (std::int64_t d = -depth; d < 0; ++d, panel += Vn * L) {
        V p[Vn];
#pragma GCC unroll 4
        for (int v = 0; v < Vn; ++v) {
          p[v] = load<V>(panel + v * L);
#if defined(__x86_64__)
          if constexpr (R > 1) asm("" : "+v"(p[v]));  // one load, not one for each use
#endif
        }
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) {
          const V x = splat<V>(a[r][d]);
#pragma GCC unroll 4
          for (int v = 0; v < Vn; ++v) acc[r][v] = fma(x, p[v], acc[r][v]);
        }
      }
      asm volatile("" ::: "memory");  // as in tile_block.cc: keeps the fields out of registers
    }
  }

  static VEC_FN void finish(const ConvLine<T>& b, int tail, V (&acc)[R][Vn], T* out) noexcept {
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
      for (int v = 0; v < Vn; ++v) {
        V y = acc[r][v];
        if (b.clamp) y = min_or_second(splat<V>(b.high), max_or_second(splat<V>(b.low), y));
        if (v == Vn - 1 && tail < L) {
          store_partial(out + v * L, y, tail);
        } else {
          store(out + v * L, y);
        }
      }
      out += b.out_step;
    }
  }
};

template <class T>
using LineTileFn = void (*)(const ConvLine<T>&, const T* const*, T*) noexcept;

template <class T>
struct LineTable {
  LineTileFn<T> whole[kVectors][kRows];
  LineTileFn<T> narrow[2][kMostTileRows];
};

template <class T, int Vn, int... R>
static constexpr void fill_whole(LineTable<T>& table, std::integer_sequence<int, R...>) {
  ((table.whole[Vn][R] = LineTile<Vec<T>, R + 1, Vn + 1>::run), ...);
}
template <class T, int... R>
static constexpr void fill_narrow(LineTable<T>& table, std::integer_sequence<int, R...>) {
  using Half = VecBytes<T, KERNEL_BYTES / 2>;
  ((table.narrow[0][R] = LineTile<Half, R + 1, 1>::run), ...);
  ((table.narrow[1][R] = LineTile<Half, R + 1, 3>::run), ...);
}
template <class T, int... Vn>
static constexpr LineTable<T> line_table(std::integer_sequence<int, Vn...>) {
  LineTable<T> table{};
  (fill_whole<T, Vn>(table, std::make_integer_sequence<int, kRows>{}), ...);
  if constexpr (kNarrow) fill_narrow<T>(table, std::make_integer_sequence<int, kMostTileRows>{});
  return table;
}
template <class T>
static constexpr LineTable<T> kLineTable =
    line_table<T>(std::make_integer_sequence<int, kVectors>{});

// `reach` elements of a line from `begin` on; zeros where there is no line.
template <class T>
static void copy_reach(const T* line, std::int64_t length, std::int64_t begin, std::int64_t reach,
                       T* to) noexcept {
  const std::int64_t before = begin < 0 ? (-begin < reach ? -begin : reach) : 0;
  std::int64_t inside = length - (begin + before);
  if (inside > reach - before) inside = reach - before;
  if (inside < 0) inside = 0;
  std::int64_t i = 0;
  for (; i < before; ++i) to[i] = T{};
  for (; i < before + inside; ++i) to[i] = line[begin + i];
  for (; i < reach; ++i) to[i] = T{};
}

template <class T>
static void run_line(const ConvLine<T>& b) noexcept {
  constexpr int L = kLanes<T>;
  const int n = static_cast<int>(b.columns);
  const bool narrow = kNarrow && (n <= L / 2 || (n > L && n <= L + L / 2));
  const int lanes = narrow ? L / 2 : L, most = narrow ? kMostTileRows : kRows;
  const int vectors = (n + lanes - 1) / lanes;
  const LineTileFn<T>* tile = narrow ? kLineTable<T>.narrow[vectors / 2]
                                     : kLineTable<T>.whole[vectors - 1];
  const std::int64_t tiles = (b.pixels + most - 1) / most;
  const T* rows[kMostTapRows];
  for (std::int64_t i = 0, pixel = 0; i < tiles; ++i) {
    const std::int64_t count = (b.pixels - pixel + tiles - i - 1) / (tiles - i);
    const std::int64_t begin = b.first + pixel * b.step;
    const std::int64_t reach = (count - 1) * b.step + b.depth;
    const bool whole = begin >= 0 && begin + reach <= b.length;
    for (std::int64_t t = 0; t < b.taps; ++t) {
      const T* line = b.lines[t];
      T* copy = b.scratch + t * reach;
      if (line != nullptr && !whole) copy_reach(line, b.length, begin, reach, copy);
      rows[t] = line == nullptr ? kPadding<T> : whole ? line + begin : copy;
    }
    tile[count - 1](b, rows, b.out + pixel * b.out_step);
    pixel += count;
  }
}

static constexpr auto line_f32 = run_line<float>;
static constexpr auto line_f64 = run_line<double>;

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

static std::int64_t reach_of(std::int64_t depth, std::int64_t step) noexcept {
  return (kMostTileRows - 1) * step + depth;
}
bool conv_line_fits(std::int64_t taps, std::int64_t depth, std::int64_t step) noexcept {
  return taps <= kMostTapRows && reach_of(depth, step) <= kMostReach;
}
std::int64_t conv_line_scratch(std::int64_t taps, std::int64_t depth, std::int64_t step) noexcept {
  return taps * reach_of(depth, step);
}

template <>
void conv_line(const ConvLine<float>& line) noexcept {
  KERNEL_SELECT(line_f32)(line);
}
template <>
void conv_line(const ConvLine<double>& line) noexcept {
  KERNEL_SELECT(line_f64)(line);
}

}  // namespace tw
#endif
