// Circular functions on vectors of float, included by vec_math.h once per pass. The quadrant is
// taken off in double precision with pi/2 in two parts (Cody and Waite), which leaves |r| <= pi/4
// right to the last bit up to kTrigBound; larger arguments go to the C library lane by lane (Payne
// and Hanek's reduction is there). Polynomials are own minimax fits.

namespace tw::KERNEL_ISA {

template <class V>
VEC_FN VecN<Lane<V>, 2 * kLanesOf<V>> joined(V low, V high) noexcept {
  VecN<Lane<V>, 2 * kLanesOf<V>> v;
  __builtin_memcpy(&v, &low, sizeof(V));
  __builtin_memcpy(reinterpret_cast<char*>(&v) + sizeof(V), &high, sizeof(V));
  return v;
}

inline constexpr float kTrigBound = 1e6f;

struct Quadrant {
  Vec<float> r;
  Vec<int32_t> n;  // its last two bits count
};
template <class V>
struct HalfQuadrant {
  VecN<float, kLanesOf<V>> r;
  VecN<int32_t, kLanesOf<V>> n;
};
template <class V>
VEC_FN HalfQuadrant<V> half_quadrant(V d) noexcept {
  const V shifted = d * 0.63661977236758138 + 6755399441055744.0;
  const V n = shifted - 6755399441055744.0;
  const V r = (d - n * 1.57079632673412561417) - n * 6.07710050650619224932e-11;
  return {convert<float>(r), convert<int32_t>(bits_as<int64_t>(shifted))};
}
VEC_FN Quadrant quadrant(Vec<float> x) noexcept {
  const auto low = half_quadrant(convert<double>(lower_half(x)));
  const auto high = half_quadrant(convert<double>(upper_half(x)));
  return {joined(low.r, high.r), joined(low.n, high.n)};
}

VEC_FN Vec<float> sin_poly(Vec<float> r, Vec<float> z) noexcept {
  return fma(r * z, poly(z, -0.166666552f, 0.00833218731f, -0.000195178945f), r);
}
VEC_FN Vec<float> cos_poly(Vec<float> z) noexcept {
  const Vec<float> p = poly(z, 0.041666653f, -0.00138876098f, 2.44617495e-05f);
  return fma(z, splat<Vec<float>>(-0.5f), splat<Vec<float>>(1.0f)) + z * z * p;
}

template <class F, class V>
__attribute__((noinline)) V by_lane(V v) noexcept {
  for (int i = 0; i < kLanesOf<V>; ++i) v[i] = F::apply(v[i]);
  return v;
}
template <class F, class V>
__attribute__((noinline)) V by_lane(V a, V b) noexcept {
  for (int i = 0; i < kLanesOf<V>; ++i) a[i] = F::apply(a[i], b[i]);
  return a;
}
// The result of the vector code but for the lanes in `where`, which the C library computes: no
// lane's result depends on its neighbours.
template <class F, class V>
__attribute__((noinline)) V patched(V result, V x, Mask<V> where) noexcept {
  for (int i = 0; i < kLanesOf<V>; ++i) result[i] = where[i] ? F::apply(x[i]) : result[i];
  return result;
}
template <class F, class V>
__attribute__((noinline)) V patched(V result, V a, V b, Mask<V> where) noexcept {
  for (int i = 0; i < kLanesOf<V>; ++i) result[i] = where[i] ? F::apply(a[i], b[i]) : result[i];
  return result;
}
// The C library's function of one lane, for the rare cases and for double precision.
#define VEC_LIBM(Name, function)                                              \
  struct Name {                                                               \
    static float apply(float x) noexcept { return __builtin_##function##f(x); } \
    static double apply(double x) noexcept { return __builtin_##function(x); }  \
  }
VEC_LIBM(LibmSin, sin);
VEC_LIBM(LibmCos, cos);
VEC_LIBM(LibmTan, tan);

VEC_FN Vec<float> sin(Vec<float> x) noexcept {
  using V = Vec<float>;
  const Quadrant q = quadrant(x);
  const V z = q.r * q.r;
  const V v = (q.n & 1) != 0 ? cos_poly(z) : sin_poly(q.r, z);
  const V signed_v = bits_as<float>(bits_as<int32_t>(v) ^ ((q.n & 2) << 30));
  const Mask<V> far = abs(x) > kTrigBound;
  if (any(far)) [[unlikely]] return patched<LibmSin>(signed_v, x, far);
  return x == 0.0f ? x : signed_v;
}
VEC_FN Vec<float> cos(Vec<float> x) noexcept {
  using V = Vec<float>;
  const Quadrant q = quadrant(x);
  const V z = q.r * q.r;
  const V v = (q.n & 1) != 0 ? sin_poly(q.r, z) : cos_poly(z);
  const V signed_v = bits_as<float>(bits_as<int32_t>(v) ^ (((q.n + 1) & 2) << 30));
  const Mask<V> far = abs(x) > kTrigBound;
  if (any(far)) [[unlikely]] return patched<LibmCos>(signed_v, x, far);
  return signed_v;
}
VEC_FN Vec<float> tan(Vec<float> x) noexcept {
  using V = Vec<float>;
  const Quadrant q = quadrant(x);
  const V z = q.r * q.r;
  const V p = poly(z, 0.333333433f, 0.133328199f, 0.0540462583f, 0.021339437f, 0.01071118f,
                   0.000225369513f, 0.00431769248f);
  const V t = fma(q.r * z, p, q.r);
  const V turned = (q.n & 1) != 0 ? -1.0f / t : t;
  const Mask<V> far = abs(x) > kTrigBound;
  if (any(far)) [[unlikely]] return patched<LibmTan>(turned, x, far);
  return x == 0.0f ? x : turned;
}

// asin of |x| <= 1/2; z is x^2.
VEC_FN Vec<float> asin_poly(Vec<float> x, Vec<float> z) noexcept {
  return fma(x * z, poly(z, 0.166667312f, 0.0749595389f, 0.0454021208f, 0.0244715903f,
                         0.0417240895f), x);
}
// Beyond 1/2 by asin x = pi/2 - 2 asin sqrt((1 - x) / 2).
VEC_FN Vec<float> asin(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V a = abs(x);
  const V h = (1.0f - a) * 0.5f;
  const V s = sqrt(h);
  const V near_one = 1.57079637f - (2.0f * asin_poly(s, h) + 4.37113883e-8f);
  return a <= 0.5f ? asin_poly(x, x * x) : copysign(near_one, x);
}
VEC_FN Vec<float> acos(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V a = abs(x);
  const V h = (1.0f - a) * 0.5f;
  const V twice = 2.0f * asin_poly(sqrt(h), h);
  const V far = x < 0.0f ? 3.14159274f - (twice + 8.74227766e-8f) : twice;
  return a <= 0.5f ? 1.57079637f - (asin_poly(x, x * x) + 4.37113883e-8f) : far;
}
VEC_FN Vec<float> atan(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V a = abs(x);
  const V t = a > 1.0f ? 1.0f / a : a;
  const V z = t * t;
  const V p = poly(z, -0.333333135f, 0.199989066f, -0.142675698f, 0.109678768f, -0.0844563022f,
                   0.0586318709f, -0.0318121426f, 0.0112388236f, -0.00186308939f);
  const V y = fma(t * z, p, t);
  return copysign(a > 1.0f ? 1.57079637f - (y + 4.37113883e-8f) : y, x);
}

}  // namespace tw::KERNEL_ISA
