#pragma once

#include "graph/op_context.h"
#include "graph/shape_context.h"
#include "kernels/philox.h"

namespace tw {

// The generator of one execution of a stateful random op, for up to `elements` elements. Its key
// comes from the attrs seed, seed2 and the hidden _graph_seed, as TensorFlow pairs them:
//   seed and seed2 given: this pair, where (0, 0) means not repeatable;
//   an op seed o (seed alone), a graph seed g: (g, o); only o: (87654321, o);
//   only g: (g, hash of the op's name); neither: not repeatable.
// Further executions in one session continue the sequence; a new session begins it again.
Philox next_random(OpContext& c, std::int64_t elements);

// The generator that a stateless op's seed, two integers, stands for.
Philox stateless_random(const Tensor& seed);

// Output 0 has the shape that input 0 spells out.
void shape_of_input(ShapeContext& c);
// The same while running, with checks.
Tensor& allocate_shape_of_input(OpContext& c);

// Fills y in parallel, in parts that the thread count does not change.
// part(first, n, out) writes elements [first, first + n).
using FillPart = FunctionRef<void(std::int64_t first, std::int64_t n, void* out)>;
void fill_parts(OpContext& c, Tensor& y, FillPart part);

}  // namespace tw
