#pragma once

#include <optional>
#include <vector>

#include "graph/graph.h"

namespace tw {

// The constant permutation of a transpose node; nothing for any other node.
std::optional<std::vector<int>> permutation_of(const Graph& graph, int node);
// Adds a transpose of x. A constant is transposed at once; transposes that undo each other vanish.
Output transposed(Graph& graph, Output x, const std::vector<int>& perm);
std::vector<int> inverse(const std::vector<int>& perm);

}  // namespace tw
