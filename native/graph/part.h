#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "graph/graph.h"

namespace tw {

// Nodes that the results need, without what lies behind `ends`.
std::vector<bool> needed_nodes(const Graph& graph, const std::vector<Output>& results,
                               const std::function<bool(Output)>& ends);

// A value that becomes a parameter, and the shape that holds in all steps.
struct Given {
  Output value;
  Shape shape;
};

// What the results need, as a graph that takes these values as its parameters in this order.
std::shared_ptr<Graph> with_parameters(const Graph& graph, const std::vector<Given>& given,
                                       const std::vector<Output>& results);

}  // namespace tw
