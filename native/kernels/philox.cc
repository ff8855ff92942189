#include "kernels/philox.h"

#include <utility>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/philox.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

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

// The functions below use no fma, so that every instruction set gives the same bits.

template <class T>
struct Series;  // of 2 atanh(s) / s, sin(t) / t and cos(t) in squares, by rising power
template <>
struct Series<float> {
  static constexpr float log[] = {2, 2.f / 3, 2.f / 5, 2.f / 7, 2.f / 9, 2.f / 11};
  static constexpr float sine[] = {1, -1.f / 6, 1.f / 120, -1.f / 5040, 1.f / 362880};
  static constexpr float cosine[] = {1, -1.f / 2, 1.f / 24, -1.f / 720, 1.f / 40320,
                                     -1.f / 3628800};
};
template <>
struct Series<double> {
  static constexpr double log[] = {2,       2. / 3,  2. / 5,  2. / 7,  2. / 9,  2. / 11,
                                   2. / 13, 2. / 15, 2. / 17, 2. / 19, 2. / 21};
  static constexpr double sine[] = {
      1, -1. / 6, 1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800.,
      -1. / 1307674368000., 1. / 355687428096000.};
  static constexpr double cosine[] = {
      1, -1. / 2, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800, 1. / 479001600.,
      -1. / 87178291200., 1. / 20922789888000., -1. / 6402373705728000.};
};

template <class V, class T, int N>
static VEC_FN V polynomial(V x, const T (&c)[N]) noexcept {
  V y = splat<V>(c[N - 1]);
#pragma GCC unroll 16
  for (int i = N - 2; i >= 0; --i) y = y * x + c[i];
  return y;
}

template <class T>
struct Bits;
template <>
struct Bits<float> {
  using U = std::uint32_t;
  static constexpr int mantissa = 23;
  static constexpr U one = 0x3f800000u, half_root = 0x3f3504f3u;  // sqrt(1/2)
  static constexpr float least = 1e-7f, ln2_high = 0x1.62ep-1f, ln2_low = 0x1.0bfbe8p-15f;
};
template <>
struct Bits<double> {
  using U = std::uint64_t;
  static constexpr int mantissa = 52;
  static constexpr U one = 0x3ff0000000000000u, half_root = 0x3fe6a09e667f3bcdu;
  static constexpr double least = 1e-7, ln2_high = 0x1.62e42feep-1,
                          ln2_low = 0x1.a39ef35793c76p-33;
};

// The natural logarithm of normal positive numbers: x = 2^e m, log m = 2 atanh((m - 1)/(m + 1)).
template <class T>
static VEC_FN Vec<T> log_of(Vec<T> x) noexcept {
  using B = Bits<T>;
  using U = typename B::U;
  using I = std::make_signed_t<U>;
  const Vec<I> bits = bits_as<I>(x);
  const Vec<I> e = (bits - static_cast<I>(B::half_root)) >> B::mantissa;
  const Vec<T> m = bits_as<T>(bits - (e << B::mantissa));
  const Vec<T> s = (m - T(1)) / (m + T(1)), power = convert<T>(e);
  const Vec<T> y = s * polynomial(s * s, Series<T>::log);
  return power * B::ln2_high + (y + power * B::ln2_low);
}

// sin and cos of 2 pi u for u in [0, 1).
template <class T>
static VEC_FN void turn(Vec<T> u, Vec<T>& sine, Vec<T>& cosine) noexcept {
  using V = Vec<T>;
  using I = std::make_signed_t<typename Bits<T>::U>;
  const Vec<I> quarter = convert<I>(u * T(4) + T(0.5));
  const V t = (u - convert<T>(quarter) * T(0.25)) * T(6.283185307179586476925);
  const V s = t * polynomial(t * t, Series<T>::sine), c = polynomial(t * t, Series<T>::cosine);
  const Mask<V> swap = (quarter & 1) != 0;
  sine = select<V>((quarter & 2) != 0, V{} - select<V>(swap, c, s), select<V>(swap, c, s));
  cosine = select<V>(((quarter + 1) & 2) != 0, V{} - select<V>(swap, s, c),
                     select<V>(swap, s, c));
}

// Two normals of two uniforms.
template <class T>
static VEC_FN void box_muller(Vec<T> u, Vec<T> angle, Vec<T>& a, Vec<T>& b) noexcept {
  const Vec<T> size =
      KERNEL_ISA::sqrt(log_of<T>(max_or_second(u, splat<Vec<T>>(Bits<T>::least))) * T(-2));
  turn<T>(angle, a, b);
  a *= size;
  b *= size;
}

static VEC_FN Vec<float> to_uniform(Word w) noexcept {
  return bits_as<float>((w & 0x7fffffu) | Bits<float>::one) - 1.0f;
}
// Of two words in memory order: the second gives the lower half of the fraction.
static VEC_FN Vec<double> to_uniform(Vec<std::uint64_t> w) noexcept {
  const Vec<std::uint64_t> fraction = ((w & 0xfffffu) << 32) | (w >> 32);
  return bits_as<double>(fraction | Bits<double>::one) - 1.0;
}

// What a pass of kBlocks blocks gives, by element type: kGroup elements for each block.
struct UniformFloat {
  using T = float;
  static constexpr int kGroup = 4;
  static VEC_FN void make(const Words& w, float* out) noexcept {
    store_blocks(to_uniform(w.w[0]), to_uniform(w.w[1]), to_uniform(w.w[2]), to_uniform(w.w[3]),
                 out);
  }
};

// As many bits of each word as the format has in its fraction.
template <int kBits>
struct UniformShort {
  using T = float;
  static constexpr int kGroup = 4;
  static VEC_FN Vec<float> part(Word w) noexcept {
    constexpr int mask = (1 << kBits) - 1;
    return convert<float>((Vec<std::int32_t>)w & mask) * (1.0f / (1 << kBits));
  }
  static VEC_FN void make(const Words& w, float* out) noexcept {
    store_blocks(part(w.w[0]), part(w.w[1]), part(w.w[2]), part(w.w[3]), out);
  }
};

struct UniformDouble {
  using T = double;
  static constexpr int kGroup = 2;
  static VEC_FN void make(const Words& w, double* out) noexcept {
    std::uint32_t words[4 * kBlocks];
    store_blocks(w.w[0], w.w[1], w.w[2], w.w[3], words);
    for (int i = 0; i < 2 * kBlocks; i += kLanes<double>) {
      Vec<std::uint64_t> pair;
      __builtin_memcpy(&pair, words + 2 * i, sizeof(pair));
      store(out + i, to_uniform(pair));
    }
  }
};

struct NormalFloat {
  using T = float;
  static constexpr int kGroup = 4;
  static VEC_FN void make(const Words& w, float* out) noexcept {
    Vec<float> y[4];
    box_muller<float>(to_uniform(w.w[0]), to_uniform(w.w[1]), y[0], y[1]);
    box_muller<float>(to_uniform(w.w[2]), to_uniform(w.w[3]), y[2], y[3]);
    store_blocks(y[0], y[1], y[2], y[3], out);
  }
};

struct NormalDouble {
  using T = double;
  static constexpr int kGroup = 2;
  static VEC_FN void make(const Words& w, double* out) noexcept {
    constexpr int L = kLanes<double>;
    double u[2 * kBlocks];
    UniformDouble::make(w, u);
    for (int i = 0; i < 2 * kBlocks; i += 2 * L) {
      Vec<double> size, angle, a, b;
      for (int j = 0; j < L; ++j) {
        size[j] = u[i + 2 * j];
        angle[j] = u[i + 2 * j + 1];
      }
      box_muller<double>(size, angle, a, b);
      zip(a, b, size, angle);
      store(out + i, size);
      store(out + i + L, angle);
    }
  }
};

template <class T>
struct PutSame {
  using Out = T;
  static VEC_FN void put(T* out, const T* from, std::int64_t n) noexcept {
    std::memcpy(out, from, static_cast<std::size_t>(n) * sizeof(T));
  }
};
struct PutFloat16 {
  using Out = std::uint16_t;
  static VEC_FN void put(std::uint16_t* out, const float* from, std::int64_t n) noexcept {
    for (std::int64_t i = 0; i < n; i += kLanes<float>) {
      const std::int64_t lanes = n - i < kLanes<float> ? n - i : kLanes<float>;
      std::uint16_t part[kLanes<float>];
      store_float16(part, load_partial<Vec<float>>(from + i, lanes));
      std::memcpy(out + i, part, static_cast<std::size_t>(lanes) * 2);
    }
  }
};
struct PutBFloat16 {
  using Out = std::uint16_t;
  static VEC_FN void put(std::uint16_t* out, const float* from, std::int64_t n) noexcept {
    for (std::int64_t i = 0; i < n; i += kLanes<float>) {
      const std::int64_t lanes = n - i < kLanes<float> ? n - i : kLanes<float>;
      std::uint16_t part[kLanes<float>];
      store_bfloat16(part, load_partial<Vec<float>>(from + i, lanes));
      std::memcpy(out + i, part, static_cast<std::size_t>(lanes) * 2);
    }
  }
};

// Fills out with elements [first, first + n) of a distribution.
template <class Distribution, class Put>
static void fill(const Philox& p, std::int64_t first, std::int64_t n, void* to) noexcept {
  using D = Distribution;
  constexpr int kPass = D::kGroup * kBlocks;
  auto* out = static_cast<typename Put::Out*>(to);
  for (std::int64_t i = 0; i < n; i += kPass) {
    typename D::T pass[kPass];
    D::make(make_words(p, (first + i) / D::kGroup), pass);
    Put::put(out + i, pass, n - i < kPass ? n - i : kPass);
  }
}

// A group draws from its own 256 blocks; kBlocks groups go by lanes, until all are full.
template <class Distribution, class Put>
static void fill_truncated(const Philox& p, std::int64_t first, std::int64_t n,
                           void* to) noexcept {
  using D = Distribution;
  using T = typename D::T;
  constexpr int kGroup = D::kGroup, kPass = kGroup * kBlocks, kReserved = 256;
  auto* out = static_cast<typename Put::Out*>(to);
  for (std::int64_t i = 0; i < n; i += kPass) {
    T result[kPass] = {};
    int taken[kBlocks] = {}, missing = kPass;
    for (int block = 0; missing > 0 && block < kReserved; ++block) {
      T pass[kPass];
      D::make(make_words(p, (first + i) / kGroup * kReserved + block, kReserved), pass);
      for (int k = 0; k < kPass; ++k) {
        int& done = taken[k / kGroup];
        if (!(pass[k] < T(2) && pass[k] > T(-2)) || done == kGroup) continue;
        result[k / kGroup * kGroup + done++] = pass[k];
        --missing;
      }
    }
    Put::put(out + i, result, n - i < kPass ? n - i : kPass);
  }
}

static void words(const Philox& p, std::int64_t first, std::int64_t blocks,
                  std::uint32_t* out) noexcept {
  for (std::int64_t b = 0; b < blocks; b += kBlocks) {
    const Words w = make_words(p, first + b);
    std::uint32_t pass[4 * kBlocks];
    store_blocks(w.w[0], w.w[1], w.w[2], w.w[3], pass);
    const std::int64_t count = blocks - b < kBlocks ? blocks - b : kBlocks;
    std::memcpy(out + 4 * b, pass, static_cast<std::size_t>(count) * 16);
  }
}

static void uniform(const Philox& p, DType dtype, std::int64_t first, std::int64_t n,
                    void* out) noexcept {
  switch (dtype) {
    case DType::kFloat64: return fill<UniformDouble, PutSame<double>>(p, first, n, out);
    case DType::kFloat16: return fill<UniformShort<10>, PutFloat16>(p, first, n, out);
    case DType::kBFloat16: return fill<UniformShort<7>, PutBFloat16>(p, first, n, out);
    default: return fill<UniformFloat, PutSame<float>>(p, first, n, out);
  }
}

static void normal(const Philox& p, DType dtype, std::int64_t first, std::int64_t n,
                   void* out) noexcept {
  switch (dtype) {
    case DType::kFloat64: return fill<NormalDouble, PutSame<double>>(p, first, n, out);
    case DType::kFloat16: return fill<NormalFloat, PutFloat16>(p, first, n, out);
    case DType::kBFloat16: return fill<NormalFloat, PutBFloat16>(p, first, n, out);
    default: return fill<NormalFloat, PutSame<float>>(p, first, n, out);
  }
}

static void truncated(const Philox& p, DType dtype, std::int64_t first, std::int64_t n,
                      void* out) noexcept {
  switch (dtype) {
    case DType::kFloat64: return fill_truncated<NormalDouble, PutSame<double>>(p, first, n, out);
    case DType::kFloat16: return fill_truncated<NormalFloat, PutFloat16>(p, first, n, out);
    case DType::kBFloat16: return fill_truncated<NormalFloat, PutBFloat16>(p, first, n, out);
    default: return fill_truncated<NormalFloat, PutSame<float>>(p, first, n, out);
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void philox_words(const Philox& random, std::int64_t first, std::int64_t blocks,
                  std::uint32_t* out) noexcept {
  KERNEL_SELECT(words)(random, first, blocks, out);
}
void random_uniform(const Philox& random, DType dtype, std::int64_t first, std::int64_t n,
                    void* out) noexcept {
  KERNEL_SELECT(uniform)(random, dtype, first, n, out);
}
void random_normal(const Philox& random, DType dtype, std::int64_t first, std::int64_t n,
                   void* out) noexcept {
  KERNEL_SELECT(normal)(random, dtype, first, n, out);
}
void truncated_normal(const Philox& random, DType dtype, std::int64_t first, std::int64_t n,
                      void* out) noexcept {
  KERNEL_SELECT(truncated)(random, dtype, first, n, out);
}

void random_integers(const Philox& random, DType dtype, std::int64_t low, std::int64_t high,
                     std::int64_t first, std::int64_t n, void* out) noexcept {
  constexpr std::int64_t kPass = 256;
  const bool wide = dtype == DType::kInt64;
  const std::int64_t group = wide ? 2 : 4;
  const std::uint64_t range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  for (std::int64_t i = 0; i < n; i += kPass) {
    std::uint32_t word[kPass * 2];
    const std::int64_t count = n - i < kPass ? n - i : kPass;
    philox_words(random, (first + i) / group, (count + group - 1) / group, word);
    for (std::int64_t j = 0; j < count; ++j) {
      if (wide) {
        const std::uint64_t w = word[2 * j] | static_cast<std::uint64_t>(word[2 * j + 1]) << 32;
        static_cast<std::int64_t*>(out)[i + j] =
            static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + w % range);
      } else {
        const auto offset = word[j] % static_cast<std::uint32_t>(range);
        static_cast<std::int32_t*>(out)[i + j] =
            static_cast<std::int32_t>(static_cast<std::uint32_t>(low) + offset);
      }
    }
  }
}

}  // namespace tw
#endif
