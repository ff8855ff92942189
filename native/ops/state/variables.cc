#include <cstring>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/state/state.h"

namespace tw {
namespace {

void handle_kernel(OpContext& c) {
  *c.output(0).mutable_data<std::int64_t>() = variable_key(variable_name(c.node()));
}

void read_shape(ShapeContext& c) {
  c.with_rank(0, 0);
  // In a subgraph the handle is a parameter; what was known of the shape stays.
  const Shape declared = handle_shape(c, 0);
  c.set_output(0, declared.has_rank() ? declared : c.output(0));
}

void read_kernel(OpContext& c) {
  const Variable& variable = c.variable(0);
  Tensor value = variable.read();
  check(value.defined(), Code::kFailedPrecondition, "Error while reading resource variable ",
        variable.name(),
        ". This could mean that the variable was uninitialized. Run graph.initializer or "
        "session.initialize() first.");
  const OutputInfo& expected = c.node().outputs[0];
  check(value.dtype() == expected.dtype && compatible(value.shape(), expected.shape),
        Code::kInvalidArgument, "variable '", variable.name(), "' holds ", name_of(value.dtype()),
        " ", value.shape(), ", expected ", name_of(expected.dtype), " ", expected.shape);
  c.set_output(0, std::move(value));
}

void check_assignable(const Shape& variable, const Shape& value) {
  check(compatible(variable, value), Code::kInvalidArgument,
        "Assign requires shapes of both tensors to match. lhs shape= ", variable,
        " rhs shape= ", value);
}

void assign_shape(ShapeContext& c) {
  c.with_rank(0, 0);
  const Shape declared = handle_shape(c, 0);
  if (c.attrs().flag("validate_shape")) check_assignable(declared, c.input(1));
}

// The value is copied: the memory of an input belongs to the run, or to a caller. Only that of a
// constant that nobody can feed may be shared: who changes a variable takes memory of its own where
// others hold the value.
void assign_kernel(OpContext& c) {
  Variable& variable = c.variable(0);
  const Tensor& from = c.input(1);
  if (c.attrs().flag("validate_shape")) check_assignable(variable.shape(), from.shape());
  const bool shared = c.attrs().flag("_shared") && from.buffer();
  variable.update([&](Tensor& value) {
    if (shared) {
      value = from;
      return;
    }
    const bool reusable = value.defined() && value.dtype() == from.dtype() &&
                          value.shape() == from.shape() && !is_object(value.dtype()) &&
                          value.buffer() && value.buffer()->unique();
    if (!reusable) {
      value = from.copy(c.allocator());
    } else if (from.size() > 0) {
      std::memmove(value.raw(), from.raw(), from.bytes());
    }
  });
}

void update_shape(ShapeContext& c) {
  c.with_rank(0, 0);
  check_assignable(handle_shape(c, 0), c.input(1));
}

void is_initialized_kernel(OpContext& c) {
  *c.output(0).mutable_data<bool>() = c.variable(0).read().defined();
}

}  // namespace

OP(VarHandleOp)
    .doc("The handle of a variable; each session keeps its own value under shared_name.")
    .internal()
    .output("resource: resource")
    .attr("dtype: any").attr("shape: shape")
    .attr("container: string?").attr("shared_name: string?")
    .shape(scalar_shape)
    .no_gradient("a handle")
    .role(Role::kVariable)
    .stateful()
    .kernel(Device::kCpu, handle_kernel);

OP(ReadVariableOp)
    .doc("The value of a variable.")
    .internal()
    .input("resource: resource").output("value: dtype").attr("dtype: any")
    .shape(read_shape)
    .gradient([](GradientContext& g) { g.input(0) = g.output_grad(0); })
    .role(Role::kRead)
    .stateful()
    .kernel(Device::kCpu, read_kernel);

OP(AssignVariableOp)
    .doc("Sets a variable to the value. With _shared, for a constant that is never fed, it begins "
         "with the constant's memory and takes its own when it changes.")
    .internal()
    .input("resource: resource").input("value: dtype")
    .attr("dtype: any").attr("validate_shape: bool = true").attr("_shared: bool = false")
    .shape(assign_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, assign_kernel);

OP(AssignAddVariableOp)
    .doc("Adds the value to a variable.")
    .internal()
    .input("resource: resource").input("value: dtype")
    .attr("dtype: numeric|complex64|complex128")
    .shape(update_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, [](OpContext& c) { update_variable(c, Update::kAdd, c.input(1), 1); });

OP(AssignSubVariableOp)
    .doc("Subtracts the value from a variable.")
    .internal()
    .input("resource: resource").input("value: dtype")
    .attr("dtype: numeric|complex64|complex128")
    .shape(update_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu,
            [](OpContext& c) { update_variable(c, Update::kSubtract, c.input(1), 1); });

OP(VarIsInitializedOp)
    .doc("Whether the variable has a value in this session.")
    .internal()
    .input("resource: resource").output("is_initialized: bool")
    .shape(scalar_shape)
    .no_gradient("boolean output")
    .stateful()
    .kernel(Device::kCpu, is_initialized_kernel);

}  // namespace tw
