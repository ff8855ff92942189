#include "graph/evaluate.h"

#include <algorithm>

#include "graph/heap_context.h"

namespace tw {

bool can_evaluate(const Node& node) noexcept {
  if (node.op->stateful || node.op->cpu_kernel == nullptr) return false;
  if (node.op->role == Role::kPlaceholder || node.op->role == Role::kParameter) return false;
  return std::none_of(node.op->attrs.begin(), node.op->attrs.end(),
                      [](const AttrDef& attr) { return attr.kind == AttrKind::kGraph; });
}

std::vector<Tensor> evaluate(const Graph& graph, int id, std::span<const Tensor> inputs) {
  return HeapContext(graph.node(id), inputs).run();
}

}  // namespace tw
