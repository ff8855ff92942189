#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

Shape with_depth(const Shape& indices, std::int64_t axis, std::int64_t depth) {
  check(axis >= -1 && axis <= indices.rank(), Code::kInvalidArgument, "Expected axis to be -1 or "
        "in [0, ", indices.rank(), "], but received ", axis);
  const int at = axis < 0 ? indices.rank() : static_cast<int>(axis);
  return join(join(part_of(indices, 0, at), Shape{depth}), part_of(indices, at, indices.rank()));
}

void one_hot_shape(ShapeContext& c) {
  for (int i = 1; i < 4; ++i) c.with_rank(i, 0);
  const Shape& indices = c.input(0);
  if (!indices.has_rank()) return c.set_output(0, indices);
  const auto depth = c.scalar(1);
  check(!depth || *depth >= 0, Code::kInvalidArgument, "depth must be non-negative, got ",
        depth.value_or(0));
  c.set_output(0, with_depth(indices, c.attrs().integer("axis"), depth.value_or(kUnknownDim)));
}

void one_hot_kernel(OpContext& c) {
  const Tensor &indices = c.input(0), &on = c.input(2), &off = c.input(3);
  const std::int64_t depth = index_scalar(c.input(1), "depth");
  check(depth >= 0, Code::kInvalidArgument, "depth must be non-negative, got ", depth);
  check(on.size() == 1 && off.size() == 1, Code::kInvalidArgument,
        "on_value and off_value must be scalars, got shapes ", on.shape(), " and ", off.shape());
  const std::int64_t axis = c.attrs().integer("axis");
  Tensor& y = c.allocate_output(0, with_depth(indices.shape(), axis, depth));
  fill_elements(c, y.dtype(), y.raw(), y.size(), off.raw());
  const int at = axis < 0 ? indices.rank() : static_cast<int>(axis);
  const std::int64_t inner = indices.shape().size(at, indices.rank());
  visit_numeric(indices.dtype(), [&]<class I>() {
    if constexpr (std::is_integral_v<I>) {
      visit_fixed(y.dtype(), [&]<class T>() {
        for (std::int64_t i = 0; i < indices.size(); ++i) {
          const auto index = static_cast<std::int64_t>(indices.data<I>()[i]);
          if (index < 0 || index >= depth) continue;
          y.mutable_data<T>()[(i / inner * depth + index) * inner + i % inner] = *on.data<T>();
        }
      });
    }
  });
}

}  // namespace

OP(OneHot)
    .doc("Puts on_value where the new dim's position is the index and off_value elsewhere. The new "
         "dim has size depth and stands at axis (-1: last). An index outside [0, depth) gives "
         "off_value alone.")
    .input("indices: TI").input("depth: Tdepth").input("on_value: T").input("off_value: T")
    .output("output: T")
    .attr("TI: uint8|int8|int32|int64").attr("Tdepth: int32|int64 = int32").attr("T: any")
    .attr("axis: int = -1")
    .shape(one_hot_shape)
    .no_gradient("as in TensorFlow, the two values are taken for constants")
    .kernel(Device::kCpu, one_hot_kernel);

}  // namespace tw
