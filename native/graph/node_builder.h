#pragma once

#include "graph/graph.h"

namespace tw {

// The node that a specification asks for, without name, id and shapes: op found, attrs completed
// by defaults and by the dtypes of the inputs, inputs counted and checked against the schema.
Node checked_node(const Graph& graph, const NodeSpec& spec);

}  // namespace tw
