#pragma once

#include <memory>
#include <string_view>

#include "graph/gradient_context.h"

namespace tw {

// The gradient of a subgraph as another subgraph, which computes what it needs of the first again.
class SubgraphGradient {
 public:
  // Of the results numbered `ys`: their gradients become parameters after the subgraph's own.
  SubgraphGradient(const Graph& subgraph, const std::vector<int>& ys);

  // Whether the results depend on parameter i.
  bool reaches(int i) const { return of_parameter_[static_cast<std::size_t>(i)].valid(); }
  DType dtype(int i) const {
    return graph_->info(of_parameter_[static_cast<std::size_t>(i)]).dtype;
  }
  // The gradient of parameter i, zeros when nothing reaches it; a handle's is of this dtype.
  Output of_parameter(int i, DType dtype);
  // What is added to a parameter of its own on the way.
  Output accumulated(Output value);
  Output sum(const std::vector<Output>& values);
  // The value under a shape that is known to hold.
  Output shaped(Output value, const Shape& shape);

  // A further parameter.
  Output add_parameter(DType dtype, const Shape& shape);

  Graph& graph() { return *graph_; }
  // The subgraph that gives these values.
  GraphRef finish(std::vector<Output> results);

 private:
  Output parameter(int i) const { return {parameters_[static_cast<std::size_t>(i)], 0}; }
  Output add(const char* op, std::vector<Output> inputs, AttrMap attrs = {});

  std::shared_ptr<Graph> graph_;
  std::vector<int> parameters_;
  std::vector<Output> of_parameter_;
  int given_ = 0;
};

// Throws kUnimplemented when the results depend on ops that must not run twice: writes and random
// draws.
void check_repeatable(const Graph& subgraph);

// Whether gradients flow through values of the dtype: floating, complex, handles of variables.
bool carries_gradients(DType dtype);

}  // namespace tw
