#pragma once

#include <cstdint>

namespace tw::tile {

// The instructions of tile programs: name, number of operands, number of immediates. A truth value
// is 0 or 1 of the domain. Integers wrap; kDiv truncates them. Float operations let NaN through.
// clang-format off
#define TW_TILE_OPCODES(X)                                                                   \
  X(Copy, 1, 0) X(Neg, 1, 0) X(Abs, 1, 0) X(Sign, 1, 0) X(Square, 1, 0) X(Reciprocal, 1, 0)  \
  X(Sqrt, 1, 0) X(Rsqrt, 1, 0) X(Exp, 1, 0) X(Exp2, 1, 0) X(Expm1, 1, 0) X(Log, 1, 0)        \
  X(Log1p, 1, 0) X(Log2, 1, 0) X(Log10, 1, 0) X(Sin, 1, 0) X(Cos, 1, 0) X(Tan, 1, 0)         \
  X(Asin, 1, 0) X(Acos, 1, 0) X(Atan, 1, 0) X(Sinh, 1, 0) X(Cosh, 1, 0) X(Tanh, 1, 0)        \
  X(Asinh, 1, 0) X(Acosh, 1, 0) X(Atanh, 1, 0) X(Sigmoid, 1, 0) X(Erf, 1, 0) X(Erfc, 1, 0)   \
  X(Ceil, 1, 0) X(Floor, 1, 0) X(Round, 1, 0) X(Trunc, 1, 0)                                 \
  X(IsNan, 1, 0) X(IsInf, 1, 0) X(IsFinite, 1, 0) X(Truth, 1, 0) X(Not, 1, 0)                \
  X(Invert, 1, 0) X(PopulationCount, 1, 0)                                                   \
  X(Relu, 1, 0) X(Relu6, 1, 0) X(Gelu, 1, 0) X(GeluTanh, 1, 0) X(Silu, 1, 0)                 \
  X(Softplus, 1, 0) X(Softsign, 1, 0) X(HardSwish, 1, 0) X(Mish, 1, 0)                       \
  X(LeakyRelu, 1, 1)   /* x > 0 ? x : i0 * x */                                              \
  X(Elu, 1, 1)         /* x > 0 ? x : i0 * expm1(x) */                                       \
  X(Selu, 1, 0)                                                                              \
  X(HardSigmoid, 1, 2) /* i0 * x + i1 between 0 and 1 */                                     \
  X(ClipTo, 1, 2)      /* x between i0 and i1 */                                             \
  X(Affine, 1, 2)      /* x * i0 + i1 */                                                     \
  X(WrapInt8, 1, 0) X(WrapInt16, 1, 0) X(WrapUint8, 1, 0) X(WrapUint16, 1, 0)                \
  X(Add, 2, 0) X(Sub, 2, 0) X(Mul, 2, 0) X(Div, 2, 0) X(FloorDiv, 2, 0) X(TruncDiv, 2, 0)    \
  X(Mod, 2, 0) X(FloorMod, 2, 0) X(Pow, 2, 0) X(Max, 2, 0) X(Min, 2, 0)                      \
  X(SquaredDifference, 2, 0) X(Atan2, 2, 0) X(Xdivy, 2, 0) X(Xlogy, 2, 0) X(Xlog1py, 2, 0)   \
  X(DivNoNan, 2, 0) X(MulNoNan, 2, 0)                                                        \
  X(Eq, 2, 0) X(Ne, 2, 0) X(Lt, 2, 0) X(Le, 2, 0) X(Gt, 2, 0) X(Ge, 2, 0)                    \
  X(Near, 2, 1)        /* |a - b| < i0 */                                                    \
  X(And, 2, 0) X(Or, 2, 0) X(Xor, 2, 0)                                                      \
  X(BitAnd, 2, 0) X(BitOr, 2, 0) X(BitXor, 2, 0) X(ShiftLeft, 2, 0) X(ShiftRight, 2, 0)      \
  /* Gradients: of the output y (b in the first row, a in the second) or the input x. */     \
  X(ReluGrad, 2, 0) X(Relu6Grad, 2, 0) X(SoftplusGrad, 2, 0) X(SoftsignGrad, 2, 0)           \
  X(SeluGrad, 2, 0) X(EluGrad, 2, 1) X(LeakyReluGrad, 2, 1)                                  \
  X(SigmoidGrad, 2, 0) X(TanhGrad, 2, 0) X(SqrtGrad, 2, 0) X(RsqrtGrad, 2, 0)                \
  X(ReciprocalGrad, 2, 0)                                                                    \
  X(Select, 3, 0)      /* a ? b : c */                                                       \
  X(Fma, 3, 0)         /* a * b + c */                                                       \
  X(Clip, 3, 0)        /* a between b and c */                                               \
  X(Load, 0, 0)        /* made by Builder: input number a */
// clang-format on

enum Opcode : std::uint8_t {
#define TW_TILE_ENUM(name, operands, immediates) k##name,
  TW_TILE_OPCODES(TW_TILE_ENUM)
#undef TW_TILE_ENUM
  kOpcodeCount
};

int operand_count(Opcode op) noexcept;
int immediate_count(Opcode op) noexcept;
const char* name_of(Opcode op) noexcept;

}  // namespace tw::tile
