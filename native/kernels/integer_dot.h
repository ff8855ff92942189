// Dot products of four unsigned with four signed bytes in each lane, exact; included after
// kernels/integer_finish.h, once per pass, so it has no include guard.

namespace tw::KERNEL_ISA {

using Sums = Vec<std::int32_t>;

// The dot product of four unsigned with four signed bytes, in each lane, by pairs of 16 bits: bytes
// of even and of odd places apart. The products of a pair and their sum fit, so nothing saturates.
struct PairDot {
  static constexpr int kRows = KERNEL_BYTES == 64 ? 4 : 3;
  using Pairs = Vec<std::int16_t>;
  struct Weights {
    Pairs even, odd;
  };
  struct Values {
    Pairs even, odd;
  };
  static VEC_FN Weights weights(const std::int8_t* p) noexcept {
    const Pairs w = bits_as<std::int16_t>(load<Vec<std::int8_t>>(p));
    return {(w << 8) >> 8, w >> 8};
  }
  static VEC_FN Values values(Sums x) noexcept {
    return {bits_as<std::int16_t>(x & 0x00ff00ff),
            bits_as<std::int16_t>((bits_as<std::uint32_t>(x) >> 8) & 0x00ff00ffu)};
  }
  static VEC_FN Sums add(Sums sum, Values x, Weights w) noexcept {
    return sum + (multiply_pairs(x.even, w.even) + multiply_pairs(x.odd, w.odd));
  }
};

#if KERNEL_BYTES == 64
// One instruction, written out: the target of this pass does not have it, has_vnni() says whether
// the machine does.
struct VnniDot {
  static constexpr int kRows = 6;
  using Weights = Sums;
  using Values = Sums;
  static VEC_FN Weights weights(const std::int8_t* p) noexcept {
    Sums w;
    __builtin_memcpy(&w, p, sizeof(w));
    return w;
  }
  static VEC_FN Values values(Sums x) noexcept { return x; }
  static VEC_FN Sums add(Sums sum, Values x, Weights w) noexcept {
    asm("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(x), "v"(w));
    return sum;
  }
};
#endif

}  // namespace tw::KERNEL_ISA
