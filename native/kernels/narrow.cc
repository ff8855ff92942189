#include "kernels/narrow.h"

#include <array>
#include <cmath>
#include <limits>

namespace tw {
namespace {

// A sign bit, exponent and mantissa; the bits of the largest number, of infinity and of NaN.
struct Format {
  int mantissa, bias, largest, infinity, nan;
  bool has_infinity, has_minus_zero;
  int sign;
};

Format format_of(DType dtype) noexcept {
  switch (dtype) {
    case DType::kFloat8E4M3FN: return {3, 7, 0x7e, 0, 0x7f, false, true, 0x80};
    case DType::kFloat8E4M3FNUZ: return {3, 8, 0x7f, 0, 0x80, false, false, 0x80};
    case DType::kFloat8E5M2: return {2, 15, 0x7b, 0x7c, 0x7e, true, true, 0x80};
    case DType::kFloat8E5M2FNUZ: return {2, 16, 0x7f, 0, 0x80, false, false, 0x80};
    default: return {1, 1, 7, 0, 8, false, true, 8};  // float4_e2m1fn has no NaN, -0 stands for it
  }
}

int integer_bits(DType dtype) noexcept {
  return dtype == DType::kInt4 || dtype == DType::kUint4 ? 4 : 2;
}

bool is_signed_narrow(DType dtype) noexcept {
  return dtype == DType::kInt4 || dtype == DType::kInt2;
}

// The lowest bits of a number, sign extended for signed dtypes.
int wrapped(DType dtype, std::int64_t value) noexcept {
  const int bits = integer_bits(dtype), size = 1 << bits;
  const int low = static_cast<int>(value & (size - 1));
  return is_signed_narrow(dtype) && low >= size / 2 ? low - size : low;
}

float decoded(DType dtype, int byte) noexcept {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  if (is_narrow_integer(dtype)) return static_cast<float>(wrapped(dtype, byte));
  if (dtype == DType::kFloat8E8M0) return byte == 255 ? kNan : std::ldexp(1.0f, byte - 127);
  const Format f = format_of(dtype);
  const bool negative = (byte & f.sign) != 0;
  const int bits = byte & (f.sign - 1);
  if (byte == f.nan && dtype != DType::kFloat4E2M1) return kNan;
  if (bits > f.largest) {
    const bool infinite = f.has_infinity && bits == f.infinity;
    return infinite ? (negative ? -1.0f : 1.0f) * std::numeric_limits<float>::infinity() : kNan;
  }
  const int exponent = bits >> f.mantissa, fraction = bits & ((1 << f.mantissa) - 1);
  const int whole = exponent == 0 ? fraction : fraction + (1 << f.mantissa);
  const float x = std::ldexp(static_cast<float>(whole),
                             (exponent == 0 ? 1 : exponent) - f.bias - f.mantissa);
  return negative ? -x : x;
}

std::uint8_t scale_bits(double x, Narrowing how) noexcept {
  if (x != x || std::isinf(x)) return 255;
  int exponent = -127;
  const double a = std::fabs(x);
  if (a >= 0x1p-126) {
    exponent = std::ilogb(a);
    const double part = std::ldexp(a, -exponent);
    const bool tie_to_odd = part == 1.5 && exponent == -127;
    if (how.scale == Narrowing::Scale::kUp && part > 1) ++exponent;
    if (how.scale == Narrowing::Scale::kNearest && part >= 1.5 && !tie_to_odd) ++exponent;
  }
  if (exponent > 127) return how.saturate ? 254 : 255;
  return static_cast<std::uint8_t>(exponent + 127);
}

std::uint8_t float_bits(const Format& f, double x, bool saturate) noexcept {
  const int sign = std::signbit(x) ? f.sign : 0;
  if (x != x) return static_cast<std::uint8_t>(f.has_minus_zero ? sign | f.nan : f.nan);
  const auto beyond = [&] {
    if (saturate || f.sign == 8) return sign | f.largest;
    if (f.has_infinity) return sign | f.infinity;
    return f.has_minus_zero ? sign | f.nan : f.nan;
  };
  const double a = std::fabs(x);
  if (a > 1e9) return static_cast<std::uint8_t>(beyond());
  if (a == 0) return static_cast<std::uint8_t>(f.has_minus_zero ? sign : 0);
  const int least = 1 - f.bias, exponent = std::ilogb(a) < least ? least : std::ilogb(a);
  // A carry out of the mantissa adds 1 to the exponent by itself.
  const double units = std::nearbyint(std::ldexp(a, f.mantissa - exponent));
  const int bits = (exponent - least) * (1 << f.mantissa) + static_cast<int>(units);
  if (bits > f.largest) return static_cast<std::uint8_t>(beyond());
  if (bits == 0) return static_cast<std::uint8_t>(f.has_minus_zero ? sign : 0);
  return static_cast<std::uint8_t>(sign | bits);
}

using Table = std::array<float, 256>;

struct Tables {
  std::array<Table, 10> rows;
  Tables() noexcept {
    for (int d = 0; d < 10; ++d) {
      const auto dtype = static_cast<DType>(static_cast<int>(DType::kFloat8E4M3FN) + d);
      for (int byte = 0; byte < 256; ++byte) {
        rows[static_cast<std::size_t>(d)][static_cast<std::size_t>(byte)] = decoded(dtype, byte);
      }
    }
  }
};

}  // namespace

const float* narrow_values(DType dtype) noexcept {
  static const Tables tables;
  const int row = static_cast<int>(dtype) - static_cast<int>(DType::kFloat8E4M3FN);
  return tables.rows[static_cast<std::size_t>(row)].data();
}

std::uint8_t to_narrow(DType dtype, double x, Narrowing how) noexcept {
  if (dtype == DType::kFloat8E8M0) return scale_bits(x, how);
  if (!is_narrow_integer(dtype)) return float_bits(format_of(dtype), x, how.saturate);
  const bool fits = x > -0x1p62 && x < 0x1p62;
  return static_cast<std::uint8_t>(wrapped(dtype, fits ? static_cast<std::int64_t>(x) : 0));
}

}  // namespace tw
