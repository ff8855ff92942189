#include "passes/passes.h"

namespace tw {
namespace {

std::uint64_t hash_of(const Node& node) {
  std::uint64_t h = std::hash<const void*>()(node.op);
  for (Output in : node.inputs) h = h * 31 + OutputHash()(in);
  for (const AttrValue& value : node.attr_values) h = h * 31 + content_hash(value);
  return h;
}

bool same(const Node& a, const Node& b) {
  if (a.op != b.op || a.inputs != b.inputs || a.device != b.device) return false;
  for (std::size_t i = 0; i < a.attr_values.size(); ++i) {
    if (!equal(a.attr_values[i], b.attr_values[i])) return false;
  }
  return true;
}

}  // namespace

void merge_common(PassContext& context) {
  Graph& graph = context.work.graph;
  std::unordered_multimap<std::uint64_t, int> seen;
  Replacements replacements;
  for (int id = 0; id < graph.size(); ++id) {
    Node& node = graph.mutable_node(id);
    for (Output& in : node.inputs) {
      if (const auto hit = replacements.find(in); hit != replacements.end()) in = hit->second;
    }
    const Role role = node.op->role;
    const bool own = node.op->stateful || role == Role::kPlaceholder || role == Role::kParameter ||
                     role == Role::kRead || !node.controls.empty();
    if (own) continue;
    const std::uint64_t hash = hash_of(node);
    const auto [first, last] = seen.equal_range(hash);
    int twin = -1;
    for (auto it = first; it != last && twin < 0; ++it) {
      if (same(graph.node(it->second), node)) twin = it->second;
    }
    if (twin < 0) {
      seen.emplace(hash, id);
      continue;
    }
    for (int k = 0; k < static_cast<int>(node.outputs.size()); ++k) {
      replacements.emplace(Output{id, k}, Output{twin, k});
    }
  }
  rebuild(context.work, replacements);
}

}  // namespace tw
