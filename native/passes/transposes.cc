#include "passes/transposes.h"

#include "graph/evaluate.h"
#include "graph/op_registry.h"

namespace tw {
namespace {

const std::string& transpose_op() {
  static const std::string& name = [&]() -> const std::string& {
    for (const OpDef* op : all_ops()) {
      if (op->role == Role::kTranspose) return op->name;
    }
    fail(Code::kInternal, "no op has the role of transpose");
  }();
  return name;
}

bool is_identity(const std::vector<int>& perm) {
  for (std::size_t i = 0; i < perm.size(); ++i) {
    if (perm[i] != static_cast<int>(i)) return false;
  }
  return true;
}

}  // namespace

std::optional<std::vector<int>> permutation_of(const Graph& graph, int id) {
  const Node& node = graph.node(id);
  if (node.op->role != Role::kTranspose) return std::nullopt;
  const Tensor* perm = graph.constant_value(node.inputs[1]);
  if (perm == nullptr) return std::nullopt;
  const std::vector<std::int64_t> axes = perm->to_int64s();
  return std::vector<int>(axes.begin(), axes.end());
}

std::vector<int> inverse(const std::vector<int>& perm) {
  std::vector<int> inverted(perm.size());
  for (std::size_t i = 0; i < perm.size(); ++i) {
    inverted[static_cast<std::size_t>(perm[i])] = static_cast<int>(i);
  }
  return inverted;
}

Output transposed(Graph& graph, Output x, const std::vector<int>& perm) {
  if (is_identity(perm)) return x;
  const std::string name = graph.node(x.node).name + "/transposed";
  if (const auto before = permutation_of(graph, x.node)) {
    std::vector<int> both;
    for (int axis : perm) both.push_back((*before)[static_cast<std::size_t>(axis)]);
    return transposed(graph, graph.node(x.node).inputs[0], both);
  }
  const std::vector<std::int32_t> axes(perm.begin(), perm.end());
  const Output order = graph.constant(Tensor::vector(axes), name + "/perm");
  const int id = graph.add({transpose_op(), name, {x, order}, {}, {}, ""});
  const Tensor* value = graph.constant_value(x);
  if (value == nullptr) return {id, 0};
  const std::vector<Tensor> made = evaluate(graph, id, std::vector{*value, Tensor::vector(axes)});
  return graph.constant(made[0], name);
}

}  // namespace tw
