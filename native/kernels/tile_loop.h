// The loop of one tile instruction; included once per pass after simd/vec.h.

namespace tw::KERNEL_ISA {

template <class V>
VEC_FN V one_where(Mask<V> mask) noexcept {
  return (V)(mask & (Mask<V>)splat<V>(Lane<V>(1)));
}

template <class T, int kOperands>
struct TileCursor {
  const char *a, *b, *c;
  explicit VEC_FN TileCursor(const TileArgs& s) noexcept
      : a(s.in[0].data), b(s.in[1].data), c(s.in[2].data) {}
  template <int k>
  VEC_FN Vec<T> at(const char* p, int64_t lanes) const noexcept {
    if constexpr (k >= kOperands) return Vec<T>{};
    const T* from = reinterpret_cast<const T*>(p);
    return lanes == kLanes<T> ? load<Vec<T>>(from) : load_partial<Vec<T>>(from, lanes);
  }
  VEC_FN void advance(const TileArgs& s) noexcept {
    a += s.in[0].step;
    if constexpr (kOperands > 1) b += s.in[1].step;
    if constexpr (kOperands > 2) c += s.in[2].step;
  }
};

// Op::apply(a, b, c, i0, i1, lanes, failed) of vectors; what an instruction does not have is zero.
template <class Op, class T, int kOperands>
static void tile_run(TileArgs& s) noexcept {
  using V = Vec<T>;
  constexpr int64_t L = kLanes<T>;
  const V i0 = splat<V>(static_cast<T>(s.immediate[0]));
  const V i1 = splat<V>(static_cast<T>(s.immediate[1]));
  TileCursor<T, kOperands> in(s);
  T* dst = reinterpret_cast<T*>(s.dst);
  int64_t n = s.n;
  for (; n >= L; n -= L, dst += L, in.advance(s)) {
    const V a = in.template at<0>(in.a, L);
    const V b = in.template at<1>(in.b, L);
    const V c = in.template at<2>(in.c, L);
    store(dst, Op::apply(a, b, c, i0, i1, L, s.failed));
  }
  if (n > 0) {
    const V a = in.template at<0>(in.a, n);
    const V b = in.template at<1>(in.b, n);
    const V c = in.template at<2>(in.c, n);
    store_partial(dst, Op::apply(a, b, c, i0, i1, n, s.failed), n);
  }
}

// Ops as a list of X(Name, operands, expression): the expression sees V, T, a, b, c, i0, i1.
#define TILE_OP(Name, operands, expression)                                             \
  struct Tile##Name {                                                                   \
    template <class V>                                                                  \
    static VEC_FN V apply([[maybe_unused]] V a, [[maybe_unused]] V b,                   \
                          [[maybe_unused]] V c, [[maybe_unused]] V i0,                  \
                          [[maybe_unused]] V i1, [[maybe_unused]] int64_t lanes,        \
                          [[maybe_unused]] bool& failed) noexcept {                     \
      using T = Lane<V>;                                                                \
      [[maybe_unused]] constexpr T zero = 0;                                            \
      return expression;                                                                \
    }                                                                                   \
  };
#define TILE_ENTRY(Name, operands, expression) \
  table.code[tile::k##Name] = tile_run<Tile##Name, T, operands>;

struct TileCode {
  TileFn code[tile::kOpcodeCount];
};

}  // namespace tw::KERNEL_ISA
