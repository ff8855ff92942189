// Vectors of the pass in force, written once for every instruction set. Include it in a kernel file
// after foreach_isa.h; it compiles once per pass, so it has no include guard of its own. Example:
//
//   (all other headers first)
//   #define KERNEL_FILE "kernels/scale.cc"
//   #include "simd/foreach_isa.h"
//   #include "simd/vec.h"                // then, when needed, simd/vec_math.h
//
//   namespace tw::KERNEL_ISA {
//   static void scale(float* y, const float* x, float a, int64_t n) noexcept {
//     using V = Vec<float>;
//     int64_t i = 0;
//     for (; i + kLanes<float> <= n; i += kLanes<float>) store(y + i, load<V>(x + i) * a);
//     if (i < n) store_partial(y + i, load_partial<V>(x + i, n - i) * a, n - i);
//   }
//   }  // namespace tw::KERNEL_ISA
//   #if KERNEL_ONCE
//   namespace tw {
//   void scale(float* y, const float* x, float a, int64_t n) noexcept {
//     KERNEL_SELECT(scale)(y, x, a, n);
//   }
//   }  // namespace tw
//   #endif
//
// Vec<T> is a compiler vector of KERNEL_BYTES: + - * / & | ^ ~ << >> == < ... work lane by lane and
// accept a scalar of type T on one side; v[i] is a lane; a comparison gives Mask<V>, all bits set
// where true. Loads and stores need no alignment. Write functors, not lambdas, on vectors.

#include "simd/vec_arch.h"

namespace tw::KERNEL_ISA {

// Converts lane by lane, as a C cast does: floats truncate to integers (which must fit), integers
// wrap. The result has the same number of lanes, so it may be narrower or wider than V.
template <class To, class V>
VEC_FN VecN<To, kLanesOf<V>> convert(V v) noexcept {
  return __builtin_convertvector(v, VecN<To, kLanesOf<V>>);
}

// The same bits as lanes of another type; the size of the vector stays.
template <class To, class V>
VEC_FN VecBytes<To, sizeof(V)> bits_as(V v) noexcept {
  return (VecBytes<To, sizeof(V)>)v;
}

template <class V>
VEC_FN V load(const Lane<V>* p) noexcept {
  V v;
  __builtin_memcpy(&v, p, sizeof(V));
  return v;
}
template <class V>
VEC_FN void store(Lane<V>* p, V v) noexcept {
  __builtin_memcpy(p, &v, sizeof(V));
}

// Reads n lanes, 0 <= n <= lanes, and nothing beyond them; the other lanes are zero.
template <class V>
VEC_FN V load_partial(const Lane<V>* p, int64_t n) noexcept {
  return Partial<V>::load(p, n);
}
// Writes the first n lanes, 0 <= n <= lanes, and nothing beyond them.
template <class V>
VEC_FN void store_partial(Lane<V>* p, V v, int64_t n) noexcept {
  Partial<V>::store(p, v, n);
}

// Reads as many elements of type S as V has lanes and converts them.
template <class V, class S>
VEC_FN V load_as(const S* p) noexcept {
  return convert<Lane<V>>(load<VecN<S, kLanesOf<V>>>(p));
}
template <class S, class V>
VEC_FN void store_as(S* p, V v) noexcept {
  store<VecN<S, kLanesOf<V>>>(p, convert<S>(v));
}

// where ? a : b, lane by lane.
template <class V>
VEC_FN V select(Mask<V> where, V a, V b) noexcept {
  return where ? a : b;
}
// One instruction on x86; b when a or b is NaN.
template <class V>
VEC_FN V max_or_second(V a, V b) noexcept {
  return a > b ? a : b;
}
template <class V>
VEC_FN V min_or_second(V a, V b) noexcept {
  return a < b ? a : b;
}
// NaN when a or b is NaN.
template <class V>
VEC_FN V max(V a, V b) noexcept {
  const V m = max_or_second(a, b);
  if constexpr (kIsFloat<Lane<V>>) return a != a ? a : m;
  return m;
}
template <class V>
VEC_FN V min(V a, V b) noexcept {
  const V m = min_or_second(a, b);
  if constexpr (kIsFloat<Lane<V>>) return a != a ? a : m;
  return m;
}

template <class V>
VEC_FN V abs(V v) noexcept {
  if constexpr (kIsFloat<Lane<V>>) {
    return (V)((Mask<V>)v & ~((Mask<V>)splat<V>(Lane<V>(-0.0))));
  } else {
    return v < 0 ? V{} - v : v;  // the least integer stays as it is
  }
}
// The size of v with the sign of s; floats only.
template <class V>
VEC_FN V copysign(V v, V s) noexcept {
  const Mask<V> sign = (Mask<V>)splat<V>(Lane<V>(-0.0));
  return (V)(((Mask<V>)v & ~sign) | ((Mask<V>)s & sign));
}

// a lane index: 0, 1, 2, ...
template <class V>
VEC_FN V iota() noexcept {
  V v{};
  for (int i = 0; i < kLanesOf<V>; ++i) v[i] = Lane<V>(i);
  return v;
}

template <class V>
VEC_FN bool any(V mask) noexcept {
  return any_bits((VecBytes<int32_t, sizeof(V)>)mask);
}
template <class V>
VEC_FN bool all(V mask) noexcept {
  return !any(~mask);
}

template <class V>
VEC_FN VecBytes<Lane<V>, sizeof(V) / 2> lower_half(V v) noexcept {
  VecBytes<Lane<V>, sizeof(V) / 2> h;
  __builtin_memcpy(&h, &v, sizeof(h));
  return h;
}
template <class V>
VEC_FN VecBytes<Lane<V>, sizeof(V) / 2> upper_half(V v) noexcept {
  VecBytes<Lane<V>, sizeof(V) / 2> h;
  __builtin_memcpy(&h, reinterpret_cast<const char*>(&v) + sizeof(h), sizeof(h));
  return h;
}

struct Add {
  template <class V>
  static VEC_FN V apply(V a, V b) noexcept { return a + b; }
};
struct Multiply {
  template <class V>
  static VEC_FN V apply(V a, V b) noexcept { return a * b; }
};
struct Maximum {
  template <class V>
  static VEC_FN V apply(V a, V b) noexcept { return KERNEL_ISA::max(a, b); }
};
struct Minimum {
  template <class V>
  static VEC_FN V apply(V a, V b) noexcept { return KERNEL_ISA::min(a, b); }
};

// Combines all lanes by halves, always in the same order: (0 with n/2), (1 with n/2 + 1), ...
template <class Op, class V>
VEC_FN Lane<V> across(V v) noexcept {
  if constexpr (kLanesOf<V> == 2) {
    using T = Lane<V>;
    if constexpr (sizeof(V) >= 16) {
      return Op::apply(v, V{v[1], v[0]})[0];
    } else {
      typedef T V16 __attribute__((vector_size(16)));
      return Op::apply(V16{v[0]}, V16{v[1]})[0];
    }
  } else {
    return across<Op>(Op::apply(lower_half(v), upper_half(v)));
  }
}
template <class V>
VEC_FN Lane<V> sum_across(V v) noexcept { return across<Add>(v); }
template <class V>
VEC_FN Lane<V> max_across(V v) noexcept { return across<Maximum>(v); }
template <class V>
VEC_FN Lane<V> min_across(V v) noexcept { return across<Minimum>(v); }

// bfloat16 is the upper half of a float32. Narrowing rounds to nearest even; NaN stays NaN.
VEC_FN Vec<float> load_bfloat16(const uint16_t* p) noexcept {
  return bits_as<float>(load_as<Vec<uint32_t>>(p) << 16);
}
VEC_FN VecN<uint16_t, kLanes<float>> to_bfloat16(Vec<float> v) noexcept {
  const Vec<uint32_t> u = bits_as<uint32_t>(v);
  const Vec<uint32_t> rounded = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
  const Vec<uint32_t> quiet = (u >> 16) | 0x40u;
  return convert<uint16_t>((v != v) ? quiet : rounded);
}
VEC_FN void store_bfloat16(uint16_t* p, Vec<float> v) noexcept { store(p, to_bfloat16(v)); }

// IEEE half precision, rounded to nearest even.
VEC_FN Vec<float> load_float16(const uint16_t* p) noexcept {
  return from_float16(load<VecN<uint16_t, kLanes<float>>>(p));
}
VEC_FN void store_float16(uint16_t* p, Vec<float> v) noexcept { store(p, to_float16(v)); }

}  // namespace tw::KERNEL_ISA
