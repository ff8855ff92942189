#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "graph/pack_cache.h"

namespace tw {

// For .pack: called for a node of which some inputs are constant; nodes alike share what it gives.
// The clause may replace constant inputs by prepared ones and note in hidden attrs what it did; it
// looks at attrs, shapes and constants alone. The changes take effect when it has returned.
class PackContext {
 public:
  PackContext(const Graph& graph, int node, bool strict)
      : graph_(graph), node_(node), strict_(strict) {}
  const Node& node() const { return graph_.node(node_); }
  Attrs attrs() const { return node().attrs(); }
  // null: input i is not constant (or not given).
  const Tensor* constant(int i) const;
  // Whether what is prepared has to give the same bits as what is not.
  bool strict() const noexcept { return strict_; }
  const Shape& shape(int i) const { return graph_.info(node().inputs[i]).shape; }
  void replace_input(int i, Tensor prepared) { packed.inputs.emplace_back(i, std::move(prepared)); }
  void set_attr(std::string_view name, AttrValue value);

  Packed packed;

 private:
  const Graph& graph_;
  int node_;
  bool strict_;
};

// Gives a node what a pack clause made.
void apply(const Packed& packed, Graph& graph, int node);

// For .permute: rewrites the node so that its data inputs come transposed by perm() and its
// outputs leave transposed by perm(): new_x = transpose(old_x, perm). The clause names every
// further input that has to be transposed as well, and returns false when it cannot.
class PermuteContext {
 public:
  PermuteContext(Graph& graph, int node, const std::vector<int>& perm, bool strict)
      : graph_(graph), node_(node), perm_(perm), strict_(strict) {}
  const Node& node() const { return graph_.node(node_); }
  Attrs attrs() const { return node().attrs(); }
  const std::vector<int>& perm() const noexcept { return perm_; }
  // Whether results have to keep all their bits: sums of floats then keep their order.
  bool strict() const noexcept { return strict_; }
  // The place of an old axis after the transposition.
  int new_axis(std::int64_t old_axis) const;
  const Tensor* constant(int i) const;
  const Shape& shape(int i) const { return graph_.info(node().inputs[i]).shape; }

  void permute_input(int i) { permuted_inputs.push_back(i); }
  void replace_input(int i, const Tensor& value);
  void set_attr(std::string_view name, AttrValue value);

  std::vector<int> permuted_inputs;

 private:
  Graph& graph_;
  int node_;
  const std::vector<int>& perm_;
  bool strict_;
};

// For rewrite rules: looks upwards from the anchor node; on a match adds nodes and calls replace.
class RewriteContext {
 public:
  RewriteContext(Graph& graph, int anchor, const std::vector<int>& uses)
      : graph_(graph), anchor_(anchor), uses_(uses) {}
  const Node& node() const { return graph_.node(anchor_); }
  const Node& node_of(Output output) const { return graph_.node(output.node); }
  const OutputInfo& info(Output output) const { return graph_.info(output); }
  // The node that makes `output` when it is of this op, else null.
  const Node* match(Output output, std::string_view op) const;
  // As match, and nobody but the pattern uses the value.
  const Node* match_single(Output output, std::string_view op) const;
  // The value of a floating constant with one element.
  std::optional<double> scalar(Output output) const;

  Output add(const char* op, std::vector<Output> inputs, AttrMap attrs = {});
  Output constant(const Tensor& value) { return graph_.constant(value); }
  const Tensor* constant_value(Output output) const { return graph_.constant_value(output); }
  // A copy of a node with other inputs and attrs; gives its output 0.
  Output copy_with(const Node& node, std::vector<Output> inputs, AttrMap attrs = {});
  // Output 0 of the anchor is now this value.
  void replace(Output value) { replacement = value; }

  Output replacement;

 private:
  Graph& graph_;
  int anchor_;
  const std::vector<int>& uses_;  // number of uses of output 0, by node
};

}  // namespace tw
