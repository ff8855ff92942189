#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Gelu)
    .doc("x times the probability that a normal variable is below x, element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kGelu).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0);
      const Output below = times(g, 0.5, g.op("Erfc", {times(g, -0.7071067811865476, x)}));
      const Output density = g.op("Exp", {times(g, -0.5, square(g, x))});
      const Output slope = add(g, below, mul(g, x, times(g, 0.3989422804014327, density)));
      g.input(0) = mul(g, dy(g), slope);
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(GeluTanh)
    .doc("The approximation x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) of Gelu.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kGeluTanh).in_place(0, 0)
    .gradient([](GradientContext& g) {
      // It is x s with s = sigmoid(2 u), so the slope is s + x s (1 - s) 2 u'.
      const Output x = g.input_value(0), z = square(g, x);
      const Output slope = g.scalar_like(1.5957691216057308, x);
      const Output factor = add(g, times(g, 0.07135481627159898, z), slope);
      const Output s = g.op("Sigmoid", {mul(g, x, factor)});
      const Output rise = add(g, times(g, 0.21406444881479694, z), slope);
      const Output more = mul(g, mul(g, x, rise), mul(g, s, one_minus(g, s)));
      g.input(0) = mul(g, dy(g), add(g, s, more));
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
