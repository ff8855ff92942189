// Error functions and what is made of them, on vectors of float; included by vec_math.h once per
// pass. erf near 0 is x times a polynomial in x^2, beyond it 1 - e^-G(|x|), G = -log erfc fitted.
// erfc is e^-x^2 times a polynomial in (x - 2) / (x + 2) over 1 + 2x (the change of variable of
// Shepherd and Laframboise, 1981). All coefficients are own minimax fits.

namespace tw::KERNEL_ISA {

VEC_FN Vec<float> erf_near_zero(Vec<float> x) noexcept {
  const Vec<float> p = poly(x * x, 0.128379166f, -0.376126289f, 0.112836257f, -0.0268557314f,
                            0.00519240508f, -0.000804976968f, 7.99664995e-05f);
  return fma(x, p, x);
}
VEC_FN Vec<float> erf(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V a = abs(x);
  const V t = min_or_second(splat<V>(3.95f), a);
  const V g = t * poly(t, 1.12864852f, 0.635151207f, 0.106237046f, -0.0237622112f, 0.00364254415f,
                       -0.000322833832f, 1.12359185e-05f);
  return a < 0.92f ? erf_near_zero(x) : copysign(1.0f - exp(-g), x);
}

// e^x^2 erfc(x) for x between 0 and 10.2.
VEC_FN Vec<float> scaled_erfc(Vec<float> x) noexcept {
  const Vec<float> q = (x - 2.0f) / (x + 2.0f);
  const Vec<float> p = poly(q, 1.27697837f, -0.0927641317f, -0.166030049f, 0.164057523f,
                            -0.0542171374f, -0.00807149988f, 0.00866967626f, 0.0013439405f,
                            -0.0012657447f, -0.00043072697f);
  return p / fma(x, splat<Vec<float>>(2.0f), splat<Vec<float>>(1.0f));
}
// e^(c x^2) for negative c a power of two: the square is made exact in two parts.
VEC_FN Vec<float> exp_of_square(Vec<float> x, float c) noexcept {
  const Vec<float> top = bits_as<float>(bits_as<int32_t>(x) & ~0xfff);
  return exp_of_sum(c * (top * top), c * ((x - top) * (x + top)));
}
VEC_FN Vec<float> erfc(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V a = min_or_second(splat<V>(10.2f), abs(x));
  const V tail = exp_of_square(a, -1.0f) * scaled_erfc(a);
  return abs(x) < 0.5f ? 1.0f - erf_near_zero(x) : (x < 0.0f ? 2.0f - tail : tail);
}

// x Phi(x), Phi the normal distribution: for negative x from the tail, so that it keeps its digits.
VEC_FN Vec<float> gelu(Vec<float> x) noexcept {
  using V = Vec<float>;
  const V a = min_or_second(splat<V>(14.4f), abs(x));
  const V tail = 0.5f * exp_of_square(a, -0.5f) * scaled_erfc(a * 0.707106769f);
  return x < 0.0f ? -a * tail : fma(-a, tail, x);
}
// The usual approximation x / 2 (1 + tanh u), which is x / (1 + e^-2u).
VEC_FN Vec<float> gelu_tanh(Vec<float> x) noexcept {
  using V = Vec<float>;
  // Beyond 1e4 it is x or 0, and the cube must not overflow.
  const V b = bounded(x, -1e4f, 1e4f);
  const V u = b * fma(b * b, splat<V>(0.0713548163f), splat<V>(1.59576912f));
  const V e = exp(-u);
  return x < -1e4f ? V{} : x / (e + 1.0f);
}

}  // namespace tw::KERNEL_ISA
