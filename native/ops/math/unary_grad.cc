#include "graph/equal_shapes.h"
#include "graph/op_registry.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(SigmoidGrad)
    .doc("dy y (1 - y): the gradient of Sigmoid from its output.")
    .internal()
    .input("y: T").input("dy: T").output("z: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kSigmoidGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output y = g.input_value(0);
      const Output d = mul(g, dy(g), g.input_value(1));
      g.input(0) = sub(g, d, times(g, 2, mul(g, d, y)));
      g.input(1) = g.op("SigmoidGrad", {y, dy(g)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(TanhGrad)
    .doc("dy (1 - y^2): the gradient of Tanh from its output.")
    .internal()
    .input("y: T").input("dy: T").output("z: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kTanhGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output y = g.input_value(0);
      g.input(0) = times(g, -2, mul(g, mul(g, dy(g), g.input_value(1)), y));
      g.input(1) = g.op("TanhGrad", {y, dy(g)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(SqrtGrad)
    .doc("dy / (2 y): the gradient of Sqrt from its output.")
    .internal()
    .input("y: T").input("dy: T").output("z: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kSqrtGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output y = g.input_value(0);
      const Output share = div(g, dy(g), y);
      g.input(0) = neg(g, mul(g, share, g.output_value(0)));
      g.input(1) = times(g, 0.5, share);
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(RsqrtGrad)
    .doc("-dy y^3 / 2: the gradient of Rsqrt from its output.")
    .internal()
    .input("y: T").input("dy: T").output("z: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kRsqrtGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output y = g.input_value(0);
      const Output d = mul(g, dy(g), square(g, y));
      g.input(0) = times(g, -1.5, mul(g, d, g.input_value(1)));
      g.input(1) = times(g, -0.5, mul(g, d, y));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(ReciprocalGrad)
    .doc("-dy y^2: the gradient of Reciprocal from its output.")
    .internal()
    .input("y: T").input("dy: T").output("z: T").attr("T: floating")
    .shape(equal_shapes)
    .elementwise(tile::kReciprocalGrad).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output y = g.input_value(0);
      g.input(0) = times(g, -2, mul(g, mul(g, dy(g), g.input_value(1)), y));
      g.input(1) = g.op("ReciprocalGrad", {y, dy(g)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
