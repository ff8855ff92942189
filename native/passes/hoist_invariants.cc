#include <algorithm>

#include "graph/part.h"
#include "passes/passes.h"

namespace tw {
namespace {

AttrValue& attr_of(Node& node, const char* name) {
  return node.attr_values[static_cast<std::size_t>(node.op->attr_index(name))];
}

// By input, whether a loop's body is given the same value in each step: what a loop captures, or
// hands on unchanged.
std::vector<bool> invariant_inputs(const Node& loop, const Graph& body) {
  std::vector<bool> same(loop.inputs.size());
  for (const ArgDef& arg : loop.op->inputs) {
    if (arg.name != "captured") continue;
    const auto [first, count] = loop.input_range(arg.name);
    std::fill(same.begin() + first, same.begin() + first + count, true);
    return same;
  }
  const std::vector<int> parameters = body.parameters();
  for (std::size_t i = 0; i < same.size(); ++i) {
    same[i] = body.results[i] == Output{parameters[i], 0};
  }
  return same;
}

// Where the loop is given a constant, its body has that constant, to fold and to pack.
GraphRef with_constants(const Graph& graph, const Node& loop, const GraphRef& body,
                        const std::vector<bool>& same) {
  const std::vector<int> parameters = body->parameters();
  std::shared_ptr<Graph> copy;
  for (std::size_t i = 0; i < same.size(); ++i) {
    if (!same[i] || graph.node(loop.inputs[i].node).op->role != Role::kConst) continue;
    if (!copy) copy = body->open_copy();
    Node& place = copy->mutable_node(parameters[i]);
    const Node parameter = place;
    place = graph.node(loop.inputs[i].node);
    place.id = parameter.id;
    place.name = parameter.name;
    place.controls.clear();
    const Output moved{copy->append(parameter), 0};
    // What a loop hands on stays what it was given.
    std::replace(copy->results.begin(), copy->results.end(), Output{parameter.id, 0}, moved);
  }
  if (!copy) return body;
  copy->finalize();
  return copy;
}

bool is_random(const Node& node) { return node.op->attr_index("_graph_seed") >= 0; }

// Whether a body leaves variables as they are, so that what it reads is the same in each step.
bool leaves_variables(const Graph& body) {
  for (int id = 0; id < body.size(); ++id) {
    const Node& node = body.node(id);
    const Role role = node.op->role;
    if (node.op->stateful && role != Role::kRead && role != Role::kVariable && !is_random(node)) {
      return false;
    }
  }
  return true;
}

// What a body computes that is the same in each step.
class Invariants {
 public:
  Invariants(const Graph& body, const std::vector<bool>& same, bool same_variables)
      : body_(body), same_variables_(same_variables) {
    const std::vector<int> parameters = body.parameters();
    invariant_.resize(static_cast<std::size_t>(body.size()));
    for (std::size_t i = 0; i < same.size(); ++i) {
      if (same[i]) invariant_[static_cast<std::size_t>(parameters[i])] = true;
    }
    for (int id = 0; id < body.size(); ++id) {
      if (!invariant_[static_cast<std::size_t>(id)]) invariant_[static_cast<std::size_t>(id)] = follows(id);
    }
  }

  // Values that others need; integers stay inside, where they may give shapes.
  bool can_move(Output value) const {
    // Nodes without outputs, which others wait for, are never invariant.
    if (!invariant_[static_cast<std::size_t>(value.node)]) return false;
    const Node& node = body_.node(value.node);
    const DType dtype = body_.info(value).dtype;
    const Role role = node.op->role;
    const bool source =
        role == Role::kConst || role == Role::kParameter || role == Role::kRead || node.op->alias;
    return !source && dtype != DType::kInt32 && dtype != DType::kInt64;
  }

  std::vector<Output> moved() const {
    const auto ends = [this](Output value) { return can_move(value); };
    const std::vector<bool> needed = needed_nodes(body_, body_.results, ends);
    std::vector<Output> found;
    const auto see = [&](Output value) {
      if (!value.valid() || !can_move(value)) return;
      if (std::find(found.begin(), found.end(), value) == found.end()) found.push_back(value);
    };
    for (Output result : body_.results) see(result);
    for (int id = 0; id < body_.size(); ++id) {
      if (!needed[static_cast<std::size_t>(id)]) continue;
      for (Output in : body_.node(id).inputs) see(in);
    }
    return found;
  }

 private:
  bool follows(int id) const {
    const Node& node = body_.node(id);
    if (node.op->role == Role::kConst) return true;
    const bool same_read = node.op->role == Role::kRead && same_variables_;
    if (node.op->stateful && !same_read) return false;
    if (!node.controls.empty() || node.outputs.empty()) return false;
    if (node.op->role == Role::kParameter || node.op->role == Role::kPlaceholder) return false;
    return std::all_of(node.inputs.begin(), node.inputs.end(), [this](Output in) {
      return !in.valid() || invariant_[static_cast<std::size_t>(in.node)];
    });
  }

  const Graph& body_;
  const bool same_variables_;
  std::vector<bool> invariant_;
};

bool condition_leaves_variables(const Node& loop) {
  return loop.op->attr_index("cond") < 0 || leaves_variables(*loop.attrs().get<GraphRef>("cond"));
}

void hoist(const Graph& graph, Node& loop) {
  if (std::holds_alternative<GraphRef>(attr_of(loop, "_prelude"))) return;
  GraphRef body = loop.attrs().get<GraphRef>("body");
  const std::vector<bool> same = invariant_inputs(loop, *body);
  body = with_constants(graph, loop, body, same);
  const bool same_variables = leaves_variables(*body) && condition_leaves_variables(loop);
  const std::vector<Output> moved = Invariants(*body, same, same_variables).moved();
  if (!moved.empty()) {
    // The prelude takes the inputs of the loop as they are; no slice is among what it needs.
    std::vector<Given> inputs, given;
    const std::vector<int> parameters = body->parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const Output value{parameters[i], 0};
      inputs.push_back({value, graph.info(loop.inputs[i]).shape});
      given.push_back({value, body->info(value).shape});
    }
    const std::shared_ptr<Graph> prelude = with_parameters(*body, inputs, moved);
    for (Output value : moved) given.push_back({value, body->info(value).shape});
    const std::shared_ptr<Graph> rest = with_parameters(*body, given, body->results);
    prelude->finalize();
    rest->finalize();
    attr_of(loop, "_prelude") = GraphRef(prelude);
    body = rest;
  }
  attr_of(loop, "body") = body;
}

}  // namespace

void hoist_invariants(PassContext& context) {
  Graph& graph = context.work.graph;
  for (int id = 0; id < graph.size(); ++id) {
    Node& node = graph.mutable_node(id);
    if (node.op->attr_index("_prelude") >= 0) hoist(graph, node);
  }
}

}  // namespace tw
