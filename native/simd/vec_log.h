// Logarithms on vectors, included by vec_math.h once per pass. x = 2^e m with m between sqrt(1/2)
// and sqrt(2); log m is f - f^2/2 + f^3 P(f), f = m - 1 (the form of Cody and Waite), with an own
// minimax P; in double precision the series of 2 atanh(f / (2 + f)) instead.

namespace tw::KERNEL_ISA {

template <class V>
struct LogParts {
  V exponent;  // e
  V f;         // m - 1, exact
  V rest;      // log m - f
};

// For positive finite x.
VEC_FN LogParts<Vec<float>> log_parts(Vec<float> x) noexcept {
  using V = Vec<float>;
  const Mask<V> denormal = x < 0x1p-126f;
  const Vec<uint32_t> u = bits_as<uint32_t>(denormal ? x * 0x1p23f : x);
  const Vec<int32_t> e = bits_as<int32_t>(u - 0x3f3504f3u) >> 23;
  const V f = bits_as<float>(u - (bits_as<uint32_t>(e) << 23)) - 1.0f;
  const V p = poly(f, 0.333333135f, -0.250001699f, 0.20002225f, -0.166592136f, 0.142094389f,
                   -0.125521898f, 0.121111244f, -0.109098248f, 0.0533963256f);
  const V z = f * f;
  const V exponent = convert<float>(e) - (denormal ? splat<V>(23.0f) : V{});
  return {exponent, f, fma(z, splat<V>(-0.5f), z * f * p)};
}
VEC_FN LogParts<Vec<double>> log_parts(Vec<double> x) noexcept {
  using V = Vec<double>;
  const Mask<V> denormal = x < 0x1p-1022;
  const Vec<uint64_t> u = bits_as<uint64_t>(denormal ? x * 0x1p52 : x);
  // The difference is made positive, since AVX2 has no arithmetic shift.
  const Vec<uint64_t> biased = (u - 0x3fe6a09e667f3bcdu + (uint64_t(2048) << 52)) >> 52;
  const V f = bits_as<double>(u - ((biased - 2048u) << 52)) - 1.0;
  const V s = f / (f + 2.0);
  const V z = s * s;
  const V p = poly(z, 0.66666666666666663, 0.40000000000004826, 0.28571428569352791,
                   0.22222222626639285, 0.18181776115858977, 0.15387108574769262,
                   0.13249083660356106, 0.1326508580910192);
  // 2 s = f - s f, and s f = f^2/2 - s f^2/2: the first order leaves no rounding error.
  const V half = 0.5 * f * f;
  const V rest = s * fma(z, p, half) - half;
  // An integer below 2^52 in the low bits of 2^52 reads as that number.
  const V count = bits_as<double>(biased | 0x4330000000000000u) - (0x1p52 + 2048.0);
  return {count - (denormal ? splat<V>(52.0) : V{}), f, rest};
}

// -inf at zero, NaN below and for NaN, inf at inf; else the value given.
template <class V>
VEC_FN V with_log_limits(V x, V value) noexcept {
  using T = Lane<V>;
  const V inf = splat<V>(std::numeric_limits<T>::infinity());
  const V nan = splat<V>(std::numeric_limits<T>::quiet_NaN());
  const V below = x == T(0) ? -inf : nan;
  return x > T(0) ? (x == inf ? inf : value) : below;
}

// tail, far smaller than the rest, is added to the logarithm.
VEC_FN Vec<float> log_of_parts(LogParts<Vec<float>> p, Vec<float> tail) noexcept {
  const Vec<float> low = fma(p.exponent, splat<Vec<float>>(-2.12194440e-4f), p.rest + tail);
  return fma(p.exponent, splat<Vec<float>>(0.693359375f), low + p.f);
}
VEC_FN Vec<double> log_of_parts(LogParts<Vec<double>> p, Vec<double> tail) noexcept {
  using V = Vec<double>;
  const V low = fma(p.exponent, splat<V>(1.90821492927058770002e-10), p.rest + tail);
  return fma(p.exponent, splat<V>(6.93147180369123816490e-01), low + p.f);
}

template <class V>
VEC_FN V log(V x) noexcept {
  return with_log_limits(x, log_of_parts(log_parts(x), V{}));
}

// log u plus the part of x that 1 + x rounded away, over u (Kahan).
template <class V>
VEC_FN V log1p(V x) noexcept {
  using T = Lane<V>;
  const V u = x + T(1);
  const V lost = x > T(1) ? T(1) - (u - x) : x - (u - T(1));
  const V value = log_of_parts(log_parts(u), lost / u);
  // Below 2^-60 the lost part is all there is; this also keeps the sign of zero.
  return abs(x) < T(0x1p-60) ? x : with_log_limits(u, value);
}

VEC_FN Vec<float> log2(Vec<float> x) noexcept {
  using V = Vec<float>;
  const LogParts<V> p = log_parts(x);
  const V low = fma(p.rest, splat<V>(1.44269502f), p.f * 1.92596299e-8f);
  const V scaled = fma(p.f, splat<V>(1.44269502f), low);
  return with_log_limits(x, scaled + p.exponent);
}
VEC_FN Vec<float> log10(Vec<float> x) noexcept {
  using V = Vec<float>;
  const LogParts<V> p = log_parts(x);
  // log10(2) = 0.301025390625 + 4.6050389e-6, the first with few digits.
  const V low = fma(p.exponent, splat<V>(4.60503907e-6f), p.rest * 0.434294492f);
  const V scaled = fma(p.f, splat<V>(0.434294492f), low);
  return with_log_limits(x, fma(p.exponent, splat<V>(0.301025390625f), scaled));
}

// log(1 + e^x)
template <class V>
VEC_FN V softplus(V x) noexcept {
  return max(x, V{}) + log1p(exp(-abs(x)));
}

VEC_FN Vec<float> asinh(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V a = abs(x);
  const V z = a * a;
  const V small = log1p(a + z / (sqrt(z + 1.0f) + 1.0f));
  const V large = log(a) + 0.693147182f;
  return copysign(a > 0x1p30f ? large : small, x);
}
VEC_FN Vec<float> acosh(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V t = x - 1.0f;
  const V small = log1p(t + sqrt(fma(t, t, t + t)));
  return x > 0x1p30f ? log(x) + 0.693147182f : small;
}
VEC_FN Vec<float> atanh(Vec<float> x) noexcept {
  const Vec<float> a = abs(x);
  return copysign(0.5f * log1p((a + a) / (1.0f - a)), x);
}

}  // namespace tw::KERNEL_ISA
