#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// How numbers are taken into a narrow dtype.
struct Narrowing {
  enum class Scale { kUp, kDown, kNearest };
  // Floats beyond the range, infinities included, become the largest; else infinity or NaN.
  bool saturate;
  // Of float8_e8m0fnu, which holds powers of two alone.
  Scale scale;
};

// Whether a narrow dtype holds integers.
inline bool is_narrow_integer(DType dtype) noexcept { return dtype >= DType::kInt4; }

// The number that each of the 256 bytes stands for.
const float* narrow_values(DType dtype) noexcept;

// The byte nearest to x, ties to even; integers lose their fraction and wrap.
std::uint8_t to_narrow(DType dtype, double x, Narrowing how) noexcept;

}  // namespace tw
