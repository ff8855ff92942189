#include "graph/pass_context.h"

#include <algorithm>

namespace tw {
namespace {

int attr_index_of(const Node& node, std::string_view name) {
  const int index = node.op->attr_index(name);
  check(index >= 0, Code::kInternal, "op ", node.op->name, " has no attr ", name);
  return index;
}

void set_attr_of(Node& node, std::string_view name, AttrValue value) {
  node.attr_values[static_cast<std::size_t>(attr_index_of(node, name))] = std::move(value);
}

}  // namespace

const Tensor* PackContext::constant(int i) const {
  const auto& inputs = node().inputs;
  return i < static_cast<int>(inputs.size()) ? graph_.constant_value(inputs[i]) : nullptr;
}

void PackContext::set_attr(std::string_view name, AttrValue value) {
  packed.attrs.emplace_back(attr_index_of(node(), name), std::move(value));
}

void apply(const Packed& packed, Graph& graph, int id) {
  for (const auto& [index, value] : packed.attrs) {
    graph.mutable_node(id).attr_values[static_cast<std::size_t>(index)] = value;
  }
  for (const auto& [index, value] : packed.inputs) {
    const Output constant = graph.constant(value, graph.node(id).name + "/packed");
    graph.mutable_node(id).inputs[static_cast<std::size_t>(index)] = constant;
  }
}

int PermuteContext::new_axis(std::int64_t old_axis) const {
  const int axis = normal_axis(old_axis, static_cast<int>(perm_.size()));
  return static_cast<int>(std::find(perm_.begin(), perm_.end(), axis) - perm_.begin());
}

const Tensor* PermuteContext::constant(int i) const {
  const auto& inputs = node().inputs;
  return i < static_cast<int>(inputs.size()) ? graph_.constant_value(inputs[i]) : nullptr;
}

void PermuteContext::replace_input(int i, const Tensor& value) {
  const Output made = graph_.constant(value, node().name + "/permuted");
  graph_.mutable_node(node_).inputs[static_cast<std::size_t>(i)] = made;
}

void PermuteContext::set_attr(std::string_view name, AttrValue value) {
  set_attr_of(graph_.mutable_node(node_), name, std::move(value));
}

const Node* RewriteContext::match(Output output, std::string_view op) const {
  if (!output.valid() || output.index != 0) return nullptr;
  const Node& node = graph_.node(output.node);
  return node.op->name == op ? &node : nullptr;
}

const Node* RewriteContext::match_single(Output output, std::string_view op) const {
  const Node* node = match(output, op);
  return node != nullptr && uses_[static_cast<std::size_t>(node->id)] == 1 ? node : nullptr;
}

std::optional<double> RewriteContext::scalar(Output output) const {
  const Tensor* value = graph_.constant_value(output);
  if (value == nullptr || value->size() != 1) return std::nullopt;
  switch (value->dtype()) {
    case DType::kFloat32: return *value->data<float>();
    case DType::kFloat64: return *value->data<double>();
    case DType::kFloat16: return to_float(*value->data<Half>());
    case DType::kBFloat16: return to_float(*value->data<BFloat16>());
    default: return std::nullopt;
  }
}

Output RewriteContext::copy_with(const Node& node, std::vector<Output> inputs, AttrMap attrs) {
  Node copy = node;
  copy.name += "/rewritten";
  copy.inputs = std::move(inputs);
  for (auto& [name, value] : attrs) set_attr_of(copy, name, std::move(value));
  const int id = graph_.append(std::move(copy));
  graph_.infer(id);
  return {id, 0};
}

Output RewriteContext::add(const char* op, std::vector<Output> inputs, AttrMap attrs) {
  return {graph_.add({op, node().name + "/" + op, std::move(inputs), {}, std::move(attrs), ""}), 0};
}

}  // namespace tw
