#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/scan.h"

namespace tw {
namespace {

void arg_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const auto axis = c.scalar(1);
  if (!x.has_rank()) return c.set_output(0, Shape::unknown());
  check(x.rank() > 0, Code::kInvalidArgument, "expected a tensor of at least rank 1");
  if (!axis) return c.set_output(0, Shape::unknown_dims(x.rank() - 1));
  const int away = normal_axis(*axis, x.rank());
  Shape shape;
  for (int i = 0; i < x.rank(); ++i) {
    if (i != away) shape.push_back(x[i]);
  }
  c.set_output(0, shape);
}

template <bool kMaximum>
void arg_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() > 0, Code::kInvalidArgument, "expected a tensor of at least rank 1");
  const int axis = normal_axis(c.input(1).to_int64s().front(), x.rank());
  Shape shape;
  for (int i = 0; i < x.rank(); ++i) {
    if (i != axis) shape.push_back(x.dim(i));
  }
  const Tensor& y = c.allocate_output(0, shape);
  check(x.dim(axis) > 0 || y.size() == 0, Code::kInvalidArgument,
        "Reduction axis ", axis, " is empty in shape ", x.shape());
  const Lines lines{x.shape().size(0, axis), x.dim(axis), x.shape().size(axis + 1, x.rank())};
  const bool wide = y.dtype() == DType::kInt64;
  const std::int64_t group = lines.group();
  c.parallel_for((y.size() + group - 1) / group, [&](std::int64_t task, int) {
    const std::int64_t first = task * group, last = std::min(y.size(), first + group);
    arg_extreme(kMaximum, x.dtype(), lines, x.raw(), y.raw(), wide, first, last);
  });
}

}  // namespace

OP(ArgMax)
    .doc("The index of the largest element along an axis, the first of equals; NaN counts as\n"
         "largest. INVALID_ARGUMENT for an empty axis.")
    .input("input: T").input("dimension: Tidx").output("output: output_type")
    .attr("T: real").attr("Tidx: int32|int64 = int32").attr("output_type: int32|int64 = int64")
    .shape(arg_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, arg_kernel<true>);

OP(ArgMin)
    .doc("The index of the least element along an axis, the first of equals; NaN counts as\n"
         "least. INVALID_ARGUMENT for an empty axis.")
    .input("input: T").input("dimension: Tidx").output("output: output_type")
    .attr("T: real").attr("Tidx: int32|int64 = int32").attr("output_type: int32|int64 = int64")
    .shape(arg_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, arg_kernel<false>);

}  // namespace tw
