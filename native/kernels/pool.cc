#include "kernels/pool.h"

#include <limits>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/pool.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/window.h"
#include "kernels/pool_average.h"
#include "kernels/pool_tile.h"

namespace tw::KERNEL_ISA {

template <class T>
static constexpr T kLeast = std::numeric_limits<T>::has_infinity
                                ? -std::numeric_limits<T>::infinity()
                                : std::numeric_limits<T>::lowest();

template <class T>
struct TakeMax {
  static constexpr T kStart = kLeast<T>;
  static VEC_FN Vec<T> apply(Vec<T> sum, Vec<T> x) noexcept { return max(sum, x); }
};
// One instruction instead of three; right unless a NaN is among them.
template <class T>
struct TakeMaxOfNumbers {
  static constexpr T kStart = kLeast<T>;
  static VEC_FN Vec<T> apply(Vec<T> sum, Vec<T> x) noexcept { return max_or_second(sum, x); }
};
template <class T>
struct TakeSum {
  static constexpr T kStart = 0;
  static VEC_FN Vec<T> apply(Vec<T> sum, Vec<T> x) noexcept { return sum + x; }
};

// Combines kVectors vectors of channels over a window. Their plain sums, which cost nothing beside
// the loads, are NaN wherever one of the elements is.
template <class T, class Take, int kVectors>
struct Combine {
  const T* x;  // channel of pixel 0
  std::int64_t channels;
  Vec<T>* result;
  Vec<T>* sums;
  VEC_FN void apply(std::int64_t pixel, std::int64_t) const noexcept {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      const Vec<T> in = load<Vec<T>>(x + pixel * channels + v * kLanes<T>);
      result[v] = Take::apply(result[v], in);
      if constexpr (std::is_same_v<Take, TakeMaxOfNumbers<T>>) sums[v] += in;
    }
  }
};

template <class T, class Take, int kVectors>
static VEC_FN bool combined(const ConvShape& s, const Window& w, const T* x, Vec<T>* result)
    noexcept {
  Vec<T> sums[kVectors] = {};
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) result[v] = splat<Vec<T>>(Take::kStart);
  w.each(s, Combine<T, Take, kVectors>{x, s.in_channels, result, sums});
  bool numbers = true;
  if constexpr (std::is_same_v<Take, TakeMaxOfNumbers<T>>) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) numbers &= all(sums[v] == sums[v]);
  }
  return numbers;
}

template <class T, class Take, int kVectors>
static VEC_FN void combine(const ConvShape& s, const Window& w, const T* x, Vec<T>* result)
    noexcept {
  if constexpr (std::is_same_v<Take, TakeMax<T>> && kIsFloat<T>) {
    if (combined<T, TakeMaxOfNumbers<T>, kVectors>(s, w, x, result)) return;
  }
  combined<T, Take, kVectors>(s, w, x, result);
}
template <class T, class Take>
struct CombinePart {
  const T* x;
  std::int64_t channels, lanes;
  Vec<T>* sum;
  VEC_FN void apply(std::int64_t pixel, std::int64_t) const noexcept {
    *sum = Take::apply(*sum, load_partial<Vec<T>>(x + pixel * channels, lanes));
  }
};

template <class T, class Take, bool kAverage>
static void pool(const PoolShape& p, const T* x, std::int64_t row, std::int64_t count,
                 T* y) noexcept {
  using V = Vec<T>;
  constexpr int L = kLanes<T>;
  const ConvShape& s = p.window;
  const std::int64_t c = s.in_channels;
  Window w(s, row);
  for (std::int64_t i = row; i < row + count; ++i, w.advance(s)) {
    const std::int64_t taps = kAverage ? averaged_over(p, i, w) : 0;
    T* out = y + i * c;
    std::int64_t j = 0;
    for (; j + 4 * L <= c; j += 4 * L) {
      V sum[4];
      combine<T, Take, 4>(s, w, x + j, sum);
#pragma GCC unroll 4
      for (int v = 0; v < 4; ++v) {
        store(out + j + v * L, kAverage ? divided<T>(sum[v], taps) : sum[v]);
      }
    }
    for (; j + L <= c; j += L) {
      V sum[1];
      combine<T, Take, 1>(s, w, x + j, sum);
      store(out + j, kAverage ? divided<T>(sum[0], taps) : sum[0]);
    }
    for (; j < c; j += L) {
      V sum = splat<V>(Take::kStart);
      const std::int64_t lanes = c - j < L ? c - j : L;
      w.each(s, CombinePart<T, Take>{x + j, c, lanes, &sum});
      store_partial(out + j, kAverage ? divided<T>(sum, taps) : sum, lanes);
    }
  }
}

template <class T>
static void max_pool(const PoolShape& p, const T* x, std::int64_t row, std::int64_t count,
                     T* y) noexcept {
  if constexpr (kIsFloat<T>) {
    if (MaxTiles<T, 2, 2>::fits(p)) return MaxTiles<T, 2, 2>(p, x, y).run(row, count);
    if (MaxTiles<T, 3, 1>::fits(p)) return MaxTiles<T, 3, 1>(p, x, y).run(row, count);
    if (MaxTiles<T, 3, 2>::fits(p)) return MaxTiles<T, 3, 2>(p, x, y).run(row, count);
    if (MaxTiles<T, 5, 1>::fits(p)) return MaxTiles<T, 5, 1>(p, x, y).run(row, count);
  }
  pool<T, TakeMax<T>, false>(p, x, row, count, y);
}

template <class T>
struct Pool {
  static constexpr auto max = KERNEL_ISA::max_pool<T>;
  static constexpr auto avg = pool<T, TakeSum<T>, true>;
};

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void max_pool(const PoolShape& shape, const T* x, std::int64_t row, std::int64_t count,
              T* y) noexcept {
  KERNEL_SELECT(Pool<T>::max)(shape, x, row, count, y);
}

template <class T>
void avg_pool(const PoolShape& shape, const T* x, std::int64_t row, std::int64_t count,
              T* y) noexcept {
  KERNEL_SELECT(Pool<T>::avg)(shape, x, row, count, y);
}

#define TW_MAX_POOL(T) \
  template void max_pool(const PoolShape&, const T*, std::int64_t, std::int64_t, T*) noexcept;
#define TW_POOL(T) \
  TW_MAX_POOL(T)   \
  template void avg_pool(const PoolShape&, const T*, std::int64_t, std::int64_t, T*) noexcept;
TW_POOL(float)
TW_POOL(double)
TW_MAX_POOL(std::int8_t)
TW_MAX_POOL(std::int16_t)
TW_MAX_POOL(std::int32_t)
TW_MAX_POOL(std::int64_t)
TW_MAX_POOL(std::uint8_t)
TW_MAX_POOL(std::uint16_t)
#undef TW_POOL
#undef TW_MAX_POOL

}  // namespace tw
#endif
