#pragma once

#include <optional>
#include <string_view>

#include "graph/graph.h"

namespace tw {

// What a shape function sees of a node: shapes, constants and attrs of the inputs; it sets the
// shapes of the outputs. Unknown dims stay unknown. Throws kInvalidArgument when the inputs do
// not fit; the caller adds op and node.
class ShapeContext {
 public:
  ShapeContext(const Graph& graph, Node& node) : graph_(graph), node_(node) {}

  const Node& node() const noexcept { return node_; }
  Attrs attrs() const { return node_.attrs(); }
  int inputs() const noexcept { return static_cast<int>(node_.inputs.size()); }
  bool has_input(int i) const noexcept { return i < inputs() && node_.inputs[i].valid(); }
  const Shape& input(int i) const { return graph_.info(node_.inputs[i]).shape; }
  DType dtype(int i) const { return graph_.info(node_.inputs[i]).dtype; }
  Node::Range range(std::string_view arg) const { return node_.input_range(arg); }
  // The node that makes input i, or null when it is not given.
  const Node* producer(int i) const {
    return has_input(i) ? &graph_.node(node_.inputs[i].node) : nullptr;
  }
  // The value of input i when it is constant, else null.
  const Tensor* constant(int i) const {
    return has_input(i) ? graph_.constant_value(node_.inputs[i]) : nullptr;
  }
  // The elements of input i, an integer scalar or vector, as far as known.
  std::optional<PartialValue> values(int i) const;
  // One element of that kind: scalar inputs such as an axis. nullopt: not known.
  std::optional<std::int64_t> scalar(int i) const;
  // The shape that input i spells out, with -1 and unknown elements as unknown dims; unknown rank
  // when not even its length is known.
  Shape shape_from(int i) const;

  // Checks the rank of input i when it is known.
  const Shape& with_rank(int i, int rank) const;
  const Shape& with_rank_at_least(int i, int rank) const;

  int outputs() const noexcept { return static_cast<int>(node_.outputs.size()); }
  void set_output(int i, const Shape& shape) { node_.outputs[i].shape = shape; }
  void set_value(int i, PartialValue value);
  const Shape& output(int i) const { return node_.outputs[i].shape; }

 private:
  const Graph& graph_;
  Node& node_;
};

// Ready-made shape functions.
void same_shape(ShapeContext& c);       // output 0 has the shape of input 0
void broadcast_shape(ShapeContext& c);  // output 0 is the broadcast of all inputs
void scalar_shape(ShapeContext& c);     // every output has rank 0
void no_outputs(ShapeContext& c);

}  // namespace tw
