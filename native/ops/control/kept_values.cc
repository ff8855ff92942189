#include "ops/control/kept_values.h"

#include <algorithm>

#include "graph/part.h"

namespace tw {
namespace {

bool holds_graph(const Node& node) {
  return std::any_of(node.attr_values.begin(), node.attr_values.end(), [](const AttrValue& value) {
    return std::holds_alternative<GraphRef>(value);
  });
}

bool writes_variables(const Graph& body) {
  for (int id = 0; id < body.size(); ++id) {
    const Node& node = body.node(id);
    if (node.op->role == Role::kWrite || (node.op->stateful && holds_graph(node))) return true;
  }
  return false;
}

AttrValue& attr_of(Node& node, const char* name) {
  return node.attr_values[static_cast<std::size_t>(node.op->attr_index(name))];
}

}  // namespace

Output stacked_output(Graph& graph, int node, Output value) {
  Node& loop = graph.mutable_node(node);
  const GraphRef body = loop.attrs().get<GraphRef>("body");
  auto& dtypes = std::get<std::vector<DType>>(attr_of(loop, "Tcollected"));
  const std::size_t carried = loop.outputs.size() - dtypes.size();
  const auto begin = body->results.begin();
  const auto known = std::find(begin + static_cast<std::ptrdiff_t>(carried), body->results.end(), value);
  if (known != body->results.end()) return {node, static_cast<int>(known - begin)};
  const std::shared_ptr<Graph> wider = body->open_copy();
  wider->results.push_back(value);
  wider->finalize();
  const DType dtype = body->info(value).dtype;
  attr_of(loop, "body") = GraphRef(wider);
  dtypes.push_back(dtype);
  loop.outputs.push_back({dtype, Shape::unknown(), nullptr});
  graph.infer(node);
  return {node, static_cast<int>(loop.outputs.size()) - 1};
}

Output branch_output(Graph& graph, int node, const char* taken, const char* other, Output value) {
  Node& branches = graph.mutable_node(node);
  const GraphRef from = branches.attrs().get<GraphRef>(taken);
  const auto known = std::find(from->results.begin(), from->results.end(), value);
  if (known != from->results.end()) return {node, static_cast<int>(known - from->results.begin())};
  const DType dtype = from->info(value).dtype;
  const std::shared_ptr<Graph> yes = from->open_copy();
  const std::shared_ptr<Graph> no = branches.attrs().get<GraphRef>(other)->open_copy();
  yes->results.push_back(value);
  no->results.push_back(no->constant(Tensor::allocate(dtype, {0}), "not_taken"));
  yes->finalize();
  no->finalize();
  attr_of(branches, taken) = GraphRef(yes);
  attr_of(branches, other) = GraphRef(no);
  std::get<std::vector<DType>>(attr_of(branches, "Tout")).push_back(dtype);
  branches.outputs.push_back({dtype, Shape::unknown(), nullptr});
  graph.infer(node);
  return {node, static_cast<int>(branches.outputs.size()) - 1};
}

Output call_output(Graph& graph, int node, Output value) {
  Node& call = graph.mutable_node(node);
  const GraphRef body = call.attrs().get<GraphRef>("f");
  const auto known = std::find(body->results.begin(), body->results.end(), value);
  if (known != body->results.end()) return {node, static_cast<int>(known - body->results.begin())};
  const std::shared_ptr<Graph> wider = body->open_copy();
  wider->results.push_back(value);
  wider->finalize();
  const DType dtype = body->info(value).dtype;
  attr_of(call, "f") = GraphRef(wider);
  std::get<std::vector<DType>>(attr_of(call, "Tout")).push_back(dtype);
  call.outputs.push_back({dtype, Shape::unknown(), nullptr});
  graph.infer(node);
  return {node, static_cast<int>(call.outputs.size()) - 1};
}

std::vector<Output> kept_values(const Graph& body, const Graph& gradient,
                                const std::vector<Output>& results) {
  const auto is_kept = [&](Output value) {
    return value.node < body.size() && must_be_kept(body, body.node(value.node));
  };
  const std::vector<bool> needed = needed_nodes(gradient, results, is_kept);
  std::vector<Output> kept;
  const auto see = [&](Output value) {
    if (!value.valid() || !is_kept(value)) return;
    if (std::find(kept.begin(), kept.end(), value) == kept.end()) kept.push_back(value);
  };
  for (Output result : results) see(result);
  for (int id = 0; id < gradient.size(); ++id) {
    if (!needed[static_cast<std::size_t>(id)]) continue;
    for (Output in : gradient.node(id).inputs) see(in);
  }
  return kept;
}

bool must_be_kept(const Graph& body, const Node& node) {
  const Role role = node.op->role;
  if (!node.op->stateful || node.outputs.empty() || role == Role::kVariable) return false;
  if (holds_graph(node)) return false;
  return role != Role::kRead || writes_variables(body);
}

}  // namespace tw
