#pragma once

#include <span>
#include <vector>

#include "graph/graph.h"

namespace tw {

// What an op's gradient rule sees: the forward node, the gradients of its outputs, and a builder.
// The rule assigns input(i) for each input that has a gradient; others stay invalid.
class GradientContext {
 public:
  GradientContext(Graph& graph, int node, std::span<const Output> output_grads);

  Attrs attrs() const { return graph_.node(node_).attrs(); }
  int inputs() const noexcept { return static_cast<int>(input_grads_.size()); }
  // The gradient to be set.
  Output& input(int i) { return input_grads_[static_cast<std::size_t>(i)]; }
  // Forward values; invalid for an optional input that is not given.
  Output input_value(int i) const {
    const auto& inputs = graph_.node(node_).inputs;
    return i < static_cast<int>(inputs.size()) ? inputs[static_cast<std::size_t>(i)] : Output{};
  }
  Output output_value(int i) const { return {node_, i}; }
  const OutputInfo& info(Output o) const { return graph_.info(o); }
  bool has_output_grad(int i) const { return output_grads_[static_cast<std::size_t>(i)].valid(); }
  // The gradient of output i; zeros of its shape when nothing depends on it.
  Output output_grad(int i);

  // Adds a node and gives its first output; the rest are {output.node, k}.
  Output op(const char* name, std::vector<Output> inputs, AttrMap attrs = {});
  // A rank 0 constant of the dtype of `like`.
  Output scalar_like(double value, Output like);
  Output int_vector(std::vector<std::int64_t> values);  // int64
  Output shape_of(Output x);                            // int64 vector
  // grad summed down to the shape of `to`, which was broadcast in the forward op.
  Output sum_to(Output grad, Output to);

  Graph& graph() noexcept { return graph_; }

 private:
  Graph& graph_;
  int node_;
  std::vector<Output> output_grads_, input_grads_;
};

struct GradientOptions {
  std::vector<Output> grad_ys;  // empty, or one per y (invalid: ones)
  std::vector<Output> stop_gradients;
};

// d(sum of ys)/dx for each x; invalid where no path leads. Throws kUnimplemented naming the op
// that has no gradient on a live path.
std::vector<Output> gradients(Graph& graph, std::span<const Output> ys, std::span<const Output> xs,
                              const GradientOptions& options = {});

// Why no gradient comes from the ys to the xs, a sentence for each place between them that lets none
// through, those next to the ys first; none when the ys do not depend on the xs at all.
std::vector<std::string> gradient_obstacles(const Graph& graph, std::span<const Output> ys,
                                            std::span<const Output> xs);

}  // namespace tw
