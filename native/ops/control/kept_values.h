#pragma once

#include "graph/graph.h"

namespace tw {

// The number of the output at which the loop `node` stacks what `value`, of its body, is in each
// step; made when there is none yet.
Output stacked_output(Graph& graph, int node, Output value);

// Whether the node of a loop's body must not run once more for the gradient: draws of random
// numbers, calls of the host, and reads of variables in a body that writes some.
bool must_be_kept(const Graph& body, const Node& node);

}  // namespace tw
