#pragma once

#include "graph/op_context.h"
#include "kernels/reduce.h"

namespace tw {

// Reduces x over the axes marked in `reduced` into y, which has the elements of the kept axes in
// order and the dtype of x.
void reduce_into(OpContext& c, Reduce kind, const Tensor& x, const bool* reduced, void* y);

}  // namespace tw
