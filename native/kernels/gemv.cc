#include "kernels/gemv.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/gemv.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

// Columns whose sums stay in registers while all of a goes by: 8 chains hide the fma's latency.
template <class T>
static constexpr int kChunk = 8 * kLanes<T>;

template <class T>
static void row_chunk(const T* a, const T* b, std::int64_t stride, std::int64_t k, const T* start,
                      T* y) noexcept {
  using V = Vec<T>;
  constexpr int L = kLanes<T>;
  V acc[8];
#pragma GCC unroll 8
  for (int v = 0; v < 8; ++v) acc[v] = start != nullptr ? load<V>(start + v * L) : V{};
  for (std::int64_t i = 0; i < k; ++i, b += stride) {
    // The next rows are a stride away, where the hardware does not look.
#pragma GCC unroll 8
    for (int line = 0; line < 8 * KERNEL_BYTES; line += 64) {
      __builtin_prefetch(reinterpret_cast<const char*>(b + 8 * stride) + line);
    }
    const V x = splat<V>(a[i]);
#pragma GCC unroll 8
    for (int v = 0; v < 8; ++v) acc[v] = fma(x, load<V>(b + v * L), acc[v]);
  }
#pragma GCC unroll 8
  for (int v = 0; v < 8; ++v) store(y + v * L, acc[v]);
}

template <class T>
static void row(const T* a, const T* b, std::int64_t stride, std::int64_t k, std::int64_t n,
                const T* start, T* y) noexcept {
  using V = Vec<T>;
  std::int64_t j = 0;
  for (; j + kChunk<T> <= n; j += kChunk<T>) {
    row_chunk(a, b + j, stride, k, start != nullptr ? start + j : nullptr, y + j);
  }
  for (; j < n; j += kLanes<T>) {
    const std::int64_t lanes = n - j < kLanes<T> ? n - j : kLanes<T>;
    V acc = start != nullptr ? load_partial<V>(start + j, lanes) : V{};
    for (std::int64_t i = 0; i < k; ++i) {
      acc = fma(splat<V>(a[i]), load_partial<V>(b + i * stride + j, lanes), acc);
    }
    store_partial(y + j, acc, lanes);
  }
}

// Four rows at once, so that x is loaded once for them and the chains are many.
template <class T, int R>
static void dot_rows(const T* rows, std::int64_t stride, const T* x, std::int64_t k,
                     T* sums) noexcept {
  using V = Vec<T>;
  constexpr int L = kLanes<T>;
  V acc[R][2] = {};
  std::int64_t i = 0;
  for (; i + 2 * L <= k; i += 2 * L) {
    const V x0 = load<V>(x + i), x1 = load<V>(x + i + L);
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
      acc[r][0] = fma(load<V>(rows + r * stride + i), x0, acc[r][0]);
      acc[r][1] = fma(load<V>(rows + r * stride + i + L), x1, acc[r][1]);
    }
  }
  for (; i < k; i += L) {
    const std::int64_t lanes = k - i < L ? k - i : L;
    const V x0 = load_partial<V>(x + i, lanes);
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
      acc[r][0] = fma(load_partial<V>(rows + r * stride + i, lanes), x0, acc[r][0]);
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r) sums[r] = sum_across(acc[r][0] + acc[r][1]);
}

template <class T>
static void dots(const T* rows, std::int64_t stride, const T* x, std::int64_t k, std::int64_t n,
                 const T* start, std::int64_t start_step, T* y, std::int64_t y_stride) noexcept {
  for (std::int64_t i = 0; i < n;) {
    T sums[4];
    const std::int64_t count = n - i < 4 ? 1 : 4;
    if (count == 4) {
      dot_rows<T, 4>(rows + i * stride, stride, x, k, sums);
    } else {
      dot_rows<T, 1>(rows + i * stride, stride, x, k, sums);
    }
    for (std::int64_t r = 0; r < count; ++r, ++i) {
      y[i * y_stride] = start != nullptr ? start[i * start_step] + sums[r] : sums[r];
    }
  }
}

template <class T>
static void clamp_all(T* y, std::int64_t n, T low, T high) noexcept {
  using V = Vec<T>;
  for (std::int64_t j = 0; j < n; j += kLanes<T>) {
    const std::int64_t lanes = n - j < kLanes<T> ? n - j : kLanes<T>;
    V v = load_partial<V>(y + j, lanes);
    v = max_or_second(splat<V>(low), v);
    store_partial(y + j, min_or_second(splat<V>(high), v), lanes);
  }
}

template <class T>
struct Gemv {
  static constexpr auto row = KERNEL_ISA::row<T>;
  static constexpr auto dots = KERNEL_ISA::dots<T>;
  static constexpr auto clamp = clamp_all<T>;
};

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void gemv_row(const T* a, const T* b, std::int64_t stride, std::int64_t k, std::int64_t n,
              const T* start, T* y) noexcept {
  KERNEL_SELECT(Gemv<T>::row)(a, b, stride, k, n, start, y);
}

template <class T>
void gemv_dots(const T* rows, std::int64_t stride, const T* x, std::int64_t k, std::int64_t n,
               const T* start, std::int64_t start_step, T* y, std::int64_t y_stride) noexcept {
  KERNEL_SELECT(Gemv<T>::dots)(rows, stride, x, k, n, start, start_step, y, y_stride);
}

template <class T>
void clamp_row(T* y, std::int64_t n, T low, T high) noexcept {
  KERNEL_SELECT(Gemv<T>::clamp)(y, n, low, high);
}

#define TW_GEMV(T)                                                                              \
  template void gemv_row(const T*, const T*, std::int64_t, std::int64_t, std::int64_t, const T*, \
                         T*) noexcept;                                                          \
  template void gemv_dots(const T*, std::int64_t, const T*, std::int64_t, std::int64_t,         \
                          const T*, std::int64_t, T*, std::int64_t) noexcept;                   \
  template void clamp_row(T*, std::int64_t, T, T) noexcept;
TW_GEMV(float)
TW_GEMV(double)
#undef TW_GEMV

}  // namespace tw
#endif
