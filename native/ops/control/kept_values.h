#pragma once

#include "graph/graph.h"

namespace tw {

// The number of the output at which the loop `node` stacks what `value`, of its body, is in each
// step; made when there is none yet.
Output stacked_output(Graph& graph, int node, Output value);

// The number of the output at which the branch node `node` gives `value` of the branch in attr
// `taken`, and nothing when the one in `other` is taken; made when there is none yet.
Output branch_output(Graph& graph, int node, const char* taken, const char* other, Output value);

// The number of the output at which the call `node` gives `value` of its subgraph; made when there
// is none yet.
Output call_output(Graph& graph, int node, Output value);

// What the results of a gradient of `body`, a copy with more nodes, need of what must be kept.
std::vector<Output> kept_values(const Graph& body, const Graph& gradient,
                                const std::vector<Output>& results);

// Whether the node of a subgraph must not run once more for the gradient: draws of random
// numbers, calls of the host, and reads of variables in a body that writes some.
bool must_be_kept(const Graph& body, const Node& node);

}  // namespace tw
