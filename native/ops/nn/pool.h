#pragma once

#include "graph/op_context.h"
#include "graph/pass_context.h"
#include "graph/shape_context.h"
#include "kernels/pool.h"
#include "ops/nn/window_spec.h"

namespace tw {

// The geometry of a pool over an input of shape x.
PoolShape pool_geometry(const Attrs& attrs, const WindowSpec& spec, const Shape& x);

void pool_shape_fn(ShapeContext& c);
bool pool_permute(PermuteContext& c);
void max_pool_kernel(OpContext& c);
void avg_pool_kernel(OpContext& c);
// orig_input, orig_output, grad and orig_input_shape, grad.
void max_pool_grad_kernel(OpContext& c);
void avg_pool_grad_kernel(OpContext& c);
// orig_input, orig_output, grad (of MaxPoolGrad's result).
void max_pool_grad_grad_kernel(OpContext& c);

}  // namespace tw
