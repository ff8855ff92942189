#pragma once

#include "runtime/layout.h"

namespace tw {

// Puts the steps, which are in the order of the graph, into the order in which they run, and finds
// out when the values live. The order stays unless another one needs clearly less memory: a
// training step frees activations as early as it can, by computing the gradients of weights as
// soon as their operands are there.
void order_steps(Layout& layout);

}  // namespace tw
