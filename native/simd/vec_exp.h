// Exponentials on vectors, included by vec_math.h once per pass. The argument is reduced after Cody
// and Waite (Software Manual for the Elementary Functions, 1980): x = n ln 2 + r, |r| <= ln 2 / 2,
// where n ln 2 is subtracted in two parts whose first product is exact. The polynomials in r are
// minimax fits (Remez) of the remainder of the Taylor series, coefficients rounded one by one.

namespace tw::KERNEL_ISA {

// c0 + c1 x + c2 x^2 + ... by Horner's rule.
template <class V>
VEC_FN V poly(V, Lane<V> c) noexcept {
  return splat<V>(c);
}
template <class V, class... Rest>
VEC_FN V poly(V x, Lane<V> c, Rest... rest) noexcept {
  return fma(poly(x, Lane<V>(rest)...), x, splat<V>(c));
}

// Puts x between low and high; NaN stays.
template <class V>
VEC_FN V bounded(V x, Lane<V> low, Lane<V> high) noexcept {
  return max_or_second(splat<V>(low), min_or_second(splat<V>(high), x));
}

// 1.5 * 2^23 (2^52): a smaller number added to it is rounded to an integer, which then stands in
// the low bits of the sum.
template <class V>
inline constexpr Lane<V> kRounder = sizeof(Lane<V>) == 4 ? Lane<V>(12582912.0)
                                                         : Lane<V>(6755399441055744.0);

// p * 2^n where shifted is n + kRounder. Two steps, because 2^n alone may not be a number. Unsigned,
// because the lanes of what is no number wrap.
VEC_FN Vec<float> scale_by_power(Vec<float> p, Vec<float> shifted) noexcept {
#if KERNEL_BYTES == 64
  const __m512 n = (__m512)(shifted - kRounder<Vec<float>>);
  return (Vec<float>)_mm512_maskz_scalef_ps(__mmask16(-1), (__m512)p, n);
#else
  const Vec<uint32_t> n = bits_as<uint32_t>(shifted) - 0x4b400000u;
  const Vec<uint32_t> half = (Vec<uint32_t>)((Vec<int32_t>)n >> 1);
  return p * bits_as<float>((half + 127) << 23) * bits_as<float>((n - half + 127) << 23);
#endif
}
VEC_FN Vec<double> scale_by_power(Vec<double> p, Vec<double> shifted) noexcept {
#if KERNEL_BYTES == 64
  const __m512d n = (__m512d)(shifted - kRounder<Vec<double>>);
  return (Vec<double>)_mm512_maskz_scalef_pd(__mmask8(-1), (__m512d)p, n);
#else
  const Vec<uint64_t> n = bits_as<uint64_t>(shifted) - 0x4338000000000000u;
  // Moved up by 2048, so that a logical shift halves n: AVX2 has no arithmetic one.
  const Vec<uint64_t> half = ((n + 2048u) >> 1) - 1024u;
  return p * bits_as<double>((half + 1023) << 52) * bits_as<double>((n - half + 1023) << 52);
#endif
}

template <class V>
struct Reduced {
  V r;        // the rest
  V shifted;  // n + kRounder
};
// x + low = n ln 2 + r, for a finite x of moderate size and a low far smaller. No low is -0: adding
// it changes nothing and takes no instruction, adding 0 would.
VEC_FN Reduced<Vec<float>> reduce_by_ln2(Vec<float> x, Vec<float> low = -Vec<float>{}) noexcept {
  using V = Vec<float>;
  const V shifted = fma(x, splat<V>(1.44269504f), splat<V>(kRounder<V>));
  const V n = shifted - kRounder<V>;
  const V r = fma(n, splat<V>(-0.693359375f), x);
  return {fma(n, splat<V>(2.12194440e-4f), r + low), shifted};
}
VEC_FN Reduced<Vec<double>> reduce_by_ln2(Vec<double> x,
                                          Vec<double> low = -Vec<double>{}) noexcept {
  using V = Vec<double>;
  const V shifted = fma(x, splat<V>(1.4426950408889634), splat<V>(kRounder<V>));
  const V n = shifted - kRounder<V>;
  const V r = fma(n, splat<V>(-6.93147180369123816490e-01), x);
  return {fma(n, splat<V>(-1.90821492927058770002e-10), r + low), shifted};
}

// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
VEC_FN Vec<float> exp_rest(Vec<float> r) noexcept {
  return poly(r, 0.5f, 0.166666657f, 0.0416664854f, 0.00833360385f, 0.00139328255f,
              0.000197167159f);
}
VEC_FN Vec<double> exp_rest(Vec<double> r) noexcept {
  return poly(r, 0.5, 0.16666666666666685, 0.041666666666666081, 0.0083333333333166972,
              0.0013888888889120328, 0.00019841269897236962, 2.4801586920817799e-05,
              2.7557233993050017e-06, 2.7557584556816667e-07, 2.5112344874708747e-08,
              2.0826369372376975e-09);
}
// Arguments beyond which exp is 0 and infinity.
template <class V>
inline constexpr Lane<V> kExpLow = sizeof(Lane<V>) == 4 ? Lane<V>(-104) : Lane<V>(-746);
template <class V>
inline constexpr Lane<V> kExpHigh = sizeof(Lane<V>) == 4 ? Lane<V>(89) : Lane<V>(710);

// exp(x + low) where low is a correction below the last place of x.
template <class V>
VEC_FN V exp_of_sum(V x, V low = -V{}) noexcept {
  const auto [r, shifted] = reduce_by_ln2(bounded(x, kExpLow<V>, kExpHigh<V>), low);
  return scale_by_power(fma(r * r, exp_rest(r), r) + Lane<V>(1), shifted);
}
VEC_FN Vec<float> exp(Vec<float> x) noexcept {
  using V = Vec<float>;
  const auto [r, shifted] = reduce_by_ln2(bounded(x, kExpLow<V>, kExpHigh<V>));
  // One term less than exp_rest: the result is near 1 here, not near r.
  const V rest = poly(r, 0.49999994f, 0.166665211f, 0.0416682027f, 0.00836889353f, 0.00138194149f);
  return scale_by_power(fma(r * r, rest, r) + 1.0f, shifted);
}
VEC_FN Vec<double> exp(Vec<double> x) noexcept { return exp_of_sum(x); }

VEC_FN Vec<float> exp2(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V b = bounded(x, -151.0f, 129.0f);
  const V shifted = b + kRounder<V>;
  const V r = (b - (shifted - kRounder<V>)) * 0.693147182f;
  return scale_by_power(fma(r * r, exp_rest(r), r) + 1.0f, shifted);
}

// e^x - 1 without cancellation: 2^n (e^r - 1) + (2^n - 1), taken as 2^n ((e^r - 1) + (1 - 2^-n)).
template <class V>
VEC_FN V expm1(V x) noexcept {
  using T = Lane<V>;
  const V b = bounded(x, sizeof(T) == 4 ? T(-18) : T(-40), kExpHigh<V>);
  const auto [r, shifted] = reduce_by_ln2(b);
  const V e = fma(r * r, exp_rest(r), r);
  const V inverse = scale_by_power(splat<V>(T(1)), (kRounder<V> - shifted) + kRounder<V>);
  const V result = scale_by_power(e + (T(1) - inverse), shifted);
  return x == T(0) ? x : result;
}

// 1 / (1 + e^-x), through e^-|x| so that small results keep all digits.
template <class V>
VEC_FN V sigmoid(V x) noexcept {
  using T = Lane<V>;
  const V e = exp(-abs(x));
  return (x < T(0) ? e : splat<V>(T(1))) / (e + T(1));
}
template <class V>
VEC_FN V silu(V x) noexcept {
  // The limit at -inf is 0, but -inf * 0 is no number.
  return max_or_second(splat<V>(std::numeric_limits<Lane<V>>::lowest()), x) * sigmoid(x);
}

// A polynomial near 0, 1 - 2 / (e^2|x| + 1) elsewhere.
VEC_FN Vec<float> tanh(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V z = x * x;
  const V small = fma(x * z, poly(z, -0.333332926f, 0.133316547f, -0.0537539572f, 0.0206783414f,
                                  -0.00574325351f), x);
  const V a = abs(x);
  const V large = 1.0f - 2.0f / (exp(a + a) + 1.0f);
  return a < 0.625f ? small : copysign(large, x);
}

// e^x / 2 for positive x, without overflow before the half itself overflows.
VEC_FN Vec<float> half_exp(Vec<float> x) noexcept {
  const auto [r, shifted] = reduce_by_ln2(bounded(x, -104.0f, 90.0f));
  return scale_by_power(fma(r * r, exp_rest(r), r) + 1.0f, shifted - 1.0f);
}
VEC_FN Vec<float> cosh(Vec<float> x) noexcept {
  const Vec<float> h = half_exp(abs(x));
  return h + 0.25f / h;
}
VEC_FN Vec<float> sinh(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V z = x * x;
  const V small = fma(x * z, poly(z, 0.166666672f, 0.00833330676f, 0.000198438735f,
                                  2.77605864e-06f), x);
  const V h = half_exp(abs(x));
  return abs(x) < 1.0f ? small : copysign(h - 0.25f / h, x);
}

}  // namespace tw::KERNEL_ISA
