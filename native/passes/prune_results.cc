#include "passes/prune_results.h"

#include <algorithm>

namespace tw {
namespace {

using Flags = std::vector<bool>;

// The outputs that nobody need use: those of branches, and what loops collect. -1: none.
int optional_outputs(const OpDef& op) {
  if (op.branches) return 0;
  const auto named = std::find_if(op.outputs.begin(), op.outputs.end(),
                                  [](const ArgDef& arg) { return arg.name == "collected"; });
  return named == op.outputs.end() ? -1 : static_cast<int>(named - op.outputs.begin());
}

AttrValue& dtypes_of_optional(Node& node) {
  const ArgDef& arg = node.op->outputs[static_cast<std::size_t>(optional_outputs(*node.op))];
  return node.attr_values[static_cast<std::size_t>(node.op->attr_index(arg.types_attr))];
}

// Which outputs are used, by node that may have others; empty where all of them have to stay.
std::vector<Flags> used_outputs(WorkGraph& work) {
  Graph& graph = work.graph;
  std::vector<Flags> used(static_cast<std::size_t>(graph.size()));
  for (int id = 0; id < graph.size(); ++id) {
    Node& node = graph.mutable_node(id);
    if (optional_outputs(*node.op) < 0) continue;
    const std::size_t optional = std::get<std::vector<DType>>(dtypes_of_optional(node)).size();
    used[id].resize(node.outputs.size() - optional, true);
    used[id].resize(node.outputs.size());
  }
  const auto use = [&](Output output) {
    if (output.valid() && !used[output.node].empty()) used[output.node][output.index] = true;
  };
  for (int id = 0; id < graph.size(); ++id) {
    for (Output in : graph.node(id).inputs) use(in);
    for (int control : graph.node(id).controls) used[control].clear();
  }
  for (Output fetch : work.fetches) use(fetch);
  for (int target : work.targets) used[target].clear();
  return used;
}

template <class T>
std::vector<T> kept(const std::vector<T>& list, const Flags& used) {
  std::vector<T> result;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (used[i]) result.push_back(list[i]);
  }
  return result;
}

void trim(Node& node, const Flags& used) {
  node.outputs = kept(node.outputs, used);
  auto& dtypes = std::get<std::vector<DType>>(dtypes_of_optional(node));
  dtypes = kept(dtypes, Flags(used.end() - static_cast<std::ptrdiff_t>(dtypes.size()), used.end()));
  for (AttrValue& value : node.attr_values) {
    const GraphRef* graph = std::get_if<GraphRef>(&value);
    if (graph == nullptr || (*graph)->results.size() != used.size()) continue;
    const std::shared_ptr<Graph> branch = (*graph)->open_copy();
    branch->results = kept(branch->results, used);
    branch->finalize();
    value = GraphRef(branch);
  }
}

}  // namespace

void prune_results(WorkGraph& work) {
  const std::vector<Flags> used = used_outputs(work);
  const auto trimmed = [&](int id) {
    const Flags& flags = used[static_cast<std::size_t>(id)];
    return std::find(flags.begin(), flags.end(), false) != flags.end();
  };
  const auto renumber = [&](Output& output) {
    if (!output.valid() || !trimmed(output.node)) return;
    const Flags& flags = used[static_cast<std::size_t>(output.node)];
    output.index = static_cast<int>(std::count(flags.begin(), flags.begin() + output.index, true));
  };
  for (int id = 0; id < work.graph.size(); ++id) {
    Node& node = work.graph.mutable_node(id);
    for (Output& in : node.inputs) renumber(in);
    if (trimmed(id)) trim(node, used[static_cast<std::size_t>(id)]);
  }
  for (Output& fetch : work.fetches) renumber(fetch);
}

}  // namespace tw
