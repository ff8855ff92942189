#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// How a variable changes: a + b, a - b, a - scale * b.
enum class Update { kAdd, kSubtract, kDescend };

// y[i] = update(a[i], b[i]) for n elements of a numeric or complex dtype (kDescend: floating).
// y may be a or b. float16 and bfloat16 are computed in float and rounded once.
void update_elements(Update update, DType dtype, void* y, const void* a, const void* b,
                     double scale, std::int64_t n) noexcept;

}  // namespace tw
