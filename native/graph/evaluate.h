#pragma once

#include <span>
#include <vector>

#include "graph/graph.h"

namespace tw {

// Runs the kernel of one stateless node on these inputs (undefined tensors: not given), on the
// calling thread. What constant folding uses; errors carry op and node.
std::vector<Tensor> evaluate(const Graph& graph, int node, std::span<const Tensor> inputs);

// Whether evaluate can run the node: a CPU kernel, no state, no subgraphs, no feeds.
bool can_evaluate(const Node& node) noexcept;

}  // namespace tw
