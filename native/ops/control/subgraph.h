#pragma once

#include "graph/op_context.h"
#include "graph/shape_context.h"

namespace tw {

// Subgraphs take their parameters in the order of attr index and give Graph::results.

// Checks that the subgraph in `attr` takes the inputs of the node from `first` on: as many, of the
// same dtypes, of compatible shapes. Gives it.
const Graph& checked_subgraph(const ShapeContext& c, const char* attr, int first);
// The same where it takes other values than those inputs.
const Graph& checked_subgraph(const ShapeContext& c, const char* attr,
                              std::span<const OutputInfo> given);
std::vector<OutputInfo> input_infos(const ShapeContext& c, int first);
// Adds what the body of a loop takes after its inputs: results of the attr _prelude, a subgraph that
// takes the inputs and runs once, before the first step.
void add_hoisted(const ShapeContext& c, std::vector<OutputInfo>& given);
// Checks that the subgraph gives values of these dtypes.
void check_results(const Graph& subgraph, const char* attr, const std::vector<DType>& dtypes);

// The shapes of the subgraph's results: as declared, or for parameters of the given shapes, which
// may say more than the declared ones.
std::vector<Shape> result_shapes(const Graph& subgraph);
std::vector<Shape> result_shapes(const Graph& subgraph, std::span<const OutputInfo> given);

// Dims on which both shapes agree; the others unknown.
Shape common_shape(const Shape& a, const Shape& b);
// Whether every tensor of the shape `b` is also one of the shape `a`.
bool covers(const Shape& a, const Shape& b);

// The results of _prelude for the inputs of a loop; none without it.
std::vector<Tensor> prelude(OpContext& c, std::span<const Tensor> inputs);

// While running: the declared shapes of the parameters hold.
void check_arguments(const Graph& subgraph, std::span<const Tensor> arguments);

// A condition as TensorFlow understands it: a scalar that is not zero, false or empty, or a tensor
// that has elements.
bool holds(const Tensor& condition);

}  // namespace tw
