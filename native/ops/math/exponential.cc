#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Exp)
    .doc("e^x, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kExp).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = mul(g, dy(g), g.output_value(0)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Expm1)
    .doc("e^x - 1 without cancellation near 0, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kExpm1).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), one_plus(g, g.output_value(0)));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Log)
    .doc("The natural logarithm, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kLog).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = div(g, dy(g), g.input_value(0)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Log1p)
    .doc("log(1 + x) without cancellation near 0, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kLog1p).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = div(g, dy(g), one_plus(g, g.input_value(0))); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Sqrt)
    .doc("The square root, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSqrt).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = g.op("SqrtGrad", {g.output_value(0), dy(g)}); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Rsqrt)
    .doc("1 / sqrt(x), element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kRsqrt).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("RsqrtGrad", {g.output_value(0), dy(g)});
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Erf)
    .doc("The error function, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kErf).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output e = g.op("Exp", {neg(g, square(g, g.input_value(0)))});
      g.input(0) = mul(g, dy(g), times(g, 1.1283791670955126, e));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Erfc)
    .doc("1 - erf(x) with full precision in the tail, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kErfc).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output e = g.op("Exp", {neg(g, square(g, g.input_value(0)))});
      g.input(0) = mul(g, dy(g), times(g, -1.1283791670955126, e));
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
