#pragma once

#include "graph/op_context.h"
#include "graph/shape_context.h"
#include "kernels/update.h"

namespace tw {

// The declared shape of the variable whose handle is input i; unknown when the handle comes from
// outside of the graph. Checks the variable's dtype against the node's attr dtype.
Shape handle_shape(const ShapeContext& c, int i);

// The element of a floating tensor of one element.
double scalar_value(const Tensor& t);

// Throws kFailedPrecondition for a variable that has no value.
void check_initialized(const Variable& variable, const Tensor& value);

// Variable 0 becomes update(variable, delta): in its own memory when nobody else holds it.
void update_variable(OpContext& c, Update update, const Tensor& delta, double scale);

}  // namespace tw
