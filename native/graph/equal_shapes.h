#pragma once

#include "graph/shape_context.h"

namespace tw {

// The shape function of ops that take their inputs element by element and do not broadcast: what
// all shapes say together; shapes that contradict each other are an error. A pass that computes
// such an op with a broadcasting kernel has to know that the shapes are the same.
void equal_shapes(ShapeContext& c);

}  // namespace tw
