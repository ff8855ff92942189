#pragma once

#include <span>
#include <vector>

#include "graph/graph.h"

namespace tw {

// Runs the kernel of one stateless node on these inputs (undefined tensors: not given), on the
// calling thread. What constant folding uses; errors carry op and node. An output or a temporary
// that takes the sum of both over the limit, in bytes, is a kResourceExhausted.
std::vector<Tensor> evaluate(const Graph& graph, int node, std::span<const Tensor> inputs,
                             std::size_t limit = SIZE_MAX);

// Whether evaluate can run the node: a CPU kernel, no state, no subgraphs, no feeds.
bool can_evaluate(const Node& node) noexcept;

}  // namespace tw
