#include "passes/work_graph.h"

#include <algorithm>
#include <functional>
#include <mutex>

#include "passes/prune_results.h"

namespace tw {
namespace {

// Copies nodes of one graph into another, depth first, inputs before users.
class Copier {
 public:
  Copier(const Graph& from, Graph& to) : from_(from), to_(to), copied_(from.size(), -1) {
    to_.seed = from.seed;
    to_.has_seed = from.has_seed;
    to_.packs = from.packs;
  }

  // What stands for this output instead of a copy of it.
  std::function<bool(Output, Output&)> substitute = [](Output, Output&) { return false; };
  // A placeholder that is fed: waiting for it means nothing.
  std::function<bool(int)> fed_node = [](int) { return false; };
  // Called between two nodes.
  std::function<void()> pause = [] {};

  Output copy(Output output) {
    Output found;
    if (!output.valid()) return output;
    if (substitute(output, found)) return found;
    return {copy_node(output.node), output.index};
  }

  // An explicit stack: graphs may be thousands of nodes deep.
  int copy_node(int id) {
    std::vector<std::pair<int, bool>> stack{{id, false}};
    while (!stack.empty()) {
      pause();
      auto [at, expanded] = stack.back();
      if (copied_[at] >= 0) {
        stack.pop_back();
        continue;
      }
      if (expanded) {
        stack.pop_back();
        finish(at);
        continue;
      }
      stack.back().second = true;
      const Node& node = from_.node(at);
      for (auto c = node.controls.rbegin(); c != node.controls.rend(); ++c) {
        if (!fed_node(*c)) stack.push_back({*c, false});
      }
      for (auto in = node.inputs.rbegin(); in != node.inputs.rend(); ++in) {
        Output found;
        if (in->valid() && !substitute(*in, found)) stack.push_back({in->node, false});
      }
    }
    return copied_[id];
  }

 private:
  void finish(int id) {
    Node node = from_.node(id);
    for (Output& in : node.inputs) {
      Output found;
      if (in.valid()) in = substitute(in, found) ? found : Output{copied_[in.node], in.index};
    }
    std::erase_if(node.controls, [this](int control) { return fed_node(control); });
    for (int& control : node.controls) control = copied_[control];
    copied_[id] = to_.append(std::move(node));
  }

  const Graph& from_;
  Graph& to_;
  std::vector<int> copied_;
};

// Through identities to the handle of a variable.
int handle_of(const Graph& graph, Output handle) {
  while (graph.node(handle.node).op->role == Role::kIdentity) {
    handle = graph.node(handle.node).inputs[0];
  }
  return handle.node;
}

void add_control(Graph& graph, int node, int control) {
  std::vector<int>& controls = graph.mutable_node(node).controls;
  if (std::find(controls.begin(), controls.end(), control) == controls.end()) {
    controls.push_back(control);
  }
}

bool has_subgraph(const Node& node) {
  return std::any_of(node.attr_values.begin(), node.attr_values.end(), [](const AttrValue& value) {
    return std::holds_alternative<GraphRef>(value);
  });
}

// Whether the node reads or writes variables; what subgraphs do to theirs counts as a write.
bool touches_state(const Node& node) {
  const Role role = node.op->role;
  return role == Role::kRead || role == Role::kWrite || (node.op->stateful && has_subgraph(node));
}

struct VariableOrder {
  int last_write = -1;
  std::vector<int> reads;  // since the last write
};

void order_access(Graph& graph, int id, VariableOrder& variable) {
  if (variable.last_write >= 0 && variable.last_write != id) {
    add_control(graph, id, variable.last_write);
  }
  if (graph.node(id).op->role == Role::kRead) {
    variable.reads.push_back(id);
    return;
  }
  for (int read : variable.reads) add_control(graph, id, read);
  variable = {id, {}};
}

// `order` gives the ids of the original graph, by node of the copy.
void order_state(Graph& graph, std::vector<std::pair<int, int>> order) {
  std::sort(order.begin(), order.end());
  std::unordered_map<int, VariableOrder> variables;
  for (auto [original, id] : order) {
    const std::vector<Output> inputs = graph.node(id).inputs;
    for (Output in : inputs) {
      if (!in.valid() || graph.info(in).dtype != DType::kResource) continue;
      order_access(graph, id, variables[handle_of(graph, in)]);
    }
  }
}

}  // namespace

OutputInfo feed_info(const Graph& graph, Output feed) {
  OutputInfo info = graph.info(feed);
  const Node& node = graph.node(feed.node);
  if (node.op->role == Role::kVariable) {
    check(node.op->attr_index("dtype") >= 0, Code::kInvalidArgument, "'", node.name,
          "' is a table, which cannot be fed");
    info.dtype = node.attrs().dtype("dtype");
    info.shape = node.attrs().get<Shape>("shape");
  }
  return info;
}

WorkGraph extract(const Graph& graph, const std::vector<Output>& fetches,
                  const std::vector<int>& targets, const std::vector<Output>& feeds) {
  std::unique_lock lock(graph.guard);
  const int size = graph.size();
  WorkGraph work;
  Replacements fed;
  std::unordered_map<int, Output> fed_handles;
  Copier copier(graph, work.graph);
  copier.pause = [&] { graph.guard.give_way(); };
  for (Output feed : feeds) {
    const OutputInfo info = feed_info(graph, feed);
    const Node& node = graph.node(feed.node);
    const Output stand_in = work.graph.placeholder(info.dtype, info.shape, node.name);
    work.feeds.push_back(stand_in);
    if (node.op->role == Role::kVariable) fed_handles.emplace(feed.node, stand_in);
    fed.emplace(feed, stand_in);
  }
  copier.fed_node = [&](int id) {
    return graph.node(id).op->role == Role::kPlaceholder && fed.contains(Output{id, 0});
  };
  copier.substitute = [&](Output output, Output& found) {
    if (const auto hit = fed.find(output); hit != fed.end()) {
      found = hit->second;
      return true;
    }
    const Node& node = graph.node(output.node);
    if (node.op->role != Role::kRead || fed_handles.empty()) return false;
    const auto hit = fed_handles.find(handle_of(graph, node.inputs[0]));
    if (hit != fed_handles.end()) found = hit->second;
    return hit != fed_handles.end();
  };
  for (Output fetch : fetches) work.fetches.push_back(copier.copy(fetch));
  for (int target : targets) work.targets.push_back(copier.copy_node(target));
  std::vector<std::pair<int, int>> order;
  for (int id = 0; id < size; ++id) {
    graph.guard.give_way();
    if (!touches_state(graph.node(id))) continue;
    const int copied = work.graph.find(graph.node(id).name);
    if (copied >= 0 && work.graph.node(copied).op == graph.node(id).op) order.push_back({id, copied});
  }
  lock.unlock();
  prune_results(work);
  order_state(work.graph, std::move(order));
  rebuild(work);
  return work;
}

void rebuild(WorkGraph& work, const Replacements& replacements) {
  WorkGraph fresh;
  Copier copier(work.graph, fresh.graph);
  const auto resolve = [&](Output output) {
    for (auto hit = replacements.find(output); hit != replacements.end();
         hit = replacements.find(output)) {
      output = hit->second;
    }
    return output;
  };
  if (!replacements.empty()) {
    for (int id = 0; id < work.graph.size(); ++id) {
      for (Output& in : work.graph.mutable_node(id).inputs) {
        if (in.valid()) in = resolve(in);
      }
    }
  }
  for (Output feed : work.feeds) fresh.feeds.push_back(copier.copy(feed));
  for (Output fetch : work.fetches) fresh.fetches.push_back(copier.copy(resolve(fetch)));
  for (int target : work.targets) fresh.targets.push_back(copier.copy_node(target));
  work = std::move(fresh);
}

std::vector<int> use_counts(const WorkGraph& work) {
  std::vector<int> uses(static_cast<std::size_t>(work.graph.size()));
  for (int id = 0; id < work.graph.size(); ++id) {
    for (Output in : work.graph.node(id).inputs) {
      if (in.valid()) ++uses[static_cast<std::size_t>(in.node)];
    }
  }
  for (Output fetch : work.fetches) ++uses[static_cast<std::size_t>(fetch.node)];
  return uses;
}

}  // namespace tw
