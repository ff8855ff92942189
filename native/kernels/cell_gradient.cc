#include "kernels/cell_gradient.h"

#include <algorithm>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/cell_gradient.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"
#include "kernels/lanes.h"

namespace tw::KERNEL_ISA {

// The lanes of a row at an offset.
template <class T>
struct At {
  std::int64_t offset, lanes;
  VEC_FN Vec<T> operator()(const T* row) const noexcept {
    return load_partial<Vec<T>>(row + offset, lanes);
  }
};

template <class T>
static void add_row(const T* a, T* y, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, i, lanes, n) {
    store_partial(y + i, load_partial<V>(y + i, lanes) + load_partial<V>(a + i, lanes), lanes);
  }
}

// The slope of each activation; x is what it takes, y what it gives.
template <class T>
struct SlopeOf {
  using V = Vec<T>;
  T alpha, beta;

  template <Activation kKind>
  VEC_FN V apply(V x, V y) const noexcept {
    const V zero{}, one = splat<V>(T(1));
    if constexpr (kKind == Activation::kSigmoid) return y * (one - y);
    if constexpr (kKind == Activation::kTanh) return one - y * y;
    if constexpr (kKind == Activation::kRelu) return select(x > zero, one, zero);
    if constexpr (kKind == Activation::kAffine) return splat<V>(alpha);
    if constexpr (kKind == Activation::kLeakyRelu) return select(x < zero, splat<V>(alpha), one);
    if constexpr (kKind == Activation::kThresholdedRelu) {
      return select(x < splat<V>(alpha), zero, one);
    }
    if constexpr (kKind == Activation::kScaledTanh) {
      const V t = KERNEL_ISA::tanh(x * beta);
      return (one - t * t) * (alpha * beta);
    }
    if constexpr (kKind == Activation::kHardSigmoid) {
      return select((y > zero) & (y < one), splat<V>(alpha), zero);
    }
    if constexpr (kKind == Activation::kElu) return select(x < zero, exp(x) * alpha, one);
    if constexpr (kKind == Activation::kSoftsign) {
      const V d = KERNEL_ISA::abs(x) + one;
      return one / (d * d);
    }
    return sigmoid(x);  // of the softplus
  }
};

template <class T, Activation kKind>
static void slopes(T alpha, T beta, T clip, const T* x, const T* y, T* slope,
                   std::int64_t n) noexcept {
  using V = Vec<T>;
  const SlopeOf<T> function{alpha, beta};
  const V high = splat<V>(clip), low = V{} - high;
  FOR_LANES(T, i, lanes, n) {
    const V sum = load_partial<V>(x + i, lanes);
    const V v = function.template apply<kKind>(sum, load_partial<V>(y + i, lanes));
    store_partial(slope + i, select((sum < low) | (sum > high), V{}, v), lanes);
  }
}

template <class T>
static void slope_row(const CellActivation& a, double clip, const T* x, const T* y, T* slope,
                      std::int64_t n) noexcept {
  const T alpha = static_cast<T>(a.alpha), beta = static_cast<T>(a.beta);
  const T bound = static_cast<T>(clip);
  switch (a.kind) {
#define TW_CASE(kKind) \
  case Activation::kKind: return slopes<T, Activation::kKind>(alpha, beta, bound, x, y, slope, n);
    TW_ACTIVATIONS(TW_CASE)
#undef TW_CASE
  }
}

template <class T>
static void lstm_row_backwards(const LstmGradient<T>& r, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, j, lanes, n) {
    const At<T> at{j, lanes};
    const V before = at(r.c_before), dh = at(r.dh), g = at(r.gates + 3 * n);
    const V o_sum = dh * at(r.cell) * at(r.slopes + n);
    V dc = fma(dh * at(r.gates + n), at(r.cell_slope), at(r.dc));
    if (r.peepholes != nullptr) dc = fma(o_sum, at(r.peepholes + n), dc);
    const V i_sum = dc * (r.input_forget ? g - before : g) * at(r.slopes);
    const V f_sum = r.input_forget ? V{} : dc * before * at(r.slopes + 2 * n);
    const V g_sum = dc * at(r.gates) * at(r.slopes + 3 * n);
    V past = dc * at(r.gates + 2 * n);
    if (r.peepholes != nullptr) {
      past = fma(i_sum, at(r.peepholes), fma(f_sum, at(r.peepholes + 2 * n), past));
      store_partial(r.dp + j, fma(i_sum, before, at(r.dp)), lanes);
      store_partial(r.dp + n + j, fma(o_sum, at(r.c_after), at(r.dp + n)), lanes);
      store_partial(r.dp + 2 * n + j, fma(f_sum, before, at(r.dp + 2 * n)), lanes);
    }
    store_partial(r.dc + j, past, lanes);
    store_partial(r.sums + j, i_sum, lanes);
    store_partial(r.sums + n + j, o_sum, lanes);
    store_partial(r.sums + 2 * n + j, f_sum, lanes);
    store_partial(r.sums + 3 * n + j, g_sum, lanes);
  }
}

template <class T>
static void gru_row_backwards(const T* z, const T* z_slope, const T* g, const T* g_slope,
                              const T* before, T* dh, T* dz, T* dg, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, j, lanes, n) {
    const At<T> at{j, lanes};
    const V d = at(dh), keep = at(z);
    store_partial(dz + j, d * (at(before) - at(g)) * at(z_slope), lanes);
    store_partial(dg + j, d * (T(1) - keep) * at(g_slope), lanes);
    store_partial(dh + j, d * keep, lanes);
  }
}

template <class T>
struct CellGradient {
  static constexpr auto add = add_row<T>;
  static constexpr auto slope = slope_row<T>;
  static constexpr auto lstm = lstm_row_backwards<T>;
  static constexpr auto gru = gru_row_backwards<T>;
};

#undef FOR_LANES

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void add_rows(const T* a, T* y, std::int64_t n) noexcept {
  KERNEL_SELECT(CellGradient<T>::add)(a, y, n);
}

template <class T>
void activate_with_slope(const CellActivation& activation, double clip, T* x, T* slope,
                         std::int64_t n) noexcept {
  std::copy_n(x, n, slope);
  activate(activation, clip, x, n);
  KERNEL_SELECT(CellGradient<T>::slope)(activation, clip, slope, x, slope, n);
}

template <class T>
void lstm_gradient_row(const LstmGradient<T>& row, std::int64_t n) noexcept {
  KERNEL_SELECT(CellGradient<T>::lstm)(row, n);
}

template <class T>
void gru_gradient_row(const T* z, const T* z_slope, const T* g, const T* g_slope, const T* before,
                      T* dh, T* dz, T* dg, std::int64_t n) noexcept {
  KERNEL_SELECT(CellGradient<T>::gru)(z, z_slope, g, g_slope, before, dh, dz, dg, n);
}

#define TW_CELL_GRADIENT(T)                                                                  \
  template void add_rows(const T*, T*, std::int64_t) noexcept;                               \
  template void activate_with_slope(const CellActivation&, double, T*, T*, std::int64_t)     \
      noexcept;                                                                              \
  template void lstm_gradient_row(const LstmGradient<T>&, std::int64_t) noexcept;            \
  template void gru_gradient_row(const T*, const T*, const T*, const T*, const T*, T*, T*,   \
                                 T*, std::int64_t) noexcept;
TW_CELL_GRADIENT(float)
TW_CELL_GRADIENT(double)
#undef TW_CELL_GRADIENT

}  // namespace tw
#endif
