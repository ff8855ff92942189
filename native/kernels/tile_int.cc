#include "kernels/tile_table.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/tile_int.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

#include "kernels/tile_loop.h"

namespace tw::KERNEL_ISA {

// Two's complement, whatever the sign of T: computed without overflow in the language's sense.
template <class V>
using UnsignedVec = VecBytes<std::make_unsigned_t<Lane<V>>, sizeof(V)>;
template <class V>
VEC_FN V wrapping_mul(V a, V b) noexcept {
  return (V)((UnsignedVec<V>)a * (UnsignedVec<V>)b);
}
template <class V>
VEC_FN V wrapping_add(V a, V b) noexcept {
  return (V)((UnsignedVec<V>)a + (UnsignedVec<V>)b);
}
template <class V>
VEC_FN V wrapping_sub(V a, V b) noexcept {
  return (V)((UnsignedVec<V>)a - (UnsignedVec<V>)b);
}

template <class V>
VEC_FN Mask<V> in_range(int64_t lanes) noexcept {
  return iota<Mask<V>>() < Lane<Mask<V>>(lanes);
}

// The quotient towards zero; a zero divisor gives 0 and sets failed.
template <class V>
VEC_FN V quotient(V a, V b, int64_t lanes, bool& failed) noexcept {
  using T = Lane<V>;
  const Mask<V> none = b == T(0);
  failed |= any(none & in_range<V>(lanes));
  Mask<V> careful = none;
  if constexpr (std::is_signed_v<T>) careful |= b == T(-1);
  const V q = a / (careful ? splat<V>(T(1)) : b);
  const V negated = std::is_signed_v<T> ? wrapping_sub(V{}, q) : q;
  return none ? V{} : (careful ? negated : q);
}
template <class V>
VEC_FN V remainder(V a, V b, int64_t lanes, bool& failed) noexcept {
  const V q = quotient(a, b, lanes, failed);
  return b == Lane<V>(0) ? V{} : wrapping_sub(a, wrapping_mul(q, b));
}
template <class V>
VEC_FN V floor_mod(V a, V b, int64_t lanes, bool& failed) noexcept {
  const V r = remainder(a, b, lanes, failed);
  return (r != 0) & ((r < 0) != (b < 0)) ? r + b : r;
}
template <class V>
VEC_FN V floor_quotient(V a, V b, int64_t lanes, bool& failed) noexcept {
  const V q = quotient(a, b, lanes, failed);
  const V r = wrapping_sub(a, wrapping_mul(q, b));
  return (r != 0) & ((r < 0) != (b < 0)) & (b != 0) ? wrapping_sub(q, one_where<V>(b != 0)) : q;
}

// A shift by less than zero or by the width or more gives 0 and sets failed.
template <class V>
VEC_FN Mask<V> bad_shift(V by, int64_t lanes, bool& failed) noexcept {
  const Mask<V> bad = (UnsignedVec<V>)by >= std::make_unsigned_t<Lane<V>>(8 * sizeof(Lane<V>));
  failed |= any(bad & in_range<V>(lanes));
  return bad;
}
template <class V>
VEC_FN V shifted_left(V a, V by, int64_t lanes, bool& failed) noexcept {
  const Mask<V> bad = bad_shift(by, lanes, failed);
  return bad ? V{} : (V)((UnsignedVec<V>)a << (UnsignedVec<V>)(bad ? V{} : by));
}
template <class V>
VEC_FN V shifted_right(V a, V by, int64_t lanes, bool& failed) noexcept {
  const Mask<V> bad = bad_shift(by, lanes, failed);
  return bad ? V{} : a >> (bad ? V{} : by);
}

// By repeated squaring; a negative exponent gives 0 and sets failed.
template <class V>
static V power(V a, V b, int64_t lanes, bool& failed) noexcept {
  using T = Lane<V>;
  failed |= any((b < T(0)) & in_range<V>(lanes));
  V result = splat<V>(T(1));
  V left = b < T(0) ? V{} : b;
  while (any(left != T(0))) {
    result = (left & T(1)) != T(0) ? wrapping_mul(result, a) : result;
    a = wrapping_mul(a, a);
    left = (V)((UnsignedVec<V>)left >> 1);
  }
  return b < T(0) ? V{} : result;
}
template <class V>
VEC_FN V population(V a) noexcept {
  for (int i = 0; i < kLanesOf<V>; ++i) {
    a[i] = Lane<V>(__builtin_popcountll(uint64_t(std::make_unsigned_t<Lane<V>>(a[i]))));
  }
  return a;
}
template <class V>
VEC_FN V wrapped(V a, int bits, bool with_sign) noexcept {
  const int up = int(8 * sizeof(Lane<V>)) - bits;
  const UnsignedVec<V> high = (UnsignedVec<V>)a << up;
  return with_sign ? (V)((Mask<V>)high >> up) : (V)(high >> up);
}
template <class V>
VEC_FN V between(V low, V x, V high) noexcept {
  return KERNEL_ISA::min(high, KERNEL_ISA::max(low, x));
}

#define TILE_INT_OPS(X)                                                                   \
  X(Copy, 1, a)                                                                           \
  X(Neg, 1, wrapping_sub(V{}, a))                                                         \
  X(Abs, 1, a < zero ? wrapping_sub(V{}, a) : a)                                          \
  X(Sign, 1, one_where<V>(a > zero) - one_where<V>(a < zero))                             \
  X(Square, 1, wrapping_mul(a, a))                                                        \
  X(Truth, 1, one_where<V>(a != zero))                                                    \
  X(Not, 1, one_where<V>(a == zero))                                                      \
  X(Invert, 1, ~a)                                                                        \
  X(PopulationCount, 1, population(a))                                                    \
  X(Relu, 1, a > zero ? a : V{})                                                          \
  X(Relu6, 1, between(V{}, a, splat<V>(T(6))))                                            \
  X(ClipTo, 1, between(i0, a, i1))                                                        \
  X(WrapInt8, 1, wrapped(a, 8, true))                                                     \
  X(WrapInt16, 1, wrapped(a, 16, true))                                                   \
  X(WrapUint8, 1, wrapped(a, 8, false))                                                   \
  X(WrapUint16, 1, wrapped(a, 16, false))                                                 \
  X(Add, 2, wrapping_add(a, b))                                                           \
  X(Sub, 2, wrapping_sub(a, b))                                                           \
  X(Mul, 2, wrapping_mul(a, b))                                                           \
  X(Div, 2, quotient(a, b, lanes, failed))                                                \
  X(TruncDiv, 2, quotient(a, b, lanes, failed))                                           \
  X(FloorDiv, 2, floor_quotient(a, b, lanes, failed))                                     \
  X(Mod, 2, remainder(a, b, lanes, failed))                                               \
  X(FloorMod, 2, floor_mod(a, b, lanes, failed))                                          \
  X(Pow, 2, power(a, b, lanes, failed))                                                   \
  X(Max, 2, KERNEL_ISA::max(a, b))                                                        \
  X(Min, 2, KERNEL_ISA::min(a, b))                                                        \
  X(SquaredDifference, 2, wrapping_mul(wrapping_sub(a, b), wrapping_sub(a, b)))           \
  X(Eq, 2, one_where<V>(a == b))                                                          \
  X(Ne, 2, one_where<V>(a != b))                                                          \
  X(Lt, 2, one_where<V>(a < b))                                                           \
  X(Le, 2, one_where<V>(a <= b))                                                          \
  X(Gt, 2, one_where<V>(a > b))                                                           \
  X(Ge, 2, one_where<V>(a >= b))                                                          \
  X(Near, 2, one_where<V>((a > b ? a - b : b - a) < i0))                                  \
  X(And, 2, one_where<V>((a != zero) & (b != zero)))                                      \
  X(Or, 2, one_where<V>((a != zero) | (b != zero)))                                       \
  X(Xor, 2, one_where<V>((a != zero) ^ (b != zero)))                                      \
  X(BitAnd, 2, a & b)                                                                     \
  X(BitOr, 2, a | b)                                                                      \
  X(BitXor, 2, a ^ b)                                                                     \
  X(ShiftLeft, 2, shifted_left(a, b, lanes, failed))                                      \
  X(ShiftRight, 2, shifted_right(a, b, lanes, failed))                                    \
  X(ReluGrad, 2, b > zero ? a : V{})                                                      \
  X(Relu6Grad, 2, (b > zero) & (b < T(6)) ? a : V{})                                      \
  X(Select, 3, a != zero ? b : c)                                                         \
  X(Fma, 3, wrapping_add(wrapping_mul(a, b), c))                                          \
  X(Clip, 3, between(b, a, c))

TILE_INT_OPS(TILE_OP)

template <class T>
static constexpr TileCode int_code() noexcept {
  TileCode table{};
  TILE_INT_OPS(TILE_ENTRY)
  return table;
}

static const TileFn* code_int(tile::Domain domain) noexcept {
  static constexpr TileCode kI32 = int_code<int32_t>(), kI64 = int_code<int64_t>();
  static constexpr TileCode kU32 = int_code<uint32_t>(), kU64 = int_code<uint64_t>();
  switch (domain) {
    case tile::Domain::kI32: return kI32.code;
    case tile::Domain::kI64: return kI64.code;
    case tile::Domain::kU32: return kU32.code;
    default: return kU64.code;
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

const TileFn* tile_code_int(tile::Domain domain) noexcept {
  return KERNEL_SELECT(code_int)(domain);
}

}  // namespace tw
#endif
