#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

void pass_through(OpContext& c) { c.set_output(0, c.input(0)); }

void prevented(GradientContext& g) {
  const Attrs attrs = g.attrs();
  fail(Code::kUnimplemented, "Gradient explicitly disabled. Reason: ",
       attrs.given("message") ? attrs.string("message") : "not given");
}

}  // namespace

OP(Identity)
    .doc("The input itself; a place to hang control dependencies on.")
    .input("input: T").output("output: T").attr("T: any|variant")
    .shape(same_shape).value(pass_value)
    .gradient([](GradientContext& g) { g.input(0) = g.output_grad(0); })
    .role(Role::kIdentity)
    .alias()
    .kernel(Device::kCpu, pass_through);

OP(StopGradient)
    .doc("The input itself; no gradient flows through it.")
    .input("input: T").output("output: T").attr("T: any")
    .shape(same_shape).value(pass_value)
    .no_gradient("stops gradients on purpose")
    .role(Role::kIdentity)
    .alias()
    .kernel(Device::kCpu, pass_through);

OP(PreventGradient)
    .doc("The input itself; asking for a gradient through it is an error, which gives the message.")
    .input("input: T").output("output: T").attr("T: any").attr("message: string?")
    .shape(same_shape).value(pass_value)
    .gradient(prevented)
    .role(Role::kIdentity)
    .alias()
    .kernel(Device::kCpu, pass_through);

OP(NoOp)
    .doc("Does nothing; carries control dependencies.")
    .shape(no_outputs)
    .no_gradient("no outputs")
    .stateful()
    .kernel(Device::kCpu, [](OpContext&) {});

}  // namespace tw
