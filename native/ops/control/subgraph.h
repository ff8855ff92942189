#pragma once

#include "graph/op_context.h"
#include "graph/shape_context.h"

namespace tw {

// Subgraphs take their parameters in the order of attr index and give Graph::results.

// Checks that the subgraph in `attr` takes the inputs of the node from `first` on: as many, of the
// same dtypes, of compatible shapes. Gives it.
const Graph& checked_subgraph(const ShapeContext& c, const char* attr, int first);
// Checks that the subgraph gives values of these dtypes.
void check_results(const Graph& subgraph, const char* attr, const std::vector<DType>& dtypes);

// The shapes of the subgraph's results for inputs of the shapes that the node has from `first` on,
// which may say more than the parameters declare.
std::vector<Shape> result_shapes(const Graph& subgraph, const ShapeContext& c, int first);

// Dims on which both shapes agree; the others unknown.
Shape common_shape(const Shape& a, const Shape& b);
// Whether every tensor of the shape `b` is also one of the shape `a`.
bool covers(const Shape& a, const Shape& b);

// While running: the declared shapes of the parameters hold.
void check_arguments(const Graph& subgraph, std::span<const Tensor> arguments);

// A condition as TensorFlow understands it: a scalar that is not zero, false or empty, or a tensor
// that has elements.
bool holds(const Tensor& condition);

}  // namespace tw
