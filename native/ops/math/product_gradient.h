#pragma once

#include "graph/gradient_context.h"

namespace tw {

// The gradient of Prod: that of its output times the product of all other elements, without a
// quotient, so that zeros, and derivatives of this, come out right.
void product_gradient(GradientContext& g);

}  // namespace tw
