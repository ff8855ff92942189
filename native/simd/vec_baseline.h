// The baseline's share of vec_arch.h, included inside its namespace. SSE2 lacks fused products,
// rounding and half precision, so they are spelled out; the same code serves NEON.

template <class V>
VEC_FN V fma(V a, V b, V c) noexcept {
  return a * b + c;
}
template <class V>
VEC_FN V sqrt(V v) noexcept {
  for (int i = 0; i < kLanesOf<V>; ++i) {
    v[i] = sizeof(v[0]) == 4 ? Lane<V>(__builtin_sqrtf(float(v[i])))
                             : Lane<V>(__builtin_sqrt(double(v[i])));
  }
  return v;
}
VEC_FN Vec<uint64_t> multiply_even(Vec<uint32_t> a, Vec<uint32_t> b) noexcept {
#if defined(__SSE2__)
  return (Vec<uint64_t>)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
  return Vec<uint64_t>{uint64_t(a[0]) * b[0], uint64_t(a[2]) * b[2]};
#endif
}
VEC_FN bool any_bits(Vec<int32_t> v) noexcept {
  const Vec<int64_t> w = (Vec<int64_t>)v;
  return (w[0] | w[1]) != 0;
}

template <class V>
VEC_FN V with_sign_of(V v, V s) noexcept {
  const Mask<V> sign = (Mask<V>)splat<V>(Lane<V>(-0.0));
  return (V)(((Mask<V>)v & ~sign) | ((Mask<V>)s & sign));
}

// Adding 2^23 (2^52) leaves no bits for a fraction; numbers that large are integers already.
template <class V>
VEC_FN V round_even(V v) noexcept {
  using T = Lane<V>;
  const T big = sizeof(T) == 4 ? T(8388608.0) : T(4503599627370496.0);
  const V size = with_sign_of(v, V{});
  const V rounded = with_sign_of((size + big) - big, v);
  return size < big ? rounded : v;
}
template <class V>
VEC_FN V floor(V v) noexcept {
  using T = Lane<V>;
  const V r = round_even(v);
  return with_sign_of(r - (r > v ? splat<V>(T(1)) : V{}), v);
}
template <class V>
VEC_FN V ceil(V v) noexcept {
  using T = Lane<V>;
  const V r = round_even(v);
  return with_sign_of(r + (r < v ? splat<V>(T(1)) : V{}), v);
}
template <class V>
VEC_FN V trunc(V v) noexcept {
  return with_sign_of(floor(with_sign_of(v, V{})), v);
}

// A half is scaled by 2^112 as a float of the same fraction, which also makes its denormals right.
VEC_FN Vec<float> from_float16(VecN<uint16_t, 4> h) noexcept {
  const Vec<uint32_t> u = __builtin_convertvector(h, Vec<uint32_t>);
  const Vec<uint32_t> size = (u & 0x7fffu) << 13;
  const Vec<float> scaled = (Vec<float>)size * 0x1p112f;
  const Vec<uint32_t> quiet = (Vec<uint32_t>)(size > 0x0f800000u) & 0x400000u;
  const Vec<uint32_t> special = size | 0x7f800000u | quiet;
  const Vec<uint32_t> r = size >= 0x0f800000u ? special : (Vec<uint32_t>)scaled;
  return (Vec<float>)(r | ((u & 0x8000u) << 16));
}

// Normal results round by integer carry, denormal ones by a float addition whose last place is
// that of the half's denormals (2^-24).
VEC_FN VecN<uint16_t, 4> to_float16(Vec<float> v) noexcept {
  const Vec<uint32_t> u = (Vec<uint32_t>)v;
  const Vec<uint32_t> size = u & 0x7fffffffu;
  const Vec<uint32_t> normal = (size - 0x38000000u + 0xfffu + ((size >> 13) & 1u)) >> 13;
  const Vec<uint32_t> tiny = (Vec<uint32_t>)((Vec<float>)size + 0.5f) - 0x3f000000u;
  const Vec<uint32_t> nan = ((size >> 13) & 0x3ffu) | 0x7e00u;
  Vec<uint32_t> r = size < 0x38800000u ? tiny : normal;
  r = size >= 0x477ff000u ? 0x7c00u - Vec<uint32_t>{} : r;
  r = size > 0x7f800000u ? nan : r;
  return __builtin_convertvector(r | ((u >> 16) & 0x8000u), VecN<uint16_t, 4>);
}
