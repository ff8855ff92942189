#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "tile/opcode.h"

namespace tw {

OP(LogicalAnd)
    .doc("x and y, with numpy broadcasting.")
    .input("x: bool").input("y: bool").output("z: bool")
    .shape(broadcast_shape)
    .elementwise(tile::kAnd).in_place(0, 0).in_place(0, 1)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(LogicalOr)
    .doc("x or y, with numpy broadcasting.")
    .input("x: bool").input("y: bool").output("z: bool")
    .shape(broadcast_shape)
    .elementwise(tile::kOr).in_place(0, 0).in_place(0, 1)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(LogicalXor)
    .doc("Whether just one of x and y is true, with numpy broadcasting.")
    .input("x: bool").input("y: bool").output("z: bool")
    .shape(broadcast_shape)
    .elementwise(tile::kXor).in_place(0, 0).in_place(0, 1)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(LogicalNot)
    .doc("not x, element by element.")
    .input("x: bool").output("y: bool")
    .shape(same_shape)
    .elementwise(tile::kNot).in_place(0, 0)
    .no_gradient("bool output")
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
