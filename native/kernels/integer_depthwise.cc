#include "kernels/integer_depthwise.h"

#include "kernels/conv_rows.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/integer_depthwise.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/integer_finish.h"
#include "kernels/integer_dot.h"

namespace tw::KERNEL_ISA {

static constexpr int kStep = kLanes<std::int32_t>;

static VEC_FN Vec<std::int16_t> weights_at(const std::int16_t* p, int n) noexcept {
  if (n == kStep) return load<Vec<std::int16_t>>(p);
  std::int16_t some[2 * kStep] = {};
  for (int i = 0; i < 2 * n; ++i) some[i] = p[i];
  return load<Vec<std::int16_t>>(some);
}

// One pixel of n * kStep channels from `channel` on, or of `n` when that is less than kStep.
template <int Vn>
static VEC_FN void pixel_sums(const std::uint8_t* const* rows, std::int64_t tap_stride,
                              std::int64_t taps, const std::int16_t* weights,
                              std::int64_t channels, std::int64_t channel, int n,
                              Sums (&sums)[Vn]) noexcept {
  for (int v = 0; v < Vn; ++v) sums[v] = Sums{};
  const std::int16_t* w = weights + 2 * channel;
  for (std::int64_t tap = 0; tap < taps; tap += 2, w += 2 * channels) {
    const std::uint8_t* even = rows[tap * tap_stride] + channel;
    const std::uint8_t* odd = tap + 1 < taps ? rows[(tap + 1) * tap_stride] + channel : even;
#pragma GCC unroll 4
    for (int v = 0; v < Vn; ++v) {
      const Sums pairs = widened(even + v * kStep, n) |
                         (widened(odd + v * kStep, n) << 16);
      sums[v] += multiply_pairs(bits_as<std::int16_t>(pairs),
                                weights_at(w + 2 * v * kStep, n));
    }
  }
}

template <int Vn>
static VEC_FN void finish_pixel(const ConvShape& s, const IntegerDepthwise& x,
                                const Finish& finish, const std::uint8_t* const* rows,
                                std::int64_t channel, int n, std::int64_t at) noexcept {
  Sums sums[Vn];
  pixel_sums<Vn>(rows, s.out[2], s.taps(), x.pairs, s.in_channels, channel, n, sums);
#pragma GCC unroll 4
  for (int v = 0; v < Vn; ++v) {
    const std::int64_t c = channel + v * kStep;
    finish.put(sums[v], 0, c, n, x.y, at + c);
  }
}

// rows: the pointers of a line, [taps][out[2]].
static void pairs_line(const ConvShape& s, const IntegerDepthwise& x,
                       const std::uint8_t* const* rows, std::int64_t line) noexcept {
  constexpr int kVectors = 4;
  const Finish finish(x.finish);
  for (std::int64_t w = 0; w < s.out[2]; ++w) {
    const std::int64_t at = (line * s.out[2] + w) * s.out_channels;
    std::int64_t c = 0;
    for (; c + kVectors * kStep <= s.in_channels; c += kVectors * kStep) {
      finish_pixel<kVectors>(s, x, finish, rows + w, c, kStep, at);
    }
    for (; c + kStep <= s.in_channels; c += kStep) {
      finish_pixel<1>(s, x, finish, rows + w, c, kStep, at);
    }
    if (c < s.in_channels) {
      finish_pixel<1>(s, x, finish, rows + w, c, static_cast<int>(s.in_channels - c), at);
    }
  }
}

// Blocks: as many channels as a vector has bytes, in four vectors of sums, and four taps at a time.
// Interleaving bytes of four taps leaves in vector q the channels 4 q to 4 q + 3 of each 16, which
// weights follow; the sums are put in order at the end.
using Bytes = Vec<std::uint8_t>;
static constexpr std::int64_t kBlock = KERNEL_BYTES;

static VEC_FN void interleave(const Bytes (&x)[4], Sums (&out)[4]) noexcept {
#if KERNEL_BYTES == 64
  const __m512i a = _mm512_unpacklo_epi8((__m512i)x[0], (__m512i)x[1]);
  const __m512i b = _mm512_unpackhi_epi8((__m512i)x[0], (__m512i)x[1]);
  const __m512i c = _mm512_unpacklo_epi8((__m512i)x[2], (__m512i)x[3]);
  const __m512i d = _mm512_unpackhi_epi8((__m512i)x[2], (__m512i)x[3]);
  out[0] = (Sums)_mm512_unpacklo_epi16(a, c), out[1] = (Sums)_mm512_unpackhi_epi16(a, c);
  out[2] = (Sums)_mm512_unpacklo_epi16(b, d), out[3] = (Sums)_mm512_unpackhi_epi16(b, d);
#elif KERNEL_BYTES == 32
  const __m256i a = _mm256_unpacklo_epi8((__m256i)x[0], (__m256i)x[1]);
  const __m256i b = _mm256_unpackhi_epi8((__m256i)x[0], (__m256i)x[1]);
  const __m256i c = _mm256_unpacklo_epi8((__m256i)x[2], (__m256i)x[3]);
  const __m256i d = _mm256_unpackhi_epi8((__m256i)x[2], (__m256i)x[3]);
  out[0] = (Sums)_mm256_unpacklo_epi16(a, c), out[1] = (Sums)_mm256_unpackhi_epi16(a, c);
  out[2] = (Sums)_mm256_unpacklo_epi16(b, d), out[3] = (Sums)_mm256_unpackhi_epi16(b, d);
#else
#define TW_LOW(x, y) \
  __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define TW_HIGH(x, y) \
  __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
  using Pairs = Vec<std::int16_t>;
  const Pairs low[2] = {(Pairs)TW_LOW(x[0], x[1]), (Pairs)TW_LOW(x[2], x[3])};
  const Pairs high[2] = {(Pairs)TW_HIGH(x[0], x[1]), (Pairs)TW_HIGH(x[2], x[3])};
#undef TW_LOW
#undef TW_HIGH
  out[0] = (Sums)__builtin_shufflevector(low[0], low[1], 0, 8, 1, 9, 2, 10, 3, 11);
  out[1] = (Sums)__builtin_shufflevector(low[0], low[1], 4, 12, 5, 13, 6, 14, 7, 15);
  out[2] = (Sums)__builtin_shufflevector(high[0], high[1], 0, 8, 1, 9, 2, 10, 3, 11);
  out[3] = (Sums)__builtin_shufflevector(high[0], high[1], 4, 12, 5, 13, 6, 14, 7, 15);
#endif
}

static VEC_FN void in_order([[maybe_unused]] Sums (&a)[4]) noexcept {
#if KERNEL_BYTES == 64
  constexpr __mmask16 kAll = __mmask16(-1);
  const __m512i x = _mm512_maskz_shuffle_i32x4(kAll, (__m512i)a[0], (__m512i)a[1], 0x44);
  const __m512i y = _mm512_maskz_shuffle_i32x4(kAll, (__m512i)a[0], (__m512i)a[1], 0xee);
  const __m512i z = _mm512_maskz_shuffle_i32x4(kAll, (__m512i)a[2], (__m512i)a[3], 0x44);
  const __m512i w = _mm512_maskz_shuffle_i32x4(kAll, (__m512i)a[2], (__m512i)a[3], 0xee);
  a[0] = (Sums)_mm512_maskz_shuffle_i32x4(kAll, x, z, 0x88);
  a[1] = (Sums)_mm512_maskz_shuffle_i32x4(kAll, x, z, 0xdd);
  a[2] = (Sums)_mm512_maskz_shuffle_i32x4(kAll, y, w, 0x88);
  a[3] = (Sums)_mm512_maskz_shuffle_i32x4(kAll, y, w, 0xdd);
#elif KERNEL_BYTES == 32
  const __m256i x = (__m256i)a[0], y = (__m256i)a[1], z = (__m256i)a[2], w = (__m256i)a[3];
  a[0] = (Sums)_mm256_permute2x128_si256(x, y, 0x20);
  a[1] = (Sums)_mm256_permute2x128_si256(z, w, 0x20);
  a[2] = (Sums)_mm256_permute2x128_si256(x, y, 0x31);
  a[3] = (Sums)_mm256_permute2x128_si256(z, w, 0x31);
#endif
}

template <class Dot>
static VEC_FN void block_sums(const std::uint8_t* const* rows, std::int64_t tap_stride,
                              std::int64_t taps, std::int64_t channel, std::int64_t n,
                              const std::int8_t* weights, Sums (&sums)[4]) noexcept {
  for (int q = 0; q < 4; ++q) sums[q] = Sums{};
  for (std::int64_t tap = 0; tap < taps; tap += 4, weights += 4 * kBlock) {
    Bytes x[4];
#pragma GCC unroll 4
    for (int t = 0; t < 4; ++t) {
      const std::int64_t at = tap + t < taps ? tap + t : taps - 1;  // a weight of 0
      const std::uint8_t* p = rows[at * tap_stride] + channel;
      x[t] = n >= kBlock ? load<Bytes>(p) : load_partial<Bytes>(p, n);
    }
    Sums groups[4];
    interleave(x, groups);
#pragma GCC unroll 4
    for (int q = 0; q < 4; ++q) {
      sums[q] = Dot::add(sums[q], Dot::values(groups[q]), Dot::weights(weights + q * kBlock));
    }
  }
  in_order(sums);
}

template <class Dot>
static void blocks_line(const ConvShape& s, const IntegerDepthwise& x,
                        const std::uint8_t* const* rows, std::int64_t line) noexcept {
  constexpr int L = kLanes<std::int32_t>;
  const std::int64_t taps = s.taps(), channels = s.in_channels;
  const std::int64_t each = (taps + 3) / 4 * 4 * kBlock;
  const Finish finish(x.finish);
  for (std::int64_t w = 0; w < s.out[2]; ++w) {
    const std::int64_t at = (line * s.out[2] + w) * channels;
    const std::int8_t* weights = x.blocks;
    for (std::int64_t c = 0; c < channels; c += kBlock, weights += each) {
      const std::int64_t n = channels - c;
      Sums sums[4];
      block_sums<Dot>(rows + w, s.out[2], taps, c, n, weights, sums);
#pragma GCC unroll 4
      for (int v = 0; v < 4; ++v) {
        const std::int64_t left = n - v * L;
        if (left <= 0) break;
        const int count = left < L ? static_cast<int>(left) : L;
        finish.put(sums[v], 0, c + v * L, count, x.y, at + c + v * L);
      }
    }
  }
}

static void depthwise_line(const ConvShape& s, const IntegerDepthwise& x,
                           const std::uint8_t* const* rows, std::int64_t line) noexcept {
  if (x.blocks == nullptr) return pairs_line(s, x, rows, line);
#if KERNEL_BYTES == 64
  if (has_vnni()) return blocks_line<VnniDot>(s, x, rows, line);
#endif
  blocks_line<PairDot>(s, x, rows, line);
}

static constexpr std::int64_t block_channels = kBlock;

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

std::int64_t depthwise_packed_size(std::int64_t taps, std::int64_t channels) noexcept {
  const std::int64_t block = KERNEL_SELECT(block_channels);
  return (channels + block - 1) / block * block * ((taps + 3) / 4 * 4);
}

void depthwise_pack(const std::uint8_t* weights, std::int64_t taps, std::int64_t channels,
                    std::uint8_t flip, std::int8_t* packed, std::int32_t* sums) noexcept {
  const std::int64_t block = KERNEL_SELECT(block_channels);
  const std::int64_t size = depthwise_packed_size(taps, channels), groups = (taps + 3) / 4;
  for (std::int64_t i = 0; i < size; ++i) packed[i] = 0;
  for (std::int64_t c = 0; c < channels; ++c) sums[c] = 0;
  for (std::int64_t tap = 0; tap < taps; ++tap) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::int64_t within = c % block, vector = within % 16 / 4;
      const std::int64_t lane = within / 16 * 4 + within % 4;
      const std::int64_t at = (c / block * groups + tap / 4) * 4 + vector;
      const auto w = static_cast<std::int8_t>(weights[tap * channels + c] ^ flip);
      packed[at * block + lane * 4 + tap % 4] = w;
      sums[c] += w;
    }
  }
}

void integer_depthwise(const ConvShape& s, const IntegerDepthwise& x, std::int64_t line,
                       std::int64_t count, const std::uint8_t** table) noexcept {
  for (std::int64_t i = line; i < line + count; ++i) {
    for (std::int64_t tap = 0; tap < s.taps(); ++tap) {
      tap_rows(s, x.x, 0, tap, {i * s.out[2], s.out[2]}, table + tap * s.out[2], x.outside);
    }
    KERNEL_SELECT(depthwise_line)(s, x, table, i);
  }
}

}  // namespace tw
#endif
