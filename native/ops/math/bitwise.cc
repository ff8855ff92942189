#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "tile/opcode.h"

namespace tw {

OP(BitwiseAnd)
    .doc("x & y with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: T").attr("T: integer")
    .shape(broadcast_shape)
    .elementwise(tile::kBitAnd).in_place(0, 0).in_place(0, 1)
    .no_gradient("integer output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(BitwiseOr)
    .doc("x | y with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: T").attr("T: integer")
    .shape(broadcast_shape)
    .elementwise(tile::kBitOr).in_place(0, 0).in_place(0, 1)
    .no_gradient("integer output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(BitwiseXor)
    .doc("x ^ y with numpy broadcasting.")
    .input("x: T").input("y: T").output("z: T").attr("T: integer")
    .shape(broadcast_shape)
    .elementwise(tile::kBitXor).in_place(0, 0).in_place(0, 1)
    .no_gradient("integer output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(Invert)
    .doc("All bits of x flipped, element by element.")
    .input("x: T").output("y: T").attr("T: integer")
    .shape(same_shape)
    .elementwise(tile::kInvert).in_place(0, 0)
    .no_gradient("integer output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(LeftShift)
    .doc("x << y with numpy broadcasting. A shift that is negative or not less than the width\n"
         "is an error.")
    .input("x: T").input("y: T").output("z: T").attr("T: integer")
    .shape(broadcast_shape)
    .elementwise(tile::kShiftLeft).in_place(0, 0).in_place(0, 1)
    .no_gradient("integer output")
    .kernel(Device::kCpu, elementwise_kernel);

OP(RightShift)
    .doc("x >> y with numpy broadcasting; the sign is kept. A shift that is negative or not\n"
         "less than the width is an error.")
    .input("x: T").input("y: T").output("z: T").attr("T: integer")
    .shape(broadcast_shape)
    .elementwise(tile::kShiftRight).in_place(0, 0).in_place(0, 1)
    .no_gradient("integer output")
    .kernel(Device::kCpu, elementwise_kernel);

}  // namespace tw
