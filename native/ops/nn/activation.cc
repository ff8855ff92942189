#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Relu)
    .doc("max(x, 0), element by element; NaN stays NaN.")
    .input("features: T").output("activations: T").attr("T: numeric")
    .shape(same_shape)
    .elementwise(tile::kRelu).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = g.op("ReluGrad", {dy(g), g.output_value(0)}); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Relu6)
    .doc("x kept between 0 and 6, element by element; NaN stays NaN.")
    .input("features: T").output("activations: T").attr("T: numeric")
    .shape(same_shape)
    .elementwise(tile::kRelu6).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("Relu6Grad", {dy(g), g.output_value(0)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(LeakyRelu)
    .doc("x where positive, else alpha x, element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .attr("alpha: float = 0.2")
    .shape(same_shape)
    .elementwise(tile::kLeakyRelu, {"alpha"}).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const AttrMap alpha = {{"alpha", g.attrs().real("alpha")}};
      g.input(0) = g.op("LeakyReluGrad", {dy(g), g.input_value(0)}, alpha);
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Elu)
    .doc("x where positive, else alpha (e^x - 1), element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .attr("alpha: float = 1.0")
    .shape(same_shape)
    .elementwise(tile::kElu, {"alpha"}).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const AttrMap alpha = {{"alpha", g.attrs().real("alpha")}};
      g.input(0) = g.op("EluGrad", {dy(g), g.output_value(0)}, alpha);
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Selu)
    .doc("The scaled exponential linear unit of self-normalising networks, element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSelu).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = g.op("SeluGrad", {dy(g), g.output_value(0)}); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Sigmoid)
    .doc("1 / (1 + e^-x), element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSigmoid).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("SigmoidGrad", {g.output_value(0), dy(g)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Softplus)
    .doc("log(1 + e^x), element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSoftplus).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("SoftplusGrad", {dy(g), g.input_value(0)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Softsign)
    .doc("x / (1 + |x|), element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSoftsign).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("SoftsignGrad", {dy(g), g.input_value(0)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(HardSigmoid)
    .doc("alpha x + beta kept between 0 and 1, element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .attr("alpha: float = 0.2")
    .attr("beta: float = 0.5")
    .shape(same_shape)
    .elementwise(tile::kHardSigmoid, {"alpha", "beta"}).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output y = g.output_value(0);
      const Output above = g.op("Greater", {y, g.scalar_like(0, y)});
      const Output inside = g.op("LogicalAnd", {above, g.op("Less", {y, g.scalar_like(1, y)})});
      g.input(0) = only_where(g, inside, times(g, g.attrs().real("alpha"), dy(g)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(HardSwish)
    .doc("x times (x + 3 kept between 0 and 6) / 6, element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kHardSwish).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0);
      const Output slope = add(g, times(g, 1.0 / 3.0, x), g.scalar_like(0.5, x));
      const Output above = g.op("Greater", {x, g.scalar_like(-3, x)});
      const Output high = g.op("GreaterEqual", {x, g.scalar_like(3, x)});
      const Output d = g.op("SelectV2", {high, g.scalar_like(1, x), only_where(g, above, slope)});
      g.input(0) = mul(g, dy(g), d);
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
