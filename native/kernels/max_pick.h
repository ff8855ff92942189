#pragma once

#include "kernels/pool.h"

namespace tw {

// For output pixels [row, row + count) of a max pool of x with the result y: the elements of `from`,
// which has the shape of x, at the places that max_pool_grad gives gradients to; 0 where a window
// lies wholly in the padding. T: float, double.
template <class T>
void max_pick(const PoolShape& shape, const T* x, const T* y, const T* from, std::int64_t row,
              std::int64_t count, T* picked) noexcept;

}  // namespace tw
