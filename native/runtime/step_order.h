#pragma once

#include <vector>

#include "runtime/layout.h"

namespace tw {

// The nodes of the layout's graph that make steps, in the order in which they run. The order of
// the graph stays unless another one needs clearly less memory: a training step frees activations
// as early as it can, by computing the gradients of weights as soon as their operands are there.
// first_slot: by node. The layout has its slots with their homes.
std::vector<int> step_order(const Layout& layout, const std::vector<int>& first_slot);

}  // namespace tw
