#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

void parameter_shape(ShapeContext& c) {
  const bool given = c.attrs().given("shape");
  c.set_output(0, given ? c.attrs().get<Shape>("shape") : Shape::unknown());
}

void parameter_kernel(OpContext& c) {
  fail(Code::kInternal, "parameter ", c.attrs().integer("index"), " of a subgraph has no value");
}

}  // namespace

OP(Parameter)
    .doc("A value that a subgraph is given, by its place. In a loop its shape holds for all "
         "iterations.")
    .internal()
    .output("output: dtype")
    .attr("index: int >= 0").attr("dtype: any|resource|variant").attr("shape: shape?")
    .shape(parameter_shape)
    .no_gradient("a source")
    .role(Role::kParameter)
    .kernel(Device::kCpu, parameter_kernel);

}  // namespace tw
