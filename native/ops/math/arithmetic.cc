#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(AddV2)
    .doc("x + y with numpy broadcasting; integers wrap.")
    .api("add")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kAdd).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) { set_operands(g, dy(g), dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Sub)
    .doc("x - y with numpy broadcasting; integers wrap.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kSub).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) { set_operands(g, dy(g), neg(g, dy(g))); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Mul)
    .doc("x * y with numpy broadcasting; integers wrap.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kMul).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      set_operands(g, mul(g, dy(g), g.input_value(1)), mul(g, dy(g), g.input_value(0)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(MulNoNan)
    .doc("x * y with numpy broadcasting, 0 where y is 0 whatever x is.")
    .input("x: T").input("y: T").output("z: T").attr("T: floating")
    .shape(broadcast_shape)
    .elementwise(tile::kMulNoNan).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output dx = g.op("MulNoNan", {dy(g), g.input_value(1)});
      set_operands(g, dx, g.op("MulNoNan", {g.input_value(0), dy(g)}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(SquaredDifference)
    .doc("(x - y)^2 with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kSquaredDifference).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output d = mul(g, times(g, 2, dy(g)), sub(g, g.input_value(0), g.input_value(1)));
      set_operands(g, d, neg(g, d));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Maximum)
    .doc("The larger of x and y with numpy broadcasting; NaN where one of them is.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kMax).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output first = g.op("GreaterEqual", {g.input_value(0), g.input_value(1)});
      const Output second = g.op("LogicalNot", {first});
      set_operands(g, only_where(g, first, dy(g)), only_where(g, second, dy(g)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Minimum)
    .doc("The smaller of x and y with numpy broadcasting; NaN where one of them is.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kMin).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output first = g.op("LessEqual", {g.input_value(0), g.input_value(1)});
      const Output second = g.op("LogicalNot", {first});
      set_operands(g, only_where(g, first, dy(g)), only_where(g, second, dy(g)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Pow)
    .doc("x^y with numpy broadcasting. Integers wrap, and a negative integer exponent is an\n"
         "error.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kPow).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), y = g.input_value(1);
      const Output dx = mul(g, y, g.op("Pow", {x, sub(g, y, g.scalar_like(1, y))}));
      const Output positive = g.op("Greater", {x, g.scalar_like(0, x)});
      const Output safe = g.op("SelectV2", {positive, x, g.scalar_like(1, x)});
      const Output dlog = mul(g, g.output_value(0), g.op("Log", {safe}));
      set_operands(g, mul(g, dy(g), dx), mul(g, dy(g), dlog));
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
