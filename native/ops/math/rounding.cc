#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "tile/opcode.h"

namespace tw {
using namespace rules;

OP(Floor)
    .doc("The largest integer not above x, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kFloor).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = times(g, 0, dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Ceil)
    .doc("The least integer not below x, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kCeil).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = times(g, 0, dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Round)
    .doc("The nearest integer, halves to the even one, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kRound).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = times(g, 0, dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Rint)
    .doc("The nearest integer, halves to the even one, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kRound).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = times(g, 0, dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

OP(Trunc)
    .doc("x without its fraction, element by element.")
    .input("x: T").output("y: T").attr("T: floating")
    .shape(same_shape)
    .elementwise(tile::kTrunc).in_place(0, 0)
    .gradient([](GradientContext& g) { g.input(0) = times(g, 0, dy(g)); })
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
