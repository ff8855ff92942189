#include "graph/equal_shapes.h"
#include "graph/op_registry.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(ReluGrad)
    .doc("The gradient where the feature, or the output of Relu, is positive, else 0.")
    .internal()
    .input("gradients: T").input("features: T").output("backprops: T").attr("T: numeric")
    .shape(equal_shapes)
    .elementwise(tile::kReluGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) { g.input(0) = g.op("ReluGrad", {dy(g), g.input_value(1)}); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Relu6Grad)
    .doc("The gradient where the feature, or the output of Relu6, lies between 0 and 6, else\n"
         "0.")
    .internal()
    .input("gradients: T").input("features: T").output("backprops: T").attr("T: numeric")
    .shape(equal_shapes)
    .elementwise(tile::kRelu6Grad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) { g.input(0) = g.op("Relu6Grad", {dy(g), g.input_value(1)}); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(LeakyReluGrad)
    .doc("The gradient where the feature is positive, else alpha times it.")
    .internal()
    .input("gradients: T").input("features: T").output("backprops: T").attr("T: floating")
    .attr("alpha: float = 0.2")
    .shape(equal_shapes)
    .elementwise(tile::kLeakyReluGrad, {"alpha"}).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const AttrMap alpha = {{"alpha", g.attrs().real("alpha")}};
      g.input(0) = g.op("LeakyReluGrad", {dy(g), g.input_value(1)}, alpha);
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(EluGrad)
    .doc("The gradient of Elu from its output.")
    .internal()
    .input("gradients: T").input("outputs: T").output("backprops: T").attr("T: floating")
    .attr("alpha: float = 1.0")
    .shape(equal_shapes)
    .elementwise(tile::kEluGrad, {"alpha"}).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output out = g.input_value(1);
      const AttrMap alpha = {{"alpha", g.attrs().real("alpha")}};
      g.input(0) = g.op("EluGrad", {dy(g), out}, alpha);
      const Output below = g.op("Less", {out, g.scalar_like(0, out)});
      g.input(1) = only_where(g, below, mul(g, dy(g), g.input_value(0)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(SeluGrad)
    .doc("The gradient of Selu from its output.")
    .internal()
    .input("gradients: T").input("outputs: T").output("backprops: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kSeluGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output out = g.input_value(1);
      g.input(0) = g.op("SeluGrad", {dy(g), out});
      const Output below = g.op("Less", {out, g.scalar_like(0, out)});
      g.input(1) = only_where(g, below, mul(g, dy(g), g.input_value(0)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(SoftplusGrad)
    .doc("The gradient of Softplus from its input.")
    .internal()
    .input("gradients: T").input("features: T").output("backprops: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kSoftplusGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(1), s = g.op("Sigmoid", {x});
      g.input(0) = g.op("SoftplusGrad", {dy(g), x});
      g.input(1) = mul(g, mul(g, dy(g), g.input_value(0)), mul(g, s, one_minus(g, s)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(SoftsignGrad)
    .doc("The gradient of Softsign from its input.")
    .internal()
    .input("gradients: T").input("features: T").output("backprops: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kSoftsignGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(1);
      g.input(0) = g.op("SoftsignGrad", {dy(g), x});
      const Output scale = times(g, -2, div(g, g.op("Sign", {x}), one_plus(g, g.op("Abs", {x}))));
      g.input(1) = mul(g, mul(g, dy(g), g.output_value(0)), scale);
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
