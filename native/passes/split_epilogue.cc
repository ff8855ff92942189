#include "passes/split_epilogue.h"

#include "passes/fused_op.h"

namespace tw {
namespace {

bool fits(const Shape& operand, const Shape& shape) {
  if (!operand.fully_known()) return false;
  if (operand.size() == 1 && operand.rank() <= shape.rank()) return true;
  if (shape.fully_known() && operand == shape) return true;
  if (operand.rank() == 0 || operand.rank() > shape.rank()) return false;
  const std::int64_t last = operand[operand.rank() - 1];
  return operand.size() == last && last == shape[shape.rank() - 1];
}

}  // namespace

std::optional<Output> split_epilogue(Graph& graph, int id) {
  const Node& node = graph.node(id);
  if (!node.op->takes_epilogue || !node.attrs().given("_epilogue")) return std::nullopt;
  const Shape& shape = node.outputs[0].shape;
  const Node::Range operands = node.input_range("_operands");
  bool fit = shape.has_rank();
  for (int i = 0; fit && i < operands.count; ++i) {
    const Output in = node.inputs[static_cast<std::size_t>(operands.first + i)];
    fit = fits(graph.info(in).shape, shape);
  }
  if (fit) return std::nullopt;

  Node product = node;
  product.name += "/product";
  std::vector<Output> inputs(node.inputs.begin() + operands.first,
                             node.inputs.begin() + operands.first + operands.count);
  product.inputs.resize(static_cast<std::size_t>(operands.first));
  const auto slot = [&](const char* name) -> AttrValue& {
    return product.attr_values[static_cast<std::size_t>(node.op->attr_index(name))];
  };
  const AttrMap attrs = {{"_program", std::exchange(slot("_epilogue"), {})},
                         {"dtype", node.outputs[0].dtype}};
  slot("_operand_types") = std::vector<DType>();
  inputs.insert(inputs.begin(), Output{graph.append(std::move(product)), 0});
  return Output{graph.add({fused_op(), node.name + "/split", std::move(inputs), {}, attrs, ""}), 0};
}

}  // namespace tw
