#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(RealDiv)
    .doc("x / y with numpy broadcasting.")
    .api("div")
    .input("x: T").input("y: T").output("z: T").attr("T: floating")
    .shape(broadcast_shape)
    .elementwise(tile::kDiv).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), y = g.input_value(1);
      const Output dx = div(g, dy(g), y);
      set_operands(g, dx, neg(g, div(g, mul(g, dx, x), y)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Div)
    .doc("x / y with numpy broadcasting; integers round towards zero, and division by zero is\n"
         "an error.")
    .internal()
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kDiv).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), y = g.input_value(1);
      const Output dx = div(g, dy(g), y);
      set_operands(g, dx, neg(g, div(g, mul(g, dx, x), y)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(FloorDiv)
    .doc("The largest integer not above x / y, with numpy broadcasting. An integer division by\n"
         "zero is an error.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kFloorDiv).in_place(0, 0).in_place(0, 1)
    .no_gradient("piecewise constant")
    .kernel(Device::kCpu, elementwise_kernel);

OP(TruncateDiv)
    .doc("x / y rounded towards zero, with numpy broadcasting. An integer division by zero is\n"
         "an error.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kTruncDiv).in_place(0, 0).in_place(0, 1)
    .no_gradient("piecewise constant")
    .kernel(Device::kCpu, elementwise_kernel);

OP(FloorMod)
    .doc("The remainder of FloorDiv, of the sign of y, with numpy broadcasting.")
    .api("mod")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kFloorMod).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output quotient = g.op("FloorDiv", {g.input_value(0), g.input_value(1)});
      set_operands(g, dy(g), neg(g, mul(g, dy(g), quotient)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Mod)
    .doc("The remainder of TruncateDiv, of the sign of x, with numpy broadcasting.")
    .internal()
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kMod).in_place(0, 0).in_place(0, 1)
    .no_gradient("not registered by TensorFlow")
    .kernel(Device::kCpu, elementwise_kernel);

OP(TruncateMod)
    .doc("The remainder of TruncateDiv, of the sign of x, with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: T").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kMod).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output quotient = g.op("TruncateDiv", {g.input_value(0), g.input_value(1)});
      set_operands(g, dy(g), neg(g, mul(g, dy(g), quotient)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(DivNoNan)
    .doc("x / y with numpy broadcasting, 0 where y is 0.")
    .input("x: T").input("y: T").output("z: T").attr("T: floating")
    .shape(broadcast_shape)
    .elementwise(tile::kDivNoNan).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), y = g.input_value(1);
      const Output dx = g.op("DivNoNan", {dy(g), y});
      set_operands(g, dx, neg(g, g.op("DivNoNan", {mul(g, dx, x), y})));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Xdivy)
    .doc("x / y with numpy broadcasting, 0 where x is 0.")
    .input("x: T").input("y: T").output("z: T").attr("T: floating")
    .shape(broadcast_shape)
    .elementwise(tile::kXdivy).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), y = g.input_value(1);
      const Output share = div(g, dy(g), y);
      set_operands(g, only_where(g, g.op("NotEqual", {x, g.scalar_like(0, x)}), share),
                   neg(g, g.op("Xdivy", {mul(g, x, share), y})));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Xlogy)
    .doc("x log(y) with numpy broadcasting, 0 where x is 0.")
    .input("x: T").input("y: T").output("z: T").attr("T: floating")
    .shape(broadcast_shape)
    .elementwise(tile::kXlogy).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), y = g.input_value(1);
      const Output live = g.op("NotEqual", {x, g.scalar_like(0, x)});
      const Output dx = only_where(g, live, mul(g, dy(g), g.op("Log", {y})));
      set_operands(g, dx, mul(g, dy(g), g.op("Xdivy", {x, y})));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Xlog1py)
    .doc("x log(1 + y) with numpy broadcasting, 0 where x is 0.")
    .input("x: T").input("y: T").output("z: T").attr("T: floating")
    .shape(broadcast_shape)
    .elementwise(tile::kXlog1py).in_place(0, 0).in_place(0, 1)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), y = g.input_value(1);
      const Output live = g.op("NotEqual", {x, g.scalar_like(0, x)});
      const Output dx = only_where(g, live, mul(g, dy(g), g.op("Log1p", {y})));
      set_operands(g, dx, mul(g, dy(g), g.op("Xdivy", {x, one_plus(g, y)})));
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
