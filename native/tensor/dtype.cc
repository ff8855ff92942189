#include "tensor/dtype.h"

#include <bit>
#include <memory>
#include <string>

namespace tw {
namespace {

struct Row {
  const char* name;
  std::size_t size;
};

constexpr Row kRows[kDTypeCount] = {
    {"invalid", 0}, {"float32", 4},    {"float64", 8},
    {"float16", 2}, {"bfloat16", 2},   {"int8", 1},
    {"int16", 2},   {"int32", 4},      {"int64", 8},
    {"uint8", 1},   {"uint16", 2},     {"uint32", 4},
    {"uint64", 8},  {"bool", 1},       {"string", sizeof(std::string)},
    {"complex64", 8}, {"complex128", 16}, {"resource", 8},
    {"float8_e4m3fn", 1}, {"float8_e4m3fnuz", 1}, {"float8_e5m2", 1}, {"float8_e5m2fnuz", 1},
    {"float8_e8m0fnu", 1}, {"float4_e2m1fn", 1}, {"int4", 1}, {"uint4", 1}, {"int2", 1}, {"uint2", 1},
    {"variant", sizeof(std::shared_ptr<void>)},
};

}  // namespace

std::size_t size_of(DType dtype) noexcept { return kRows[static_cast<int>(dtype)].size; }
const char* name_of(DType dtype) noexcept { return kRows[static_cast<int>(dtype)].name; }

DType dtype_named(std::string_view name) noexcept {
  for (int i = 1; i < kDTypeCount; ++i) {
    if (name == kRows[i].name) return static_cast<DType>(i);
  }
  return DType::kInvalid;
}

Half to_half(float value) noexcept {
  const std::uint32_t x = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (x >> 16) & 0x8000u;
  const std::uint32_t magnitude = x & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return {static_cast<std::uint16_t>(sign | 0x7e00u)};
  if (magnitude >= 0x477ff000u) return {static_cast<std::uint16_t>(sign | 0x7c00u)};
  if (magnitude < 0x38800000u) {
    // Subnormal result: adding 0.5 puts the bits to keep at the bottom, rounded by the FPU.
    const float rounded = std::bit_cast<float>(magnitude) + 0.5f;
    return {static_cast<std::uint16_t>(sign |
                                       (std::bit_cast<std::uint32_t>(rounded) - 0x3f000000u))};
  }
  const std::uint32_t odd = (magnitude >> 13) & 1u;
  return {static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000u + 0xfffu + odd) >> 13))};
}

float to_float(Half value) noexcept {
  const std::uint32_t sign = static_cast<std::uint32_t>(value.bits & 0x8000u) << 16;
  const std::uint32_t rest = value.bits & 0x7fffu;
  if (rest >= 0x7c00u) return std::bit_cast<float>(sign | 0x7f800000u | ((rest & 0x3ffu) << 13));
  if (rest < 0x400u) {
    const float magnitude = static_cast<float>(rest) * 0x1p-24f;
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
  }
  return std::bit_cast<float>(sign | ((rest << 13) + 0x38000000u));
}

BFloat16 to_bfloat16(float value) noexcept {
  const std::uint32_t x = std::bit_cast<std::uint32_t>(value);
  if ((x & 0x7fffffffu) > 0x7f800000u) return {static_cast<std::uint16_t>((x >> 16) | 0x40u)};
  return {static_cast<std::uint16_t>((x + 0x7fffu + ((x >> 16) & 1u)) >> 16)};
}

float to_float(BFloat16 value) noexcept {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value.bits) << 16);
}

}  // namespace tw
