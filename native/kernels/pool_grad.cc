#include "kernels/pool.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/pool_grad.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/window.h"
#include "kernels/pool_average.h"

namespace tw::KERNEL_ISA {

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
struct PoolGrad {
  static constexpr auto max = max_grad<T>;
  static constexpr auto avg = avg_grad<T>;
};

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void max_pool_grad(const PoolShape& shape, const T* x, const T* y, const T* dy, std::int64_t image,
                   std::int64_t channel, std::int64_t count, T* dx) noexcept {
  KERNEL_SELECT(PoolGrad<T>::max)(shape, x, y, dy, image, channel, count, dx);
}

template <class T>
void avg_pool_grad(const PoolShape& shape, const T* dy, std::int64_t image, std::int64_t channel,
                   std::int64_t count, T* dx) noexcept {
  KERNEL_SELECT(PoolGrad<T>::avg)(shape, dy, image, channel, count, dx);
}

#define TW_POOL_GRAD(T)                                                                        \
  template void max_pool_grad(const PoolShape&, const T*, const T*, const T*, std::int64_t,    \
                              std::int64_t, std::int64_t, T*) noexcept;                        \
  template void avg_pool_grad(const PoolShape&, const T*, std::int64_t, std::int64_t,          \
                              std::int64_t, T*) noexcept;
TW_POOL_GRAD(float)
TW_POOL_GRAD(double)
#undef TW_POOL_GRAD

}  // namespace tw
#endif
