#include <algorithm>

#include "graph/pass_context.h"
#include "passes/passes.h"

namespace tw {

void pack_weights(PassContext& context) {
  Graph& graph = context.work.graph;
  const int size = graph.size();
  for (int id = 0; id < size; ++id) {
    const Node& node = graph.node(id);
    if (node.op->pack == nullptr) continue;
    const bool any_constant =
        std::any_of(node.inputs.begin(), node.inputs.end(),
                    [&](Output in) { return graph.constant_value(in) != nullptr; });
    if (!any_constant) continue;
    PackContext pack(graph, id);
    node.op->pack(pack);
  }
  rebuild(context.work);
}

}  // namespace tw
