#include "kernels/copy_loops.h"

#define KERNEL_FILE "kernels/copy_loops.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

template <int kBytes>
static VEC_FN void move(char* to, const char* from) noexcept {
  __builtin_memcpy(to, from, kBytes);
}

// Two moves that overlap cover every length from kBytes to 2 * kBytes.
template <int kBytes>
static void copy_pairs(char* to, const char* from, const CopyAxis& rows, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < rows.size; ++i, to += rows.to, from += rows.from) {
    char first[kBytes], last[kBytes];
    __builtin_memcpy(first, from, kBytes);
    __builtin_memcpy(last, from + n - kBytes, kBytes);
    __builtin_memcpy(to, first, kBytes);
    __builtin_memcpy(to + n - kBytes, last, kBytes);
  }
}

static void copy_bytes(char* to, const char* from, const CopyAxis& rows, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < rows.size; ++i, to += rows.to, from += rows.from) {
    for (std::int64_t k = 0; k < n; ++k) to[k] = from[k];
  }
}

// Rows of `bytes` each. Short ones are not worth a call of memcpy.
static void rows_of(char* to, const char* from, const CopyAxis& rows, std::int64_t bytes) noexcept {
  if (bytes < 4) return copy_bytes(to, from, rows, bytes);
  if (bytes <= 8) return copy_pairs<4>(to, from, rows, bytes);
  if (bytes <= 16) return copy_pairs<8>(to, from, rows, bytes);
  if (bytes <= 32) return copy_pairs<16>(to, from, rows, bytes);
  if (bytes <= 64) return copy_pairs<32>(to, from, rows, bytes);
  for (std::int64_t i = 0; i < rows.size; ++i, to += rows.to, from += rows.from) {
    __builtin_memcpy(to, from, static_cast<std::size_t>(bytes));
  }
}

struct Runs {
  template <std::int64_t kBytes>
  static void apply(char* to, const char* from, const CopyAxis& outer,
                    const CopyAxis& inner) noexcept {
    rows_of(to, from, outer, inner.size * kBytes);
  }
};

struct Repeats {
  template <std::int64_t kBytes>
  static void apply(char* to, const char* from, const CopyAxis& outer,
                    const CopyAxis& inner) noexcept {
    constexpr std::int64_t kCount = KERNEL_BYTES / kBytes;
    for (std::int64_t i = 0; i < outer.size; ++i, to += outer.to, from += outer.from) {
      char pattern[KERNEL_BYTES];
      for (std::int64_t k = 0; k < kCount; ++k) move<kBytes>(pattern + k * kBytes, from);
      const auto v = load<Vec<std::uint8_t>>(reinterpret_cast<const std::uint8_t*>(pattern));
      std::int64_t k = 0;
      for (; k + kCount <= inner.size; k += kCount) {
        store(reinterpret_cast<std::uint8_t*>(to + k * kBytes), v);
      }
      for (; k < inner.size; ++k) move<kBytes>(to + k * kBytes, pattern);
    }
  }
};

// Every other element of 4 bytes; gives how many were copied. A vector reads one element beyond the
// last that it takes, so the last ones are left.
static std::int64_t copy_every_other(char* to, const char* from, std::int64_t size) noexcept {
  constexpr std::int64_t kCount = KERNEL_BYTES / 8;
  std::int64_t k = 0;
  for (; k + kCount < size; k += kCount) {
    const auto* at = reinterpret_cast<const std::uint64_t*>(from + k * 8);
    const auto pairs = load<Vec<std::uint64_t>>(at);
    store_as(reinterpret_cast<std::uint32_t*>(to + k * 4), pairs);
  }
  return k;
}

struct Elements {
  template <std::int64_t kBytes>
  static void apply(char* to, const char* from, const CopyAxis& outer,
                    const CopyAxis& inner) noexcept {
    const bool pairs = kBytes == 4 && inner.to == 4 && inner.from == 8;
    for (std::int64_t i = 0; i < outer.size; ++i, to += outer.to, from += outer.from) {
      std::int64_t k = pairs ? copy_every_other(to, from, inner.size) : 0;
      for (; k < inner.size; ++k) move<kBytes>(to + k * inner.to, from + k * inner.from);
    }
  }
};

template <class Loop>
static CopyLoop loop_of(std::int64_t bytes) noexcept {
  switch (bytes) {
    case 1: return Loop::template apply<1>;
    case 2: return Loop::template apply<2>;
    case 4: return Loop::template apply<4>;
    case 8: return Loop::template apply<8>;
    default: return Loop::template apply<16>;
  }
}

static CopyLoop runs(std::int64_t bytes) noexcept { return loop_of<Runs>(bytes); }
static CopyLoop repeats(std::int64_t bytes) noexcept { return loop_of<Repeats>(bytes); }
static CopyLoop elements(std::int64_t bytes) noexcept { return loop_of<Elements>(bytes); }

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

CopyLoop copy_runs(std::int64_t element_bytes) noexcept {
  return KERNEL_SELECT(runs)(element_bytes);
}
CopyLoop copy_repeats(std::int64_t element_bytes) noexcept {
  return KERNEL_SELECT(repeats)(element_bytes);
}
CopyLoop copy_elements(std::int64_t element_bytes) noexcept {
  return KERNEL_SELECT(elements)(element_bytes);
}

}  // namespace tw
#endif
