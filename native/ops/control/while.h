#pragma once

#include "graph/gradient_context.h"
#include "graph/op_context.h"

namespace tw {

// Whether a loop has another iteration after so many: attrs cond and maximum_iterations.
bool goes_on(OpContext& c, std::int64_t iterations, std::span<const Tensor> values);

void while_gradient(GradientContext& g);

}  // namespace tw
