#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

void const_shape(ShapeContext& c) {
  const Tensor& value = c.attrs().get<Tensor>("value");
  check(value.dtype() == c.attrs().dtype("dtype"), Code::kInvalidArgument, "expected a value of ",
        name_of(c.attrs().dtype("dtype")), ", got ", name_of(value.dtype()));
  c.set_output(0, value.shape());
}

void const_kernel(OpContext& c) { c.set_output(0, c.attrs().get<Tensor>("value")); }

void placeholder_shape(ShapeContext& c) {
  const AttrValue& shape = c.attrs().value("shape");
  c.set_output(0, std::holds_alternative<Shape>(shape) ? std::get<Shape>(shape) : Shape::unknown());
}

void placeholder_kernel(OpContext& c) {
  const Shape& shape = c.node().outputs[0].shape;
  const std::string declared = shape.has_rank() && shape.rank() > 0 ? text(" and shape ", shape) : "";
  fail(Code::kInvalidArgument, "You must feed a value for placeholder tensor '", c.node().name,
       "' with dtype ", name_of(c.attrs().dtype("dtype")), declared);
}

void default_shape(ShapeContext& c) {
  const Shape declared =
      c.attrs().given("shape") ? c.attrs().get<Shape>("shape") : Shape::unknown();
  check(compatible(declared, c.input(0)), Code::kInvalidArgument, "the default has shape ",
        c.input(0), ", the placeholder ", declared);
  c.set_output(0, declared);
}

}  // namespace

OP(Const)
    .doc("A constant tensor.")
    .internal()
    .output("output: dtype").attr("value: tensor").attr("dtype: any|variant")
    .shape(const_shape)
    .no_gradient("a constant")
    .role(Role::kConst)
    .kernel(Device::kCpu, const_kernel);

OP(Placeholder)
    .doc("A value that is fed at each run that needs it.")
    .internal()
    .output("output: dtype").attr("dtype: any|resource|variant").attr("shape: shape?")
    .shape(placeholder_shape)
    .no_gradient("a source")
    .role(Role::kPlaceholder)
    .kernel(Device::kCpu, placeholder_kernel);

OP(PlaceholderWithDefault)
    .doc("A value that may be fed; otherwise the input. Its shape may be looser than the default's.")
    .input("input: dtype").output("output: dtype").attr("dtype: any").attr("shape: shape?")
    .shape(default_shape)
    .gradient([](GradientContext& g) { g.input(0) = g.output_grad(0); })
    .kernel(Device::kCpu, [](OpContext& c) { c.set_output(0, c.input(0)); });

}  // namespace tw
