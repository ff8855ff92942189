#pragma once

#include <optional>

#include "graph/graph.h"

namespace tw {

// Epilogues are hung on products and convolutions while dims may be unknown, on the assumption that
// unknown dims are alike. Once they are known, and an operand has neither one element, nor one per
// column, nor the shape of the product: adds the product and its program as two nodes, of which the
// second broadcasts, and gives the latter's output.
std::optional<Output> split_epilogue(Graph& graph, int id);

}  // namespace tw
