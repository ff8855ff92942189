#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tw {

// The numbers cross the binding and are mirrored by lib/dtype.ts.
enum class DType : std::uint8_t {
  kInvalid = 0,
  kFloat32 = 1,
  kFloat64 = 2,
  kFloat16 = 3,
  kBFloat16 = 4,
  kInt8 = 5,
  kInt16 = 6,
  kInt32 = 7,
  kInt64 = 8,
  kUint8 = 9,
  kUint16 = 10,
  kUint32 = 11,
  kUint64 = 12,
  kBool = 13,
  kString = 14,
  kComplex64 = 15,
  kComplex128 = 16,
  kResource = 17,  // a handle to a variable; its element is an int64
  // Formats of 8 bits and less, one element to a byte. They are stored, moved and cast; nothing
  // is computed in them.
  kFloat8E4M3FN = 18,
  kFloat8E4M3FNUZ = 19,
  kFloat8E5M2 = 20,
  kFloat8E5M2FNUZ = 21,
  kFloat8E8M0 = 22,
  kFloat4E2M1 = 23,
  kInt4 = 24,
  kUint4 = 25,
  kInt2 = 26,
  kUint2 = 27,
  kVariant = 28,  // a list of tensors: a sequence, an optional value, a map's keys and values
};

constexpr int kDTypeCount = 29;

// IEEE binary16 and bfloat16 as storage; arithmetic is done in float.
struct Half {
  std::uint16_t bits;
};
struct BFloat16 {
  std::uint16_t bits;
};
struct Complex64 {
  float real, imag;
};
struct Complex128 {
  double real, imag;
};

// Round to nearest even; NaN stays NaN.
Half to_half(float value) noexcept;
float to_float(Half value) noexcept;
BFloat16 to_bfloat16(float value) noexcept;
float to_float(BFloat16 value) noexcept;

// Bytes of one element; strings count as the size of std::string, variants as that of a Variant.
std::size_t size_of(DType dtype) noexcept;
// "float32" and so on.
const char* name_of(DType dtype) noexcept;
// kInvalid when there is no dtype of that name.
DType dtype_named(std::string_view name) noexcept;

constexpr bool is_floating(DType d) noexcept {
  return d >= DType::kFloat32 && d <= DType::kBFloat16;
}
constexpr bool is_signed_integer(DType d) noexcept {
  return d >= DType::kInt8 && d <= DType::kInt64;
}
constexpr bool is_unsigned_integer(DType d) noexcept {
  return d >= DType::kUint8 && d <= DType::kUint64;
}
constexpr bool is_integer(DType d) noexcept { return d >= DType::kInt8 && d <= DType::kUint64; }
constexpr bool is_narrow(DType d) noexcept {
  return d >= DType::kFloat8E4M3FN && d <= DType::kUint2;
}
// Elements with a life of their own, which no memcpy can move.
constexpr bool is_object(DType d) noexcept {
  return d == DType::kString || d == DType::kVariant;
}
constexpr bool is_complex(DType d) noexcept {
  return d == DType::kComplex64 || d == DType::kComplex128;
}

}  // namespace tw
