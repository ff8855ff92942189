#include "graph/verify.h"

namespace tw {
namespace {

void verify_inputs(const Graph& graph, const Node& node) {
  for (Output in : node.inputs) {
    if (!in.valid()) continue;
    check(in.node < node.id, Code::kInternal, "input comes after its user: node ", in.node);
    check(in.index < static_cast<int>(graph.node(in.node).outputs.size()), Code::kInternal,
          "input is output ", in.index, " of '", graph.node(in.node).name, "', which has fewer");
  }
  for (int control : node.controls) {
    check(control < node.id, Code::kInternal, "control input comes after its user: ", control);
  }
}

void verify_dtypes(const Graph& graph, const Node& node) {
  for (std::size_t a = 0; a < node.op->inputs.size(); ++a) {
    const ArgDef& arg = node.op->inputs[a];
    if (!arg.types_attr.empty()) continue;
    const DType expected =
        arg.dtype != DType::kInvalid ? arg.dtype : node.attrs().dtype(arg.type_attr);
    const Node::Range range = node.input_range(static_cast<int>(a));
    for (int i = range.first; i < range.first + range.count; ++i) {
      const Output in = node.inputs[static_cast<std::size_t>(i)];
      if (!in.valid()) continue;
      check(graph.info(in).dtype == expected, Code::kInternal, "input ", arg.name, " is ",
            name_of(graph.info(in).dtype), ", expected ", name_of(expected));
    }
  }
}

void verify_attrs(const Node& node) {
  for (std::size_t i = 0; i < node.op->attrs.size(); ++i) {
    const AttrDef& def = node.op->attrs[i];
    const AttrValue& value = node.attr_values[i];
    const bool absent = std::holds_alternative<std::monostate>(value);
    check(absent ? def.optional : is_of_kind(value, def.kind), Code::kInternal, "attr ", def.name,
          " is not of kind ", name_of(def.kind));
  }
}

}  // namespace

void verify(const Graph& graph) {
  for (int id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    try {
      verify_inputs(graph, node);
      verify_dtypes(graph, node);
      verify_attrs(node);
    } catch (const Error& e) {
      throw e.at(node.op->name, node.name);
    }
  }
}

}  // namespace tw
