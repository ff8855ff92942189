#pragma once

#include <optional>
#include <vector>

#include "graph/graph.h"

namespace tw {

// The values of a node's outputs when they can be known before a run: all inputs constant, or
// integer elements known from shapes. Nothing when it cannot, when it would fail, when the node waits
// for others, or when the values would be far larger than what they are made from.
std::optional<std::vector<Tensor>> folded(const Graph& graph, int node);

}  // namespace tw
