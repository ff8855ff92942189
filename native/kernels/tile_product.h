// One tile of a block: accumulators in registers, from their first value to the stores. Included
// after simd/vec.h, tile_size.h and tile_native.h, once per pass, so it has no include guard.

namespace tw::KERNEL_ISA {

// Vectors of a cache line, and lines of a panel's row.
static constexpr int kLineVectors = 64 / KERNEL_BYTES;
static constexpr int kPanelLines = (kVectors + kLineVectors - 1) / kLineVectors;

// What changes from tile to tile of one block.
template <class T>
struct TilePlace {
  const T* const* rows;
  const T* panel;
  T* const* out;
  std::int64_t column;
  int tail;  // valid lanes of the last vector
  const T* ahead = nullptr;
};

static VEC_FN void prefetch_to_write(const void* line) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(line)));
#else
  __builtin_prefetch(line, 1);
#endif
}

// Keeps the compiler from folding the load into each use of v: few rows would then wait for loads.
template <int R, class V>
static VEC_FN V in_register(V v) noexcept {
#if defined(__x86_64__)
  if constexpr (R > 1) asm("" : "+v"(v));
#endif
  return v;
}

// What a tile touches besides its own operands.
enum class Reach {
  kPanel,    // nothing
  kAhead,    // lines at b.ahead, which it brings near
  kPacking,  // the panel before it is packed, which it packs
};
// Short pieces of rows are no stream that the processor would foresee.
static constexpr int kStepsAhead = 8;

// R rows by Vn vectors of accumulators. `cut` is true for a vector whose lanes are not all valid.
template <class V, int R, int Vn, Reach M>
struct Tile {
  using T = Lane<V>;
  static constexpr int L = kLanesOf<V>;
  // Stores of so many wide vectors in a row hold up the products of the next tile: pairs of rows
  // make the last steps of their depth and are stored one after the other.
  static constexpr bool kByPairs =
      sizeof(V) == 64 && R == kRows && Vn == kVectors && M == Reach::kPanel;
  static constexpr std::int64_t kPairSteps = 4;
  struct Rest {
    const T* panel = nullptr;
    const T* rows[R] = {};   // their ends
    std::int64_t depth = 0;  // of the first step left; the last one is before 0
  };
  V acc[R][Vn];

  static VEC_FN V read(const T* p, bool cut, int tail) noexcept {
    return cut ? Native<V>::read(p, tail) : load<V>(p);
  }

  VEC_FN void start(const TileBlock<T>& b, const TilePlace<T>& t) noexcept {
    const bool part = t.tail < L;
    if (b.accumulate) {
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        const T* out = t.out[r] + t.column;
#pragma GCC unroll 8
        for (int v = 0; v < Vn; ++v) acc[r][v] = read(out + v * L, part && v == Vn - 1, t.tail);
      }
      return;
    }
    // Lines of the output on the way while the products are made: a store that misses waits.
#pragma GCC unroll 16
    for (int r = 0; Vn == kVectors && r < R; ++r) {
#pragma GCC unroll 8
      for (int v = 0; v < Vn; v += kLineVectors) prefetch_to_write(t.out[r] + t.column + v * L);
    }
#pragma GCC unroll 8
    for (int v = 0; v < Vn; ++v) {
      V first{};
      if (b.bias != nullptr) first = read(b.bias + t.column + v * L, part && v == Vn - 1, t.tail);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) acc[r][v] = first;
    }
  }

  VEC_FN void multiply(const TileBlock<T>& b, const TilePlace<T>& t, Rest& rest) noexcept {
    const T* panel = t.panel;
    const T* const* rows = t.rows;
    [[maybe_unused]] const T* far = M == Reach::kAhead ? t.ahead : b.unpacked;
    for (std::int64_t tap = b.taps; tap > 0; --tap) {
      const std::int64_t step = b.step, end = b.depth * step;
      [[maybe_unused]] const std::int64_t far_step =
          M == Reach::kAhead ? b.ahead_step : b.unpacked_stride;
      const T* a[R];
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) a[r] = rows[r] + end;
      rows += b.tap_stride;
      const std::int64_t stop = kByPairs && tap == 1 ? std::max(-end, -kPairSteps * step) : 0;
      std::int64_t d = -end;
      for (; d < stop; d += step, panel += Vn * L) {
        V p[Vn];
        if constexpr (M == Reach::kAhead) __builtin_prefetch(far, 0, 2);
        if constexpr (M == Reach::kPacking) {
          pack_row(far, far_step, const_cast<T*>(panel), p);
        } else {
          load_row(panel, p);
        }
        if constexpr (M != Reach::kPanel) far += far_step;
        add<0, R>(a, d, p);
      }
      if constexpr (kByPairs) {
        rest.panel = panel, rest.depth = d;
#pragma GCC unroll 16
        for (int r = 0; r < R; ++r) rest.rows[r] = a[r];
      }
      // Makes the compiler read the block again for each tap: kept in registers, its fields
      // crowd the row pointers out of the loop above.
      asm volatile("" ::: "memory");
    }
  }

  static VEC_FN void load_row(const T* panel, V (&p)[Vn]) noexcept {
#pragma GCC unroll 8
    for (int v = 0; v < Vn; ++v) p[v] = in_register<R>(load<V>(panel + v * L));
  }

  // One step of depth for N rows.
  template <int First, int N>
  VEC_FN void add(const T* const (&a)[R], std::int64_t d, const V (&p)[Vn]) noexcept {
#pragma GCC unroll 16
    for (int r = First; r < First + N; ++r) {
      const V x = splat<V>(a[r][d]);
#pragma GCC unroll 8
      for (int v = 0; v < Vn; ++v) acc[r][v] = Native<V>::multiply_add(x, p[v], acc[r][v]);
    }
  }

  static VEC_FN void pack_row(const T* from, std::int64_t stride, T* to, V (&p)[Vn]) noexcept {
    const T* later = from + kStepsAhead * stride;
#pragma GCC unroll 8
    for (int v = 0; v < Vn; v += kLineVectors) __builtin_prefetch(later + v * L);
#pragma GCC unroll 8
    for (int v = 0; v < Vn; ++v) {
      p[v] = in_register<2>(load<V>(from + v * L));
      store(to + v * L, p[v]);
    }
  }

  template <int First, int N>
  VEC_FN void clamp(const TileBlock<T>& b) noexcept {
    const V low = splat<V>(b.low), high = splat<V>(b.high);
#pragma GCC unroll 16
    for (int r = First; r < First + N; ++r) {
#pragma GCC unroll 8
      for (int v = 0; v < Vn; ++v) {
        acc[r][v] = min_or_second(high, max_or_second(low, acc[r][v]));
      }
    }
  }

  // Ends rows [First, First + N), and then those that follow.
  template <int First, int N>
  VEC_FN void finish(const TileBlock<T>& b, const TilePlace<T>& t, const Rest& rest) noexcept {
    const bool part = t.tail < L;
    const T* panel = rest.panel;
    for (std::int64_t d = rest.depth; kByPairs && d < 0; d += b.step, panel += Vn * L) {
      V p[Vn];
      load_row(panel, p);
      add<First, N>(rest.rows, d, p);
    }
    if (b.clamp) clamp<First, N>(b);
#pragma GCC unroll 16
    for (int r = First; r < First + N; ++r) {
      T* out = t.out[r] + t.column;
#pragma GCC unroll 8
      for (int v = 0; v < Vn; ++v) {
        if (part && v == Vn - 1) {
          Native<V>::write(out + v * L, acc[r][v], t.tail);
        } else {
          store(out + v * L, acc[r][v]);
        }
      }
    }
    if constexpr (First + N < R) finish<First + N, N>(b, t, rest);
  }
};

}  // namespace tw::KERNEL_ISA
