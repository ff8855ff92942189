#pragma once

#include <cstdint>

namespace tw {

// Quantized values: (q - zero) * scale. Bytes are given as unsigned; signed ones with `flip` 0x80,
// which is put on every byte by xor, and with zero + 128.
struct Quantization {
  float scale;
  std::int32_t zero;
  std::uint8_t flip;
};

// y = saturated(round(x / scale) + zero), ties to even; a NaN becomes the least value.
void quantize_bytes(const float* x, std::int64_t n, const Quantization& q,
                    std::uint8_t* y) noexcept;
void dequantize_bytes(const std::uint8_t* x, std::int64_t n, const Quantization& q,
                      float* y) noexcept;

enum class QuantizedOp { kAdd, kMultiply };
// y = a op b on quantized values, computed in float32 with the ratios of the scales.
void quantized_binary(QuantizedOp op, const std::uint8_t* a, const Quantization& qa,
                      const std::uint8_t* b, const Quantization& qb, const Quantization& qy,
                      std::int64_t n, std::uint8_t* y) noexcept;

// y[i] = x[i] ^ flip.
void flip_bytes(const std::uint8_t* x, std::int64_t n, std::uint8_t flip, std::uint8_t* y) noexcept;

// sums[c] = the sum of n rows of `channels` bytes, each changed by xor with flip.
void sum_bytes(const std::uint8_t* x, std::int64_t n, std::int64_t channels, std::uint8_t flip,
               std::int32_t* sums) noexcept;

}  // namespace tw
