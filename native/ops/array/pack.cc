#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

Shape packed(const Shape& x, int count, std::int64_t axis) {
  const int rank = x.rank() + 1;
  check(axis >= -rank && axis < rank, Code::kInvalidArgument, "axis = ", axis, " not in [", -rank,
        ", ", rank, ")");
  const int at = normal_axis(axis, rank);
  return join(join(part_of(x, 0, at), Shape{count}), part_of(x, at, x.rank()));
}

void pack_shape(ShapeContext& c) {
  Shape each = c.input(0);
  for (int i = 1; i < c.inputs(); ++i) each = merge(each, c.input(i));
  if (!each.has_rank()) return c.set_output(0, each);
  c.set_output(0, packed(each, c.inputs(), c.attrs().integer("axis")));
}

void pack_value(ShapeContext& c) {
  if (!c.output(0).has_rank() || c.output(0).rank() != 1) return;
  PartialValue all;
  for (int i = 0; i < c.inputs(); ++i) {
    const auto value = small_values(c, i);
    all.push_back(value ? value->front() : kUnknownValue);
  }
  const DType dtype = c.dtype(0);
  if (dtype == DType::kInt32 || dtype == DType::kInt64) c.set_value(0, std::move(all));
}

void pack_kernel(OpContext& c) {
  const Shape& each = c.input(0).shape();
  for (int i = 1; i < c.inputs(); ++i) {
    check(c.input(i).shape() == each, Code::kInvalidArgument, "Shapes of all inputs must match: "
          "input 0 is ", each, ", input ", i, " is ", c.input(i).shape());
  }
  const std::int64_t axis = c.attrs().integer("axis");
  Tensor& y = c.allocate_output(0, packed(each, c.inputs(), axis));
  const int at = normal_axis(axis, each.rank() + 1);
  const std::int64_t outer = each.size(0, at), inner = each.size(at, each.rank());
  for (int i = 0; i < c.inputs(); ++i) {
    const MoveAxis axes[] = {{outer, inner * c.inputs(), inner}, {inner, 1, 1}};
    move_elements(c, y.dtype(), element(y, i * inner), c.input(i).raw(), axes);
  }
}

void pack_gradient(GradientContext& g) {
  const Output parts = g.op("Unpack", {g.output_grad(0)}, {{"num", std::int64_t{g.inputs()}},
                                                            {"axis", g.attrs().integer("axis")}});
  for (int i = 0; i < g.inputs(); ++i) g.input(i) = {parts.node, i};
}

Shape unpacked(const Shape& x, std::int64_t axis, int count) {
  const int at = normal_axis(axis, x.rank());
  check(x[at] == count || x[at] == kUnknownDim, Code::kInvalidArgument, "expected num to be ",
        x[at], ", the size of dim ", at, ", got ", count);
  return join(part_of(x, 0, at), part_of(x, at + 1, x.rank()));
}

void unpack_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const Shape each =
      x.has_rank() ? unpacked(x, c.attrs().integer("axis"), c.outputs()) : Shape::unknown();
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, each);
}

void unpack_value(ShapeContext& c) {
  const auto values = small_values(c, 0);
  if (!values || c.input(0).rank() != 1) return;
  for (int i = 0; i < c.outputs(); ++i) c.set_value(i, {(*values)[static_cast<std::size_t>(i)]});
}

void unpack_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const std::int64_t axis = c.attrs().integer("axis");
  const Shape each = unpacked(x.shape(), axis, c.outputs());
  const int at = normal_axis(axis, x.rank());
  const std::int64_t outer = each.size(0, at), inner = each.size(at, each.rank());
  for (int i = 0; i < c.outputs(); ++i) {
    Tensor& y = c.allocate_output(i, each);
    const MoveAxis axes[] = {{outer, inner, inner * c.outputs()}, {inner, 1, 1}};
    move_elements(c, y.dtype(), y.raw(), element(x, i * inner), axes);
  }
}

void unpack_gradient(GradientContext& g) {
  std::vector<Output> parts;
  for (int i = 0; i < static_cast<int>(g.attrs().integer("num")); ++i) {
    parts.push_back(g.output_grad(i));
  }
  g.input(0) = g.op("Pack", parts, {{"axis", g.attrs().integer("axis")}});
}

}  // namespace

OP(Pack)
    .doc("Stacks tensors of one shape along a new axis, an index in [-rank - 1, rank].")
    .api("stack")
    .input("values: N * T").output("output: T")
    .attr("N: int >= 1").attr("T: any").attr("axis: int = 0")
    .shape(pack_shape).value(pack_value)
    .gradient(pack_gradient)
    .kernel(Device::kCpu, pack_kernel);

OP(Unpack)
    .doc("Takes a tensor apart along an axis in [-rank, rank) into num tensors without that axis; "
         "num must be its size.")
    .api("unstack")
    .input("value: T").output("output: num * T")
    .attr("num: int >= 0").attr("T: any").attr("axis: int = 0")
    .shape(unpack_shape).value(unpack_value)
    .gradient(unpack_gradient)
    .kernel(Device::kCpu, unpack_kernel);

}  // namespace tw
