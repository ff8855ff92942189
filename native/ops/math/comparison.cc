#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "tile/opcode.h"

namespace tw {

OP(Equal)
    .doc("Whether x and y are equal, with numpy broadcasting. NaN equals nothing.")
    .input("x: T").input("y: T").output("z: bool").attr("T: real")
    .shape(broadcast_shape)
    .elementwise(tile::kEq)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(NotEqual)
    .doc("Whether x and y differ, with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: bool").attr("T: real")
    .shape(broadcast_shape)
    .elementwise(tile::kNe)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(Less)
    .doc("Whether x < y, with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: bool").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kLt)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(LessEqual)
    .doc("Whether x <= y, with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: bool").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kLe)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(Greater)
    .doc("Whether x > y, with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: bool").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kGt)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(GreaterEqual)
    .doc("Whether x >= y, with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: bool").attr("T: numeric")
    .shape(broadcast_shape)
    .elementwise(tile::kGe)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(ApproximateEqual)
    .doc("Whether |x - y| < tolerance, with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: bool").attr("T: floating")
    .attr("tolerance: float = 0.00001")
    .shape(broadcast_shape)
    .elementwise(tile::kNear, {"tolerance"})
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
