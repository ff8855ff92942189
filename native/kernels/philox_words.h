// Blocks of Philox words by lanes. Kernel files include it after vec.h; it compiles once per pass, so
// it has no include guard of its own.

#include <utility>

#include "kernels/philox.h"

namespace tw::KERNEL_ISA {

using Word = Vec<std::uint32_t>;
static constexpr int kBlocks = kLanes<std::uint32_t>;  // of one pass

struct Words {
  Word w[4];
};

// The elements of a and b in turn, lower and upper half of them.
template <class V, int... I>
static VEC_FN void zip(V a, V b, V& low, V& high, std::integer_sequence<int, I...>) noexcept {
  constexpr int n = kLanesOf<V>;
  low = __builtin_shufflevector(a, b, (I / 2 + (I % 2) * n)...);
  high = __builtin_shufflevector(a, b, (n / 2 + I / 2 + (I % 2) * n)...);
}
template <class V>
static VEC_FN void zip(V a, V b, V& low, V& high) noexcept {
  zip(a, b, low, high, std::make_integer_sequence<int, kLanesOf<V>>{});
}

// out[4 * lane + i] = w[i][lane].
template <class V>
static VEC_FN void store_blocks(V w0, V w1, V w2, V w3, Lane<V>* out) noexcept {
  constexpr int n = kLanesOf<V>;
  V a, b, c, d, y;
  zip(w0, w2, a, b);
  zip(w1, w3, c, d);
  zip(a, c, w0, y);
  store(out, w0);
  store(out + n, y);
  zip(b, d, w0, y);
  store(out + 2 * n, w0);
  store(out + 3 * n, y);
}

static VEC_FN void multiply_wide(Word a, std::uint32_t by, Word& high, Word& low) noexcept {
  using Wide = Vec<std::uint64_t>;
  constexpr std::uint64_t kHigh = 0xffffffff00000000u;
  const Word m = splat<Word>(by);
  const Wide even = multiply_even(a, m);
  const Wide odd = multiply_even((Word)((Wide)a >> 32), m);
  low = (Word)((even & ~kHigh) | (odd << 32));
  high = (Word)((even >> 32) | (odd & kHigh));
}

// Blocks first, first + step, ... by lane.
static VEC_FN Words make_words(const Philox& p, std::int64_t first,
                               std::uint32_t step = 1) noexcept {
  const std::uint64_t start = p.counter + static_cast<std::uint64_t>(first);
  const auto low = static_cast<std::uint32_t>(start);
  const auto high = static_cast<std::uint32_t>(start >> 32);
  Word c0 = iota<Word>() * step + low;
  Word c1 = splat<Word>(high) - (Word)(c0 < low);  // the carry: a mask is -1
  Word c2 = splat<Word>(static_cast<std::uint32_t>(p.stream));
  Word c3 = splat<Word>(static_cast<std::uint32_t>(p.stream >> 32));
  auto k0 = static_cast<std::uint32_t>(p.key);
  auto k1 = static_cast<std::uint32_t>(p.key >> 32);
  for (int round = 0; round < 10; ++round, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
    Word high0, low0, high1, low1;
    multiply_wide(c0, 0xD2511F53u, high0, low0);
    multiply_wide(c2, 0xCD9E8D57u, high1, low1);
    c0 = high1 ^ c1 ^ k0;
    c2 = high0 ^ c3 ^ k1;
    c1 = low1;
    c3 = low0;
  }
  return {{c0, c1, c2, c3}};
}

}  // namespace tw::KERNEL_ISA
