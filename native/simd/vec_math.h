// Mathematical functions on vectors, included after vec.h, once per pass. Names and limits are
// those of the C library: NaN in, NaN out; denormals are kept. Errors in units of the last place of
// a float, as test/native/vec_math_test.cc holds them: exp, exp2, log, log1p, log2, log10, erf
// below 1; sin, cos, expm1, tanh, sinh, cosh, asinh, acosh, atanh, acos, atan below 2; tan, asin,
// erfc, sigmoid, silu below 3; gelu below 4, its tanh form below 8 (in the negative tail). Baseline
// has no fused product and adds up to 0.7. Doubles take exp, expm1, log, log1p and what they make
// up from here and the rest from the C library, lane by lane.

#include "simd/vec_exp.h"
#include "simd/vec_log.h"

#include "simd/vec_trig.h"

#include "simd/vec_erf.h"

namespace tw::KERNEL_ISA {

VEC_LIBM(LibmAsin, asin);
VEC_LIBM(LibmAcos, acos);
VEC_LIBM(LibmAtan, atan);
VEC_LIBM(LibmSinh, sinh);
VEC_LIBM(LibmCosh, cosh);
VEC_LIBM(LibmTanh, tanh);
VEC_LIBM(LibmAsinh, asinh);
VEC_LIBM(LibmAcosh, acosh);
VEC_LIBM(LibmAtanh, atanh);
VEC_LIBM(LibmErf, erf);
VEC_LIBM(LibmErfc, erfc);
VEC_LIBM(LibmExp2, exp2);
VEC_LIBM(LibmLog2, log2);
VEC_LIBM(LibmLog10, log10);

#define VEC_DOUBLE(name, Libm) \
  VEC_FN Vec<double> name(Vec<double> x) noexcept { return by_lane<Libm>(x); }
VEC_DOUBLE(sin, LibmSin)
VEC_DOUBLE(cos, LibmCos)
VEC_DOUBLE(tan, LibmTan)
VEC_DOUBLE(asin, LibmAsin)
VEC_DOUBLE(acos, LibmAcos)
VEC_DOUBLE(atan, LibmAtan)
VEC_DOUBLE(sinh, LibmSinh)
VEC_DOUBLE(cosh, LibmCosh)
VEC_DOUBLE(tanh, LibmTanh)
VEC_DOUBLE(asinh, LibmAsinh)
VEC_DOUBLE(acosh, LibmAcosh)
VEC_DOUBLE(atanh, LibmAtanh)
VEC_DOUBLE(erf, LibmErf)
VEC_DOUBLE(erfc, LibmErfc)
VEC_DOUBLE(exp2, LibmExp2)
VEC_DOUBLE(log2, LibmLog2)
VEC_DOUBLE(log10, LibmLog10)
#undef VEC_DOUBLE

VEC_FN Vec<double> gelu(Vec<double> x) noexcept {
  using V = Vec<double>;
  const V tail = erfc(x * -0.70710678118654752440) * 0.5;
  // -inf * 0 is no number.
  return max_or_second(splat<V>(std::numeric_limits<double>::lowest()), x) * tail;
}
VEC_FN Vec<double> gelu_tanh(Vec<double> x) noexcept {
  using V = Vec<double>;
  const V b = bounded(x, -1e4, 1e4);
  const V u = b * fma(b * b, splat<V>(0.07135481627260025), splat<V>(1.5957691216057308));
  return x < -1e4 ? V{} : x / (exp(-u) + 1.0);
}
// x tanh(softplus(x)), with tanh log(1 + w) = n / (n + 2), n = w (w + 2).
template <class V>
VEC_FN V mish(V x) noexcept {
  using T = Lane<V>;
  const V w = exp(min_or_second(splat<V>(T(20)), x));
  const V n = w * (w + T(2));
  const V y = max_or_second(splat<V>(std::numeric_limits<T>::lowest()), x) * (n / (n + T(2)));
  return x > T(20) ? x : y;
}
template <class V>
VEC_FN V rsqrt(V x) noexcept {
  return Lane<V>(1) / sqrt(x);
}

struct LibmPow {
  static float apply(float x, float y) noexcept { return __builtin_powf(x, y); }
  static double apply(double x, double y) noexcept { return __builtin_pow(x, y); }
};
struct LibmAtan2 {
  static float apply(float y, float x) noexcept { return __builtin_atan2f(y, x); }
  static double apply(double y, double x) noexcept { return __builtin_atan2(y, x); }
};
template <class V>
VEC_FN V atan2(V y, V x) noexcept {
  return by_lane<LibmAtan2>(y, x);
}

template <class V>
VEC_FN VecN<float, kLanesOf<V>> pow_by_double(V x, V y) noexcept {
  return convert<float>(exp(log(x) * y));
}
// In double precision for ordinary positive x; all special cases are the C library's.
VEC_FN Vec<float> pow(Vec<float> x, Vec<float> y) noexcept {
#if KERNEL_BYTES == 16
  return by_lane<LibmPow>(x, y);
#else
  constexpr float kMax = std::numeric_limits<float>::max();
  const Vec<float> result =
      joined(pow_by_double(convert<double>(lower_half(x)), convert<double>(lower_half(y))),
             pow_by_double(convert<double>(upper_half(x)), convert<double>(upper_half(y))));
  const Mask<Vec<float>> special = ~((x > 0.0f) & (x <= kMax) & (abs(y) <= kMax));
  if (any(special)) [[unlikely]] return patched<LibmPow>(result, x, y, special);
  return result;
#endif
}
VEC_FN Vec<double> pow(Vec<double> x, Vec<double> y) noexcept { return by_lane<LibmPow>(x, y); }

}  // namespace tw::KERNEL_ISA
