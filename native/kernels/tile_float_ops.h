// The tile instructions of the float domains; included once per pass after simd/vec_math.h and
// kernels/tile_loop.h.

namespace tw::KERNEL_ISA {

struct LibmFmod {
  static float apply(float x, float y) noexcept { return __builtin_fmodf(x, y); }
  static double apply(double x, double y) noexcept { return __builtin_fmod(x, y); }
};
// Of the divisor's sign, as Python has it.
template <class V>
VEC_FN V floor_mod(V a, V b) noexcept {
  const V r = by_lane<LibmFmod>(a, b);
  return (r != 0) & ((r < 0) != (b < 0)) ? r + b : r;
}
template <class V>
VEC_FN V sign_of(V x) noexcept {
  return x != x ? x : one_where<V>(x > 0) - one_where<V>(x < 0);
}
// between(low, x, high) lets NaN in x through.
template <class V>
VEC_FN V between(V low, V x, V high) noexcept {
  return min_or_second(high, max_or_second(low, x));
}
template <class V>
VEC_FN V number(double x) noexcept {
  return splat<V>(Lane<V>(x));
}
constexpr double kSeluScale = 1.0507009873554804934193349852946;
constexpr double kSeluScaleAlpha = 1.7580993408473768599402175208123;

#define TILE_FLOAT_OPS(X)                                                                 \
  X(Copy, 1, a)                                                                           \
  X(Neg, 1, -a)                                                                           \
  X(Abs, 1, abs(a))                                                                       \
  X(Sign, 1, sign_of(a))                                                                  \
  X(Square, 1, a * a)                                                                     \
  X(Reciprocal, 1, T(1) / a)                                                              \
  X(Sqrt, 1, sqrt(a))                                                                     \
  X(Rsqrt, 1, rsqrt(a))                                                                   \
  X(Exp, 1, exp(a))                                                                       \
  X(Exp2, 1, exp2(a))                                                                     \
  X(Expm1, 1, expm1(a))                                                                   \
  X(Log, 1, log(a))                                                                       \
  X(Log1p, 1, log1p(a))                                                                   \
  X(Log2, 1, log2(a))                                                                     \
  X(Log10, 1, log10(a))                                                                   \
  X(Sin, 1, sin(a))                                                                       \
  X(Cos, 1, cos(a))                                                                       \
  X(Tan, 1, tan(a))                                                                       \
  X(Asin, 1, asin(a))                                                                     \
  X(Acos, 1, acos(a))                                                                     \
  X(Atan, 1, atan(a))                                                                     \
  X(Sinh, 1, sinh(a))                                                                     \
  X(Cosh, 1, cosh(a))                                                                     \
  X(Tanh, 1, tanh(a))                                                                     \
  X(Asinh, 1, asinh(a))                                                                   \
  X(Acosh, 1, acosh(a))                                                                   \
  X(Atanh, 1, atanh(a))                                                                   \
  X(Sigmoid, 1, sigmoid(a))                                                               \
  X(Erf, 1, erf(a))                                                                       \
  X(Erfc, 1, erfc(a))                                                                     \
  X(Ceil, 1, ceil(a))                                                                     \
  X(Floor, 1, floor(a))                                                                   \
  X(Round, 1, round_even(a))                                                              \
  X(Trunc, 1, trunc(a))                                                                   \
  X(IsNan, 1, one_where<V>(a != a))                                                       \
  X(IsInf, 1, one_where<V>(abs(a) == std::numeric_limits<T>::infinity()))                 \
  X(IsFinite, 1, one_where<V>(abs(a) <= std::numeric_limits<T>::max()))                   \
  X(Truth, 1, one_where<V>(a != zero))                                                    \
  X(Not, 1, one_where<V>(a == zero))                                                      \
  X(Relu, 1, max_or_second(V{}, a))                                                       \
  X(Relu6, 1, between(V{}, a, number<V>(6)))                                              \
  X(Gelu, 1, gelu(a))                                                                     \
  X(GeluTanh, 1, gelu_tanh(a))                                                            \
  X(Silu, 1, silu(a))                                                                     \
  X(Softplus, 1, softplus(a))                                                             \
  X(Softsign, 1, a / (abs(a) + T(1)))                                                     \
  X(HardSwish, 1, a * between(V{}, a + T(3), number<V>(6)) * T(1.0 / 6.0))                \
  X(Mish, 1, mish(a))                                                                     \
  X(LeakyRelu, 1, a > zero ? a : i0 * a)                                                  \
  X(Elu, 1, a > zero ? a : i0 * expm1(a))                                                 \
  X(Selu, 1, a > zero ? a * T(kSeluScale) : expm1(a) * T(kSeluScaleAlpha))                \
  X(HardSigmoid, 1, between(V{}, fma(a, i0, i1), number<V>(1)))                           \
  X(ClipTo, 1, between(i0, a, i1))                                                        \
  X(Affine, 1, fma(a, i0, i1))                                                            \
  X(Add, 2, a + b)                                                                        \
  X(Sub, 2, a - b)                                                                        \
  X(Mul, 2, a * b)                                                                        \
  X(Div, 2, a / b)                                                                        \
  X(FloorDiv, 2, floor(a / b))                                                            \
  X(TruncDiv, 2, trunc(a / b))                                                            \
  X(Mod, 2, by_lane<LibmFmod>(a, b))                                                      \
  X(FloorMod, 2, floor_mod(a, b))                                                         \
  X(Pow, 2, pow(a, b))                                                                    \
  X(Max, 2, KERNEL_ISA::max(a, b))                                                        \
  X(Min, 2, KERNEL_ISA::min(a, b))                                                        \
  X(SquaredDifference, 2, (a - b) * (a - b))                                              \
  X(Atan2, 2, atan2(a, b))                                                                \
  X(Xdivy, 2, a == zero ? V{} : a / b)                                                    \
  X(Xlogy, 2, a == zero ? V{} : a * log(b))                                               \
  X(Xlog1py, 2, a == zero ? V{} : a * log1p(b))                                           \
  X(DivNoNan, 2, b == zero ? V{} : a / b)                                                 \
  X(MulNoNan, 2, b == zero ? V{} : a * b)                                                 \
  X(Eq, 2, one_where<V>(a == b))                                                          \
  X(Ne, 2, one_where<V>(a != b))                                                          \
  X(Lt, 2, one_where<V>(a < b))                                                           \
  X(Le, 2, one_where<V>(a <= b))                                                          \
  X(Gt, 2, one_where<V>(a > b))                                                           \
  X(Ge, 2, one_where<V>(a >= b))                                                          \
  X(Near, 2, one_where<V>(abs(a - b) < i0))                                               \
  X(And, 2, one_where<V>((a != zero) & (b != zero)))                                      \
  X(Or, 2, one_where<V>((a != zero) | (b != zero)))                                       \
  X(Xor, 2, one_where<V>((a != zero) ^ (b != zero)))                                      \
  X(ReluGrad, 2, b > zero ? a : V{})                                                      \
  X(Relu6Grad, 2, (b > zero) & (b < T(6)) ? a : V{})                                      \
  X(SoftplusGrad, 2, a * sigmoid(b))                                                      \
  X(SoftsignGrad, 2, a / ((abs(b) + T(1)) * (abs(b) + T(1))))                             \
  X(SeluGrad, 2, b < zero ? a * (b + T(kSeluScaleAlpha)) : a * T(kSeluScale))             \
  X(EluGrad, 2, b < zero ? a * (b + i0) : a)                                              \
  X(LeakyReluGrad, 2, b > zero ? a : a * i0)                                              \
  X(SigmoidGrad, 2, b * a * (T(1) - a))                                                   \
  X(TanhGrad, 2, b * (T(1) - a * a))                                                      \
  X(SqrtGrad, 2, b * T(0.5) / a)                                                          \
  X(RsqrtGrad, 2, b * T(-0.5) * (a * a * a))                                              \
  X(ReciprocalGrad, 2, -b * a * a)                                                        \
  X(Select, 3, a != zero ? b : c)                                                         \
  X(Fma, 3, fma(a, b, c))                                                                 \
  X(Clip, 3, between(b, a, c))

TILE_FLOAT_OPS(TILE_OP)

template <class T>
static constexpr TileCode float_code() noexcept {
  TileCode table{};
  TILE_FLOAT_OPS(TILE_ENTRY)
  return table;
}

}  // namespace tw::KERNEL_ISA
