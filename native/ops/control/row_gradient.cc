#include "ops/control/row_gradient.h"

#include <string_view>

namespace tw {
namespace {

constexpr std::string_view kLookup = "GatherV2Grad";

// Stacked, the rows of all steps must have one shape.
bool is_lookup(const Graph& graph, Output value) {
  const Node& node = graph.node(value.node);
  return node.op->name == kLookup && node.attrs().flag("_slices") &&
         graph.info(node.inputs[1]).shape.fully_known();
}

}  // namespace

SplitGradient split_gradient(SubgraphGradient& gradient, Output total) {
  const Graph& graph = gradient.graph();
  const Node& sum = graph.node(total.node);
  const std::vector<Output> parts = sum.op->name == "AddN" ? sum.inputs : std::vector{total};
  SplitGradient split;
  std::vector<Output> others;
  for (Output part : parts) {
    if (!is_lookup(graph, part)) {
      others.push_back(part);
      continue;
    }
    const std::vector<Output>& inputs = graph.node(part.node).inputs;
    split.lookups.push_back({inputs[1], inputs[3]});
  }
  if (!others.empty()) split.rest = others.size() == parts.size() ? total : gradient.sum(others);
  return split;
}

Output sum_of_rows(GradientContext& g, const GradientRows& stacked, Output like) {
  const Output axis = g.graph().constant(Tensor::scalar<std::int32_t>(0), "gradients/axis");
  return g.op(kLookup.data(), {g.shape_of(like), stacked.indices, axis, stacked.rows},
              {{"_slices", true}});
}

}  // namespace tw
