#include "passes/prune_results.h"

#include <algorithm>

namespace tw {
namespace {

using Flags = std::vector<bool>;

// Which outputs are used, by node with branches; empty where all of them have to stay.
std::vector<Flags> uses_of_branches(const WorkGraph& work) {
  const Graph& graph = work.graph;
  std::vector<Flags> used(static_cast<std::size_t>(graph.size()));
  for (int id = 0; id < graph.size(); ++id) {
    if (graph.node(id).op->branches) used[id].resize(graph.node(id).outputs.size());
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
  const auto types = static_cast<std::size_t>(node.op->attr_index(node.op->outputs[0].types_attr));
  node.attr_values[types] = kept(std::get<std::vector<DType>>(node.attr_values[types]), used);
  for (AttrValue& value : node.attr_values) {
    if (!std::holds_alternative<GraphRef>(value)) continue;
    const std::shared_ptr<Graph> branch = std::get<GraphRef>(value)->open_copy();
    branch->results = kept(branch->results, used);
    branch->finalize();
    value = GraphRef(branch);
  }
}

}  // namespace

void prune_results(WorkGraph& work) {
  const std::vector<Flags> used = uses_of_branches(work);
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
