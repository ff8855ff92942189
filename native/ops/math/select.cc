#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(SelectV2)
    .doc("t where the condition is true, else e, with numpy broadcasting of all three.")
    .api("select")
    .input("condition: bool").input("t: T").input("e: T").output("output: T").attr("T: real")
    .shape(broadcast_shape)
    .elementwise(tile::kSelect).in_place(0, 1).in_place(0, 2)
    .gradient([](GradientContext& g) {
      const Output condition = g.input_value(0), zero = g.scalar_like(0, dy(g));
      const Output chosen = g.op("SelectV2", {condition, dy(g), zero});
      const Output other = g.op("SelectV2", {condition, zero, dy(g)});
      g.input(1) = g.sum_to(chosen, g.input_value(1));
      g.input(2) = g.sum_to(other, g.input_value(2));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(ClipByValue)
    .doc("t kept between clip_value_min and clip_value_max, with numpy broadcasting.\n"
         "NaN stays NaN.")
    .input("t: T").input("clip_value_min: T").input("clip_value_max: T").output("output: T")
    .attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kClip).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output t = g.input_value(0), low = g.input_value(1), high = g.input_value(2);
      const Output below = g.op("Less", {t, low}), above = g.op("Greater", {t, high});
      const Output inside = g.op("LogicalNot", {g.op("LogicalOr", {below, above})});
      g.input(0) = g.sum_to(only_where(g, inside, dy(g)), t);
      g.input(1) = g.sum_to(only_where(g, below, dy(g)), low);
      g.input(2) = g.sum_to(only_where(g, above, dy(g)), high);
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
