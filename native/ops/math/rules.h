#pragma once

#include "graph/gradient_context.h"

// Short spellings for gradient rules made of elementwise ops.
namespace tw::rules {

inline Output dy(GradientContext& g) { return g.output_grad(0); }
inline Output add(GradientContext& g, Output a, Output b) { return g.op("AddV2", {a, b}); }
inline Output sub(GradientContext& g, Output a, Output b) { return g.op("Sub", {a, b}); }
inline Output mul(GradientContext& g, Output a, Output b) { return g.op("Mul", {a, b}); }
inline Output div(GradientContext& g, Output a, Output b) { return g.op("RealDiv", {a, b}); }
inline Output neg(GradientContext& g, Output a) { return g.op("Neg", {a}); }
inline Output square(GradientContext& g, Output a) { return g.op("Square", {a}); }
inline Output one_minus(GradientContext& g, Output a) { return sub(g, g.scalar_like(1, a), a); }
inline Output one_plus(GradientContext& g, Output a) { return add(g, g.scalar_like(1, a), a); }
inline Output times(GradientContext& g, double k, Output a) { return mul(g, g.scalar_like(k, a), a); }
inline Output in_type(GradientContext& g, Output a, DType dtype) {
  return g.info(a).dtype == dtype ? a : g.op("Cast", {a}, {{"DstT", dtype}});
}
// where ? a : 0
inline Output only_where(GradientContext& g, Output where, Output a) {
  return g.op("SelectV2", {where, a, g.scalar_like(0, a)});
}
// Gradients of the two operands of a broadcasting op, summed down to their shapes.
inline void set_operands(GradientContext& g, Output da, Output db) {
  g.input(0) = g.sum_to(da, g.input_value(0));
  g.input(1) = g.sum_to(db, g.input_value(1));
}

}  // namespace tw::rules
