#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Sinh)
    .doc("The hyperbolic sine, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSinh).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), g.op("Cosh", {g.input_value(0)}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Cosh)
    .doc("The hyperbolic cosine, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kCosh).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), g.op("Sinh", {g.input_value(0)}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Tanh)
    .doc("The hyperbolic tangent, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kTanh).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = g.op("TanhGrad", {g.output_value(0), dy(g)}); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Asinh)
    .doc("The inverse hyperbolic sine, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kAsinh).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = mul(g, dy(g), g.op("Rsqrt", {one_plus(g, square(g, g.input_value(0)))}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Acosh)
    .doc("The inverse hyperbolic cosine, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kAcosh).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = div(g, dy(g), g.op("Sinh", {g.output_value(0)}));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Atanh)
    .doc("The inverse hyperbolic tangent, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kAtanh).in_place(0, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = div(g, dy(g), one_minus(g, square(g, g.input_value(0))));
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
