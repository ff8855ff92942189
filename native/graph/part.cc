#include "graph/part.h"

#include <unordered_map>

namespace tw {

std::vector<bool> needed_nodes(const Graph& graph, const std::vector<Output>& results,
                               const std::function<bool(Output)>& ends) {
  std::vector<bool> needed(static_cast<std::size_t>(graph.size()));
  const auto need = [&](Output value) {
    if (value.valid() && !ends(value)) needed[static_cast<std::size_t>(value.node)] = true;
  };
  for (Output result : results) need(result);
  for (int id = graph.size() - 1; id >= 0; --id) {
    if (!needed[static_cast<std::size_t>(id)]) continue;
    for (Output in : graph.node(id).inputs) need(in);
    for (int control : graph.node(id).controls) {
      if (graph.node(control).op->role != Role::kParameter) need({control, 0});
    }
  }
  return needed;
}

std::shared_ptr<Graph> with_parameters(const Graph& graph, const std::vector<Given>& given,
                                       const std::vector<Output>& results) {
  auto made = std::make_shared<Graph>();
  made->seed = graph.seed;
  made->has_seed = graph.has_seed;
  made->packs = graph.packs;
  std::unordered_map<Output, Output, OutputHash> stands_for;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const DType dtype = graph.info(given[i].value).dtype;
    const AttrMap attrs = {
        {"index", static_cast<std::int64_t>(i)}, {"dtype", dtype}, {"shape", given[i].shape}};
    stands_for[given[i].value] = {made->add({"Parameter", text("given_", i), {}, {}, attrs, ""}), 0};
  }
  const auto is_given = [&](Output value) { return stands_for.contains(value); };
  const std::vector<bool> needed = needed_nodes(graph, results, is_given);
  std::vector<int> copied(needed.size(), -1);
  const auto now = [&](Output value) {
    if (!value.valid()) return value;
    const auto hit = stands_for.find(value);
    return hit != stands_for.end() ? hit->second
                                   : Output{copied[static_cast<std::size_t>(value.node)], value.index};
  };
  for (int id = 0; id < graph.size(); ++id) {
    if (!needed[static_cast<std::size_t>(id)]) continue;
    Node node = graph.node(id);
    for (Output& in : node.inputs) in = now(in);
    for (int& control : node.controls) control = copied[static_cast<std::size_t>(control)];
    std::erase(node.controls, -1);
    copied[static_cast<std::size_t>(id)] = made->append(std::move(node));
  }
  for (Output result : results) made->results.push_back(now(result));
  return made;
}

}  // namespace tw
