#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Sin)
    .doc("The sine of x in radians, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSin).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), g.op("Cos", {g.input_value(0)}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Cos)
    .doc("The cosine of x in radians, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kCos).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = neg(g, mul(g, dy(g), g.op("Sin", {g.input_value(0)})));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Tan)
    .doc("The tangent of x in radians, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kTan).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), one_plus(g, square(g, g.output_value(0))));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Asin)
    .doc("The inverse sine, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kAsin).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), g.op("Rsqrt", {one_minus(g, square(g, g.input_value(0)))}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Acos)
    .doc("The inverse cosine, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kAcos).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output slope = g.op("Rsqrt", {one_minus(g, square(g, g.input_value(0)))});
      g.input(0) = neg(g, mul(g, dy(g), slope));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Atan)
    .doc("The inverse tangent, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kAtan).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = div(g, dy(g), one_plus(g, square(g, g.input_value(0))));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Atan2)
    .doc("The angle of the point (x, y), between -pi and pi, with numpy broadcasting.")
    .input("y: T").input("x: T").output("z: T").attr("T: floating")
    .shape(broadcast_shape)
    .elementwise(tile::kAtan2).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output y = g.input_value(0), x = g.input_value(1);
      const Output share = div(g, dy(g), add(g, square(g, x), square(g, y)));
      set_operands(g, mul(g, x, share), neg(g, mul(g, y, share)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
