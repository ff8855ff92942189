#pragma once

#include "graph/op_context.h"
#include "graph/shape_context.h"

namespace tw {

// MatMul and BatchMatMul share all but the names of their flags.
struct MatMulFlags {
  bool transpose_a, transpose_b;
};
MatMulFlags mat_mul_flags(const Attrs& attrs);

void mat_mul_shape(ShapeContext& c);
void mat_mul(OpContext& c);

}  // namespace tw
