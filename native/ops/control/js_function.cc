#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

void function_shape(ShapeContext& c) {
  const bool given = c.attrs().given("shapes");
  for (int i = 0; i < c.outputs(); ++i) {
    c.set_output(i, given ? c.attrs().get<std::vector<Shape>>("shapes")[static_cast<std::size_t>(i)]
                          : Shape::unknown());
  }
}

void function_kernel(OpContext& c) {
  std::vector<Tensor> inputs;
  for (int i = 0; i < c.inputs(); ++i) inputs.push_back(c.input(i));
  std::vector<Tensor> results = c.run_subgraph("function", inputs);
  check(static_cast<int>(results.size()) == c.outputs(), Code::kInvalidArgument, "the function "
        "returns ", results.size(), " values, but expects to see ", c.outputs(), " values");
  for (int i = 0; i < c.outputs(); ++i) {
    Tensor& value = results[static_cast<std::size_t>(i)];
    const OutputInfo& wanted = c.node().outputs[static_cast<std::size_t>(i)];
    check(value.dtype() == wanted.dtype && compatible(value.shape(), wanted.shape),
          Code::kInvalidArgument, "value ", i, " returned by the function is ",
          name_of(value.dtype()), " ", value.shape(), ", but expects ", name_of(wanted.dtype), " ",
          wanted.shape);
    c.set_output(i, std::move(value));
  }
}

}  // namespace

OP(JsFunction)
    .doc("What a function of the program gives for the inputs, called in each run once.")
    .internal()
    .input("input: list(Tin)").output("output: list(Tout)")
    .attr("function: int").attr("Tin: list(type)").attr("Tout: list(type)")
    .attr("shapes: list(shape)?")
    .shape(function_shape)
    .no_gradient("not registered: wrap the function in customGradient to give it one")
    .stateful()
    .kernel(Device::kCpu, function_kernel);

}  // namespace tw
