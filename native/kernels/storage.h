// How elements of a storage type are read and written as lanes of the type that is computed in:
// float16 and bfloat16 as float, everything else as asked for. Included after simd/vec.h, once per
// pass, so it has no include guard.

namespace tw::KERNEL_ISA {

// The type that S is computed in.
template <class S>
struct MathOf {
  using type = S;
};
template <>
struct MathOf<Half> {
  using type = float;
};
template <>
struct MathOf<BFloat16> {
  using type = float;
};

template <class S>
using Math = typename MathOf<S>::type;

template <class V, class S>
VEC_FN V load_lanes(const S* p) noexcept {
  if constexpr (std::is_same_v<S, Half>) {
    return load_float16(reinterpret_cast<const uint16_t*>(p));
  } else if constexpr (std::is_same_v<S, BFloat16>) {
    return load_bfloat16(reinterpret_cast<const uint16_t*>(p));
  } else if constexpr (std::is_same_v<S, Lane<V>>) {
    return load<V>(p);
  } else {
    return load_as<V>(p);
  }
}

template <class S, class V>
VEC_FN void store_lanes(S* p, V v) noexcept {
  if constexpr (std::is_same_v<S, Half>) {
    store_float16(reinterpret_cast<uint16_t*>(p), v);
  } else if constexpr (std::is_same_v<S, BFloat16>) {
    store_bfloat16(reinterpret_cast<uint16_t*>(p), v);
  } else if constexpr (std::is_same_v<S, Lane<V>>) {
    store(p, v);
  } else {
    store_as(p, v);
  }
}

// n < lanes of V; lanes beyond are zero.
template <class V, class S>
VEC_FN V load_lanes(const S* p, int64_t n) noexcept {
  if constexpr (std::is_same_v<S, Lane<V>>) {
    return load_partial<V>(p, n);
  } else {
    S lanes[kLanesOf<V>] = {};
    for (int64_t i = 0; i < n; ++i) lanes[i] = p[i];
    return load_lanes<V>(lanes);
  }
}

template <class S, class V>
VEC_FN void store_lanes(S* p, V v, int64_t n) noexcept {
  if constexpr (std::is_same_v<S, Lane<V>>) {
    store_partial(p, v, n);
  } else {
    S lanes[kLanesOf<V>];
    store_lanes(lanes, v);
    for (int64_t i = 0; i < n; ++i) p[i] = lanes[i];
  }
}

template <class T, class S>
VEC_FN T load_one(S x) noexcept {
  if constexpr (std::is_same_v<S, Half> || std::is_same_v<S, BFloat16>) {
    return static_cast<T>(to_float(x));
  } else {
    return static_cast<T>(x);
  }
}

template <class S, class T>
VEC_FN S store_one(T x) noexcept {
  if constexpr (std::is_same_v<S, Half>) {
    return tw::to_half(static_cast<float>(x));
  } else if constexpr (std::is_same_v<S, BFloat16>) {
    return tw::to_bfloat16(static_cast<float>(x));
  } else {
    return static_cast<S>(x);
  }
}

// Runs F<S> of the storage type of a floating dtype.
template <template <class> class F, class... Args>
VEC_FN void by_storage(DType dtype, Args... args) noexcept {
  switch (dtype) {
    case DType::kFloat64: return F<double>::run(args...);
    case DType::kFloat16: return F<Half>::run(args...);
    case DType::kBFloat16: return F<BFloat16>::run(args...);
    default: return F<float>::run(args...);
  }
}

}  // namespace tw::KERNEL_ISA
