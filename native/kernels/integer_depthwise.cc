#include "kernels/integer_depthwise.h"

#include "kernels/conv_rows.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/integer_depthwise.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/integer_finish.h"

namespace tw::KERNEL_ISA {

using Sums = Vec<std::int32_t>;
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
                                const std::uint8_t* const* rows, std::int64_t channel, int n,
                                std::int64_t at) noexcept {
  Sums sums[Vn];
  pixel_sums<Vn>(rows, s.out[2], s.taps(), x.weights, s.in_channels, channel, n, sums);
#pragma GCC unroll 4
  for (int v = 0; v < Vn; ++v) {
    const std::int64_t c = channel + v * kStep;
    finish_sums(x.finish, sums[v], 0, c, n, x.y, at + c);
  }
}

// rows: the pointers of a line, [taps][out[2]].
static void depthwise_line(const ConvShape& s, const IntegerDepthwise& x,
                           const std::uint8_t* const* rows, std::int64_t line) noexcept {
  constexpr int kVectors = 4;
  for (std::int64_t w = 0; w < s.out[2]; ++w) {
    const std::int64_t at = (line * s.out[2] + w) * s.out_channels;
    std::int64_t c = 0;
    for (; c + kVectors * kStep <= s.in_channels; c += kVectors * kStep) {
      finish_pixel<kVectors>(s, x, rows + w, c, kStep, at);
    }
    for (; c + kStep <= s.in_channels; c += kStep) finish_pixel<1>(s, x, rows + w, c, kStep, at);
    if (c < s.in_channels) {
      finish_pixel<1>(s, x, rows + w, c, static_cast<int>(s.in_channels - c), at);
    }
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

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
