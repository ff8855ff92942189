#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Neg)
    .doc("-x, element by element; integers wrap.")
    .input("x: T").output("y: T").attr("T: numeric")
    .shape(same_shape)
    .elementwise(tile::kNeg).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = neg(g, dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Abs)
    .doc("The size of x, element by element. The least integer stays as it is.")
    .input("x: T").output("y: T").attr("T: numeric")
    .shape(same_shape)
    .elementwise(tile::kAbs).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), g.op("Sign", {g.input_value(0)}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Sign)
    .doc("-1, 0 or 1, element by element; NaN stays NaN.")
    .input("x: T").output("y: T").attr("T: numeric")
    .shape(same_shape)
    .elementwise(tile::kSign).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = times(g, 0, dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Square)
    .doc("x * x, element by element.")
    .input("x: T").output("y: T").attr("T: numeric")
    .shape(same_shape)
    .elementwise(tile::kSquare).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = mul(g, dy(g), times(g, 2, g.input_value(0))); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Reciprocal)
    .doc("1 / x, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kReciprocal).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ReciprocalGrad", {g.output_value(0), dy(g)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Inv)
    .doc("1 / x, element by element: the old name of Reciprocal.")
    .internal()
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kReciprocal).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ReciprocalGrad", {g.output_value(0), dy(g)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(IsNan)
    .doc("Whether x is NaN, element by element.")
    .input("x: T").output("y: bool").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kIsNan)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(IsInf)
    .doc("Whether x is infinite, element by element.")
    .input("x: T").output("y: bool").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kIsInf)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(IsFinite)
    .doc("Whether x is neither NaN nor infinite, element by element.")
    .input("x: T").output("y: bool").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kIsFinite)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
