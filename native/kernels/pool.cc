#include "kernels/pool.h"

#include <limits>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/pool.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/window.h"
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

template <class T>
static VEC_FN Vec<T> divided(Vec<T> sum, std::int64_t count) noexcept {
  return count > 1 ? sum / splat<Vec<T>>(static_cast<T>(count)) : sum;
}

static std::int64_t averaged_over(const PoolShape& p, std::int64_t row, const Window& w) noexcept {
  if (!p.count_pads) return w.count();
  std::int64_t n = 1;
  for (int d = 2; d >= 0; --d) {
    const std::int64_t o = row % p.window.out[d];
    row /= p.window.out[d];
    const Range r = taps_inside(p.window, d, o, p.window.pad[d], p.pad_after[d]);
    n *= r.end - r.begin;
  }
  return n;
}

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

// Windows that cover each pixel once write the gradient; others add to it.
template <class T, bool kOnce, bool kWhole>
struct GiveToMax {
  const T* x;
  T* dx;
  std::int64_t channels, lanes;
  Vec<T> y;
  Vec<T>* left;
  VEC_FN Vec<T> read(const T* at) const noexcept {
    return kWhole ? load<Vec<T>>(at) : load_partial<Vec<T>>(at, lanes);
  }
  VEC_FN void apply(std::int64_t pixel, std::int64_t) const noexcept {
    const Vec<T> v = read(x + pixel * channels);
    const Mask<Vec<T>> hit = (v == y) | ((v != v) & (y != y));
    T* at = dx + pixel * channels;
    const Vec<T> part = select(hit, *left, Vec<T>{}), sum = kOnce ? part : read(at) + part;
    if constexpr (kWhole) {
      store(at, sum);
    } else {
      store_partial(at, sum, lanes);
    }
    *left = select(hit, Vec<T>{}, *left);
  }
};

template <class T>
struct GiveEqually {
  T* dx;
  std::int64_t channels, lanes;
  Vec<T> share;
  VEC_FN void apply(std::int64_t pixel, std::int64_t) const noexcept {
    T* at = dx + pixel * channels;
    store_partial(at, load_partial<Vec<T>>(at, lanes) + share, lanes);
  }
};

template <class T>
static void clear(const ConvShape& s, std::int64_t image, std::int64_t channel,
                  std::int64_t count, T* dx) noexcept {
  for (std::int64_t i = image * s.in_pixels(); i < (image + 1) * s.in_pixels(); ++i) {
    __builtin_memset(dx + i * s.in_channels + channel, 0, static_cast<size_t>(count) * sizeof(T));
  }
}

template <class T, bool kOnce, bool kWhole>
VEC_FN void give_to_max(const ConvShape& s, const Window& w, const T* x, const T* y, const T* dy,
                        std::int64_t lanes, T* dx) noexcept {
  Vec<T> gradient = kWhole ? load<Vec<T>>(dy) : load_partial<Vec<T>>(dy, lanes);
  const Vec<T> top = kWhole ? load<Vec<T>>(y) : load_partial<Vec<T>>(y, lanes);
  w.each(s, GiveToMax<T, kOnce, kWhole>{x, dx, s.in_channels, lanes, top, &gradient});
}

template <class T, bool kOnce>
static void max_grad_pixels(const ConvShape& s, const T* x, const T* y, const T* dy,
                            std::int64_t image, std::int64_t channel, std::int64_t count,
                            T* dx) noexcept {
  constexpr std::int64_t L = kLanes<T>;
  const std::int64_t c = s.in_channels, end = channel + count;
  const std::int64_t first = image * s.out_pixels(), last = first + s.out_pixels();
  Window w(s, first);
  for (std::int64_t i = first; i < last; ++i, w.advance(s)) {
    const T *top = y + i * c, *flow = dy + i * c;
    std::int64_t j = channel;
    for (; j + L <= end; j += L) {
      give_to_max<T, kOnce, true>(s, w, x + j, top + j, flow + j, L, dx + j);
    }
    if (j < end) give_to_max<T, kOnce, false>(s, w, x + j, top + j, flow + j, end - j, dx + j);
  }
}

static bool covers_once(const ConvShape& s) noexcept {
  for (int d = 0; d < 3; ++d) {
    const bool tiled = s.kernel[d] == s.stride[d] && s.dilation[d] == 1 && s.pad[d] == 0;
    if (!tiled || s.out[d] * s.stride[d] != s.in[d]) return false;
  }
  return true;
}

template <class T>
static void max_grad(const PoolShape& p, const T* x, const T* y, const T* dy, std::int64_t image,
                     std::int64_t channel, std::int64_t count, T* dx) noexcept {
  const ConvShape& s = p.window;
  if (covers_once(s)) {
    return max_grad_pixels<T, true>(s, x, y, dy, image, channel, count, dx);
  }
  clear(s, image, channel, count, dx);
  max_grad_pixels<T, false>(s, x, y, dy, image, channel, count, dx);
}

template <class T>
static void avg_grad(const PoolShape& p, const T* dy, std::int64_t image, std::int64_t channel,
                     std::int64_t count, T* dx) noexcept {
  const ConvShape& s = p.window;
  const std::int64_t c = s.in_channels;
  clear(s, image, channel, count, dx);
  Window w(s, image * s.out_pixels());
  for (std::int64_t i = image * s.out_pixels(); i < (image + 1) * s.out_pixels();
       ++i, w.advance(s)) {
    const std::int64_t taps = averaged_over(p, i, w);
    for (std::int64_t j = channel; j < channel + count; j += kLanes<T>) {
      const std::int64_t left = channel + count - j, lanes = left < kLanes<T> ? left : kLanes<T>;
      const Vec<T> gradient = load_partial<Vec<T>>(dy + i * c + j, lanes);
      w.each(s, GiveEqually<T>{dx + j, c, lanes, divided<T>(gradient, taps)});
    }
  }
}

template <class T>
struct Pool {
  static constexpr auto max = KERNEL_ISA::max_pool<T>;
  static constexpr auto avg = pool<T, TakeSum<T>, true>;
  static constexpr auto max_grad = KERNEL_ISA::max_grad<T>;
  static constexpr auto avg_grad = KERNEL_ISA::avg_grad<T>;
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

template <class T>
void max_pool_grad(const PoolShape& shape, const T* x, const T* y, const T* dy, std::int64_t image,
                   std::int64_t channel, std::int64_t count, T* dx) noexcept {
  KERNEL_SELECT(Pool<T>::max_grad)(shape, x, y, dy, image, channel, count, dx);
}

template <class T>
void avg_pool_grad(const PoolShape& shape, const T* dy, std::int64_t image, std::int64_t channel,
                   std::int64_t count, T* dx) noexcept {
  KERNEL_SELECT(Pool<T>::avg_grad)(shape, dy, image, channel, count, dx);
}

#define TW_MAX_POOL(T) \
  template void max_pool(const PoolShape&, const T*, std::int64_t, std::int64_t, T*) noexcept;
#define TW_POOL(T)                                                                              \
  TW_MAX_POOL(T)                                                                                \
  template void avg_pool(const PoolShape&, const T*, std::int64_t, std::int64_t, T*) noexcept;  \
  template void max_pool_grad(const PoolShape&, const T*, const T*, const T*, std::int64_t,     \
                              std::int64_t, std::int64_t, T*) noexcept;                         \
  template void avg_pool_grad(const PoolShape&, const T*, std::int64_t, std::int64_t,           \
                              std::int64_t, T*) noexcept;
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
