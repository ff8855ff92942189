#include "kernels/philox.h"

#include <utility>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/philox.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/box_muller.h"
#include "kernels/philox_words.h"

namespace tw::KERNEL_ISA {

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
