#include "kernels/quantize.h"

#include "kernels/integer_tile.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/quantize.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/integer_finish.h"

namespace tw::KERNEL_ISA {

using Floats = Vec<float>;
static constexpr int kStep = kLanes<float>;

// The first n bytes as floats.
static VEC_FN Floats bytes_at(const std::uint8_t* p, int n, std::uint8_t flip) noexcept {
  return convert<float>(widened(p, n) ^ flip);
}

static VEC_FN void put_bytes(std::uint8_t* out, Floats y, int n, const Quantization& q) noexcept {
  const Floats low = splat<Floats>(static_cast<float>(-q.zero));
  const Floats high = splat<Floats>(static_cast<float>(255 - q.zero));
  store_bytes(out, (rounded_within(y, low, high) + q.zero) ^ q.flip, n);
}

static void quantize_run(const float* x, std::int64_t n, const Quantization& q,
                         std::uint8_t* y) noexcept {
  for (std::int64_t i = 0; i < n; i += kStep) {
    const int count = n - i < kStep ? static_cast<int>(n - i) : kStep;
    put_bytes(y + i, first_of(x + i, count) / q.scale, count, q);
  }
}

static void dequantize_run(const std::uint8_t* x, std::int64_t n, const Quantization& q,
                           float* y) noexcept {
  const float zero = static_cast<float>(q.zero);
  for (std::int64_t i = 0; i < n; i += kStep) {
    const int count = n - i < kStep ? static_cast<int>(n - i) : kStep;
    const Floats v = (bytes_at(x + i, count, q.flip) - zero) * q.scale;
    if (count == kStep) {
      store(y + i, v);
    } else {
      store_partial<Floats>(y + i, v, count);
    }
  }
}

static void binary_run(QuantizedOp op, const std::uint8_t* a, const Quantization& qa,
                       const std::uint8_t* b, const Quantization& qb, const Quantization& qy,
                       std::int64_t n, std::uint8_t* y) noexcept {
  const float ratio_a = qa.scale / qy.scale, ratio_b = qb.scale / qy.scale;
  const float zero_a = static_cast<float>(qa.zero), zero_b = static_cast<float>(qb.zero);
  const float fixed = -(ratio_a * zero_a + ratio_b * zero_b);
  const float factor = qa.scale * qb.scale / qy.scale;
  for (std::int64_t i = 0; i < n; i += kStep) {
    const int count = n - i < kStep ? static_cast<int>(n - i) : kStep;
    const Floats u = bytes_at(a + i, count, qa.flip), v = bytes_at(b + i, count, qb.flip);
    const Floats value = op == QuantizedOp::kAdd ? u * ratio_a + (v * ratio_b + fixed)
                                                 : (u - zero_a) * (v - zero_b) * factor;
    put_bytes(y + i, value, count, qy);
  }
}

static void flip_run(const std::uint8_t* x, std::int64_t n, std::uint8_t flip,
                     std::uint8_t* y) noexcept {
  for (std::int64_t i = 0; i < n; ++i) y[i] = static_cast<std::uint8_t>(x[i] ^ flip);
}

static void sum_run(const std::uint8_t* x, std::int64_t n, std::int64_t channels,
                    std::uint8_t flip, std::int32_t* sums) noexcept {
  for (std::int64_t c = 0; c < channels; ++c) sums[c] = 0;
  for (std::int64_t i = 0; i < n; ++i, x += channels) {
    for (std::int64_t c = 0; c < channels; ++c) sums[c] += x[c] ^ flip;
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void quantize_bytes(const float* x, std::int64_t n, const Quantization& q,
                    std::uint8_t* y) noexcept {
  KERNEL_SELECT(quantize_run)(x, n, q, y);
}
void dequantize_bytes(const std::uint8_t* x, std::int64_t n, const Quantization& q,
                      float* y) noexcept {
  KERNEL_SELECT(dequantize_run)(x, n, q, y);
}
void quantized_binary(QuantizedOp op, const std::uint8_t* a, const Quantization& qa,
                      const std::uint8_t* b, const Quantization& qb, const Quantization& qy,
                      std::int64_t n, std::uint8_t* y) noexcept {
  KERNEL_SELECT(binary_run)(op, a, qa, b, qb, qy, n, y);
}
void flip_bytes(const std::uint8_t* x, std::int64_t n, std::uint8_t flip,
                std::uint8_t* y) noexcept {
  KERNEL_SELECT(flip_run)(x, n, flip, y);
}
void sum_bytes(const std::uint8_t* x, std::int64_t n, std::int64_t channels, std::uint8_t flip,
               std::int32_t* sums) noexcept {
  KERNEL_SELECT(sum_run)(x, n, channels, flip, sums);
}

}  // namespace tw
#endif
