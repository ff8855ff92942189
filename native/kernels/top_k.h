#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// The k elements of x[0, n) that come first: the largest (or the smallest) ones, of equal ones
// those of lower index; NaN counts as larger than all numbers. 0 <= k <= n. `indices` has room for
// n elements and gives the k places, in order; values gives the elements.
using TopKRow = void (*)(const void* x, std::int64_t n, std::int64_t k, bool largest, void* values,
                         std::int64_t* indices) noexcept;

// dtype: numeric.
TopKRow top_k_row(DType dtype) noexcept;

}  // namespace tw
