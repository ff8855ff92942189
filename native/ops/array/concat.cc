#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

int checked_axis(std::int64_t axis, const Shape& first) {
  check(first.rank() > 0, Code::kInvalidArgument, "Can't concatenate scalars (use stack instead)");
  return normal_axis(axis, first.rank());
}

// Adds a further input's shape to the result's.
void extend(Shape& result, const Shape& x, int axis, int i) {
  check(x.rank() == result.rank(), Code::kInvalidArgument, "input ", i, " has rank ", x.rank(),
        ", expected ", result.rank(), ": ", x);
  const std::int64_t sum = add_dims(result[axis], x[axis]);
  const Shape rest = with_dim(x, axis, result[axis]);
  check(compatible(result, rest), Code::kInvalidArgument, "input ", i, " has shape ", x,
        ", which does not fit ", result, " along all dims but ", axis);
  result = merge(result, rest);
  result[axis] = sum;
}

void concat_shape(ShapeContext& c) {
  const auto values = c.range("values");
  const auto axis = c.scalar(values.first + values.count);
  Shape result = Shape::unknown();
  int rank = -1;
  for (int i = 0; i < values.count; ++i) {
    if (c.input(values.first + i).has_rank()) rank = c.input(values.first + i).rank();
  }
  if (rank >= 0) result = Shape::unknown_dims(rank);
  if (rank < 0 || !axis) return c.set_output(0, result);
  const int a = checked_axis(*axis, result);
  for (int i = 0; i < values.count; ++i) {
    const Shape& given = c.input(values.first + i);
    const Shape x = given.has_rank() ? given : Shape::unknown_dims(rank);
    if (i == 0) {
      result = x;
    } else {
      extend(result, x, a, i);
    }
  }
  c.set_output(0, result);
}

void concat_value(ShapeContext& c) {
  if (!c.output(0).has_rank() || c.output(0).rank() != 1) return;
  PartialValue all;
  const auto values = c.range("values");
  for (int i = 0; i < values.count; ++i) {
    const auto part = small_values(c, values.first + i);
    if (!part) return;
    all.insert(all.end(), part->begin(), part->end());
  }
  c.set_value(0, std::move(all));
}

void concat_kernel(OpContext& c) {
  const auto values = c.range("values");
  const Tensor& first = c.input(values.first);
  const int axis =
      checked_axis(index_scalar(c.input(values.first + values.count), "axis"), first.shape());
  Shape shape = first.shape();
  for (int i = 1; i < values.count; ++i) extend(shape, c.input(values.first + i).shape(), axis, i);
  if (values.count == 1) return c.set_output(0, first);
  Tensor& y = c.allocate_output(0, shape);
  const std::int64_t outer = shape.size(0, axis), row = shape.size(axis, shape.rank());
  std::int64_t at = 0;
  for (int i = 0; i < values.count; ++i) {
    const Tensor& x = c.input(values.first + i);
    const std::int64_t part = x.shape().size(axis, x.rank());
    const MoveAxis axes[] = {{outer, row, part}, {part, 1, 1}};
    move_elements(c, y.dtype(), element(y, at), x.raw(), axes);
    at += part;
  }
}

// The size of x along the axis, as an int64 scalar.
Output dim_of(GradientContext& g, Output x, Output axis) {
  const Output at = g.op("Reshape", {axis, g.int_vector({1})});
  const DType index = g.info(axis).dtype;
  const Output one = g.graph().constant(index == DType::kInt32 ? Tensor::vector<std::int32_t>({1})
                                                               : Tensor::vector<std::int64_t>({1}));
  return g.op("StridedSlice", {g.shape_of(x), at, at, one},
              {{"shrink_axis_mask", std::int64_t{1}}});
}

void concat_gradient(GradientContext& g) {
  const int count = g.inputs() - 1;
  if (count == 1) {
    g.input(0) = g.output_grad(0);
    return;
  }
  const Output axis = g.input_value(count);
  std::vector<Output> sizes;
  for (int i = 0; i < count; ++i) sizes.push_back(dim_of(g, g.input_value(i), axis));
  const Output parts = g.op("SplitV", {g.output_grad(0), g.op("Pack", sizes), axis},
                            {{"num_split", std::int64_t{count}}});
  for (int i = 0; i < count; ++i) g.input(i) = {parts.node, i};
}

bool concat_permute(PermuteContext& c) {
  const auto values = c.node().input_range("values");
  const Tensor* axis = c.constant(values.first + values.count);
  if (axis == nullptr || axis->size() != 1) return false;
  for (int i = 0; i < values.count; ++i) c.permute_input(values.first + i);
  const int moved = c.new_axis(axis->to_int64s().front());
  c.replace_input(values.first + values.count,
                  axis->dtype() == DType::kInt32 ? Tensor::scalar(static_cast<std::int32_t>(moved))
                                                 : Tensor::scalar(std::int64_t{moved}));
  return true;
}

}  // namespace

OP(ConcatV2)
    .doc("Joins tensors along one axis, a scalar in [-rank, rank). All other dims must be equal; "
         "scalars cannot be joined.")
    .api("concat")
    .input("values: N * T").input("axis: Tidx").output("output: T")
    .attr("N: int >= 1").attr("T: any").attr("Tidx: int32|int64 = int32")
    .shape(concat_shape).value(concat_value)
    .gradient(concat_gradient)
    .permute(concat_permute)
    .kernel(Device::kCpu, concat_kernel);

}  // namespace tw
