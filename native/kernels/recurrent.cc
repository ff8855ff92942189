#include "kernels/recurrent.h"

#include <limits>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/recurrent.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"
#include "kernels/lanes.h"

namespace tw::KERNEL_ISA {

template <class V>
static VEC_FN V load_lanes(const Lane<V>* p, std::int64_t lanes) noexcept {
  return lanes == kLanesOf<V> ? load<V>(p) : load_partial<V>(p, lanes);
}
template <class V>
static VEC_FN void store_lanes(Lane<V>* p, V v, std::int64_t lanes) noexcept {
  if (lanes == kLanesOf<V>) {
    store(p, v);
  } else {
    store_partial(p, v, lanes);
  }
}

template <class T>
struct ActivationOf {
  using V = Vec<T>;
  T alpha, beta;

  template <Activation kKind>
  VEC_FN V apply(V x) const noexcept {
    const V zero{}, one = splat<V>(T(1));
    if constexpr (kKind == Activation::kSigmoid) return sigmoid(x);
    if constexpr (kKind == Activation::kTanh) return KERNEL_ISA::tanh(x);
    if constexpr (kKind == Activation::kRelu) return KERNEL_ISA::max(x, zero);
    if constexpr (kKind == Activation::kAffine) return x * alpha + beta;
    if constexpr (kKind == Activation::kLeakyRelu) return x < zero ? x * alpha : x;
    if constexpr (kKind == Activation::kThresholdedRelu) return x < alpha ? zero : x;
    if constexpr (kKind == Activation::kScaledTanh) return KERNEL_ISA::tanh(x * beta) * alpha;
    if constexpr (kKind == Activation::kHardSigmoid) {
      return KERNEL_ISA::min(KERNEL_ISA::max(x * alpha + beta, zero), one);
    }
    if constexpr (kKind == Activation::kElu) return x < zero ? KERNEL_ISA::expm1(x) * alpha : x;
    if constexpr (kKind == Activation::kSoftsign) return x / (KERNEL_ISA::abs(x) + T(1));
    // log(1 + e^x) = max(x, 0) + log(1 + e^-|x|)
    return KERNEL_ISA::max(x, zero) + log1p(exp(zero - KERNEL_ISA::abs(x)));
  }
};

template <class T, Activation kKind>
static void activate_kind(T alpha, T beta, T clip, T* x, std::int64_t n) noexcept {
  using V = Vec<T>;
  const ActivationOf<T> function{alpha, beta};
  const V high = splat<V>(clip), low = V{} - high;
  FOR_LANES(T, i, lanes, n) {
    V v = load_lanes<V>(x + i, lanes);
    v = min_or_second(high, max_or_second(low, v));
    store_lanes(x + i, function.template apply<kKind>(v), lanes);
  }
}

template <class T>
static void activate_row(const CellActivation& a, double clip, T* x, std::int64_t n) noexcept {
  const T alpha = static_cast<T>(a.alpha), beta = static_cast<T>(a.beta);
  const T bound = static_cast<T>(clip);
  switch (a.kind) {
#define TW_CASE(kKind) \
  case Activation::kKind: return activate_kind<T, Activation::kKind>(alpha, beta, bound, x, n);
    TW_ACTIVATIONS(TW_CASE)
#undef TW_CASE
  }
}

template <class T>
static void multiply_add_row(const T* a, const T* b, T* y, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, i, lanes, n) {
    const V sum = fma(load_lanes<V>(a + i, lanes), load_lanes<V>(b + i, lanes),
                      load_lanes<V>(y + i, lanes));
    store_lanes(y + i, sum, lanes);
  }
}

template <class T>
static void multiply_row(const T* a, const T* b, T* y, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, i, lanes, n) {
    store_lanes<V>(y + i, load_lanes<V>(a + i, lanes) * load_lanes<V>(b + i, lanes), lanes);
  }
}

template <class T>
static void complement_row(const T* x, T* y, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, i, lanes, n) store_lanes<V>(y + i, T(1) - load_lanes<V>(x + i, lanes), lanes);
}

template <class T>
static void blend_row(const T* z, const T* g, const T* before, T* h, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, i, lanes, n) {
    const V keep = load_lanes<V>(z + i, lanes);
    const V fresh = (T(1) - keep) * load_lanes<V>(g + i, lanes);
    store_lanes(h + i, fma(keep, load_lanes<V>(before + i, lanes), fresh), lanes);
  }
}

template <class T>
struct LstmCell {
  using V = Vec<T>;

  // One vector of units. c becomes the new cell; gives h.
  static VEC_FN V next(V i, V o, V f, V g, V& c) noexcept {
    c = fma(sigmoid(f), c, sigmoid(i) * KERNEL_ISA::tanh(g));
    return sigmoid(o) * KERNEL_ISA::tanh(c);
  }
};

// The same with two divisions instead of five, over common denominators: 1 / sigmoid(x) is 1 + e^-x
// and tanh(x) is -m / (2 + m) with m = e^-2x - 1. Arguments are bounded so that products of three
// denominators are numbers; a sigmoid is then never below e^-29.
template <>
struct LstmCell<float> {
  using V = Vec<float>;

  static VEC_FN V inverse_sigmoid(V x) noexcept {
    const auto [r, shifted] = reduce_by_ln2(bounded(V{} - x, -87.0f, 29.0f));
    return 1.0f + scale_by_power(fma(r * r, exp_rest(r), r) + 1.0f, shifted);
  }
  static VEC_FN V m_of(V x) noexcept {
    const auto [r, shifted] = reduce_by_ln2(bounded(x * -2.0f, -18.0f, 29.0f));
    const V e = fma(r * r, exp_rest(r), r);
    const V inverse = scale_by_power(splat<V>(1.0f), (kRounder<V> - shifted) + kRounder<V>);
    return scale_by_power(e + (1.0f - inverse), shifted);
  }
  static VEC_FN V next(V i, V o, V f, V g, V& c) noexcept {
    const V m = m_of(g), input = inverse_sigmoid(i) * (2.0f + m), forget = inverse_sigmoid(f);
    c = (c * input - m * forget) / (input * forget);
    const V n = m_of(c);
    return (V{} - n) / ((2.0f + n) * inverse_sigmoid(o));
  }
};

template <class T>
static void lstm_step(const T* gates, T* c, T* h, std::int64_t n) noexcept {
  using V = Vec<T>;
  FOR_LANES(T, j, lanes, n) {
    const V i = load_lanes<V>(gates + j, lanes), o = load_lanes<V>(gates + n + j, lanes);
    const V f = load_lanes<V>(gates + 2 * n + j, lanes);
    const V g = load_lanes<V>(gates + 3 * n + j, lanes);
    V cell = load_lanes<V>(c + j, lanes);
    const V out = LstmCell<T>::next(i, o, f, g, cell);
    store_lanes(c + j, cell, lanes);
    store_lanes(h + j, out, lanes);
  }
}

template <class T>
struct Recurrent {
  static constexpr auto activate = activate_row<T>;
  static constexpr auto multiply_add = multiply_add_row<T>;
  static constexpr auto multiply = multiply_row<T>;
  static constexpr auto complement = complement_row<T>;
  static constexpr auto blend = blend_row<T>;
  static constexpr auto lstm = lstm_step<T>;
};

#undef FOR_LANES

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void activate(const CellActivation& activation, double clip, T* x, std::int64_t n) noexcept {
  KERNEL_SELECT(Recurrent<T>::activate)(activation, clip, x, n);
}
template <class T>
void multiply_add(const T* a, const T* b, T* y, std::int64_t n) noexcept {
  KERNEL_SELECT(Recurrent<T>::multiply_add)(a, b, y, n);
}
template <class T>
void multiply_rows(const T* a, const T* b, T* y, std::int64_t n) noexcept {
  KERNEL_SELECT(Recurrent<T>::multiply)(a, b, y, n);
}
template <class T>
void complement(const T* x, T* y, std::int64_t n) noexcept {
  KERNEL_SELECT(Recurrent<T>::complement)(x, y, n);
}
template <class T>
void blend(const T* z, const T* g, const T* before, T* h, std::int64_t n) noexcept {
  KERNEL_SELECT(Recurrent<T>::blend)(z, g, before, h, n);
}
template <class T>
void lstm_row(const T* gates, T* c, T* h, std::int64_t n) noexcept {
  KERNEL_SELECT(Recurrent<T>::lstm)(gates, c, h, n);
}

#define TW_RECURRENT(T)                                                                     \
  template void activate(const CellActivation&, double, T*, std::int64_t) noexcept;         \
  template void multiply_add(const T*, const T*, T*, std::int64_t) noexcept;                \
  template void multiply_rows(const T*, const T*, T*, std::int64_t) noexcept;               \
  template void complement(const T*, T*, std::int64_t) noexcept;                            \
  template void blend(const T*, const T*, const T*, T*, std::int64_t) noexcept;             \
  template void lstm_row(const T*, T*, T*, std::int64_t) noexcept;
TW_RECURRENT(float)
TW_RECURRENT(double)
#undef TW_RECURRENT

}  // namespace tw
#endif
