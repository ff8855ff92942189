#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Silu)
    .doc("x times its sigmoid (also called swish), element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kSilu).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), s = g.op("Sigmoid", {x});
      g.input(0) = mul(g, dy(g), mul(g, s, one_plus(g, mul(g, x, one_minus(g, s)))));
    })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Mish)
    .doc("x tanh(softplus(x)), element by element.")
    .input("features: T").output("activations: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kMish).in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output x = g.input_value(0), t = g.op("Tanh", {g.op("Softplus", {x})});
      const Output rest = mul(g, mul(g, x, g.op("Sigmoid", {x})), one_minus(g, square(g, t)));
      g.input(0) = mul(g, dy(g), add(g, t, rest));
    })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
