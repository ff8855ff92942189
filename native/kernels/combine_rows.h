#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

enum class Combine { kReplace, kAdd, kSubtract, kMultiply, kMin, kMax };

// For each row r in [0, rows), in order: y[offsets[r] + i] = y[offsets[r] + i] op x[r * step + i]
// for i in [0, n). Offsets and step are in elements. y and x do not overlap. NaN wins in min and
// max.
using CombineRows = void (*)(void* y, const std::int64_t* offsets, const void* x, std::int64_t rows,
                             std::int64_t step, std::int64_t n) noexcept;

// kReplace: any dtype but string. Others: numeric; complex without min and max; for bool, addition
// and max are "or", multiplication and min are "and". nullptr: there is none.
CombineRows combine_rows(Combine op, DType dtype) noexcept;

}  // namespace tw
