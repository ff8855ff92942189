#include <utility>

#include "graph/gradient_context.h"

namespace tw {
namespace {

using Marks = std::vector<bool>;

bool at(const Marks& marks, Output o) { return marks[static_cast<std::size_t>(o.node)]; }

Marks marked(const Graph& graph, std::span<const Output> outputs) {
  Marks marks(static_cast<std::size_t>(graph.size()));
  for (Output o : outputs) marks[static_cast<std::size_t>(o.node)] = true;
  return marks;
}

Marks reached_from(const Graph& graph, std::span<const Output> xs) {
  Marks marks = marked(graph, xs);
  for (int id = 0; id < graph.size(); ++id) {
    for (Output in : graph.node(id).inputs) {
      if (in.valid() && at(marks, in)) marks[static_cast<std::size_t>(id)] = true;
    }
  }
  return marks;
}

// Why no gradient goes through the node from its outputs to its input; empty when one does.
std::string obstacle(const Graph& graph, const Node& node, Output in) {
  const OutputInfo& info = graph.info(in);
  const Node& from = graph.node(in.node);
  if (!is_floating(info.dtype) && !is_complex(info.dtype) && info.dtype != DType::kResource) {
    return text("'", from.name, ":", in.index, "' (", from.op->name, ") is ", name_of(info.dtype));
  }
  if (node.op->gradient != nullptr) return {};
  return text("'", node.name, "' (", node.op->name, ") has no gradient: ",
              node.op->no_gradient_reason);
}

}  // namespace

std::vector<std::string> gradient_obstacles(const Graph& graph, std::span<const Output> ys,
                                            std::span<const Output> xs) {
  const Marks from_x = reached_from(graph, xs);
  Marks to_y = marked(graph, ys);
  std::vector<std::string> found;
  for (int id = graph.size() - 1; id >= 0; --id) {
    if (!to_y[static_cast<std::size_t>(id)]) continue;
    const Node& node = graph.node(id);
    for (Output in : node.inputs) {
      if (!in.valid() || !at(from_x, in)) continue;
      std::string why = obstacle(graph, node, in);
      if (why.empty()) {
        to_y[static_cast<std::size_t>(in.node)] = true;
      } else if (found.empty() || found.back() != why) {
        found.push_back(std::move(why));
      }
    }
  }
  return found;
}

}  // namespace tw
