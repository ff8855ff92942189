#include <algorithm>

#include "graph/pass_context.h"
#include "passes/passes.h"

namespace tw {
namespace {

std::uint64_t mixed(std::uint64_t h, std::uint64_t value) {
  return (h ^ value) * 0x9e3779b97f4a7c15u + (h >> 29);
}

std::uint64_t hash_of(const OutputInfo& info) {
  const std::uint64_t shape = std::hash<std::string>()(info.shape.to_string());
  return mixed(shape, static_cast<std::uint64_t>(info.dtype));
}

// Of all that a pack clause may look at: attrs, shapes and the contents of constants.
std::uint64_t key_of(const Graph& graph, const Node& node) {
  std::uint64_t h = std::hash<std::string>()(node.op->name);
  for (const AttrValue& value : node.attr_values) {
    if (!std::holds_alternative<ProgramRef>(value)) h = mixed(h, content_hash(value));
  }
  for (Output in : node.inputs) {
    const Tensor* constant = graph.constant_value(in);
    h = mixed(h, in.valid() ? hash_of(graph.info(in)) : 0);
    h = mixed(h, constant != nullptr ? content_hash(*constant) : 0);
  }
  for (const OutputInfo& info : node.outputs) h = mixed(h, hash_of(info));
  return h;
}

std::shared_ptr<const Packed> packed(const Graph& graph, const Node& node) {
  const std::uint64_t key = key_of(graph, node);
  if (auto found = graph.packs->find(key)) return found;
  PackContext context(graph, node.id);
  node.op->pack(context);
  return graph.packs->keep(key, std::move(context.packed));
}

}  // namespace

void pack_weights(PassContext& context) {
  Graph& graph = context.work.graph;
  const int size = graph.size();
  for (int id = 0; id < size; ++id) {
    const Node& node = graph.node(id);
    if (node.op->pack == nullptr) continue;
    const bool any_constant =
        std::any_of(node.inputs.begin(), node.inputs.end(),
                    [&](Output in) { return graph.constant_value(in) != nullptr; });
    if (any_constant) apply(*packed(graph, node), graph, id);
  }
  rebuild(context.work);
}

}  // namespace tw
