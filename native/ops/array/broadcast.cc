#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void check_broadcast(const Shape& from, const Shape& to) {
  const int shift = to.rank() - from.rank();
  check(shift >= 0, Code::kInvalidArgument, "cannot broadcast ", from, " to ", to,
        ", which has fewer dims");
  for (int i = 0; i < from.rank(); ++i) {
    const std::int64_t a = from[i], b = to[i + shift];
    check(a == 1 || a == b || a == kUnknownDim || b == kUnknownDim, Code::kInvalidArgument,
          "cannot broadcast ", from, " to ", to, ": dim ", i, " is ", a);
  }
}

void broadcast_to_shape(ShapeContext& c) {
  c.with_rank(1, 1);
  Shape wanted = c.shape_from(1);
  if (wanted.has_rank() && c.input(0).has_rank()) {
    check_broadcast(c.input(0), wanted);
  }
  c.set_output(0, wanted);
}

void broadcast_to_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Shape shape = shape_of_dims(index_list(c.input(1), "shape"), "shape");
  check_broadcast(x.shape(), shape);
  if (shape == x.shape()) return c.set_output(0, x);
  broadcast_elements(c, x, shape, c.allocate_output(0, shape).raw());
}

void broadcast_args_shape(ShapeContext& c) {
  const Shape &a = c.with_rank(0, 1), &b = c.with_rank(1, 1);
  const bool known = a.fully_known() && b.fully_known();
  c.set_output(0, Shape{known ? std::max(a[0], b[0]) : kUnknownDim});
}

void broadcast_args_value(ShapeContext& c) {
  const auto a = known_values(c, 0), b = known_values(c, 1);
  if (!a || !b) return;
  const Shape joined = broadcast(shape_of_dims(*a, "s0"), shape_of_dims(*b, "s1"));
  c.set_value(0, {joined.begin(), joined.end()});
}

void write_indices(Tensor& y, std::span<const std::int64_t> values) {
  visit_index(y.dtype(), [&]<class T>() {
    for (std::size_t i = 0; i < values.size(); ++i) {
      y.mutable_data<T>()[i] = static_cast<T>(values[i]);
    }
  });
}

void broadcast_args_kernel(OpContext& c) {
  const Shape a = shape_of_dims(index_list(c.input(0), "s0"), "s0");
  const Shape b = shape_of_dims(index_list(c.input(1), "s1"), "s1");
  const Shape joined = broadcast(a, b);
  write_indices(c.allocate_output(0, Shape{joined.rank()}), joined.dims());
}

void gradient_args_shape(ShapeContext& c) {
  c.with_rank(0, 1);
  c.with_rank(1, 1);
  c.set_output(0, Shape::unknown_dims(1));
  c.set_output(1, Shape::unknown_dims(1));
}

// The dims of `joined` that x lacks or has as 1.
std::vector<std::int64_t> repeated_axes(const Shape& x, const Shape& joined) {
  std::vector<std::int64_t> axes;
  const int shift = joined.rank() - x.rank();
  for (int i = 0; i < joined.rank(); ++i) {
    if (i < shift || (x[i - shift] == 1 && joined[i] != 1)) axes.push_back(i);
  }
  return axes;
}

void gradient_args_kernel(OpContext& c) {
  const Shape a = shape_of_dims(index_list(c.input(0), "s0"), "s0");
  const Shape b = shape_of_dims(index_list(c.input(1), "s1"), "s1");
  const Shape joined = broadcast(a, b);
  for (int i = 0; i < 2; ++i) {
    const auto axes = repeated_axes(i == 0 ? a : b, joined);
    write_indices(c.allocate_output(i, Shape{static_cast<std::int64_t>(axes.size())}), axes);
  }
}

}  // namespace

OP(BroadcastTo)
    .doc("Repeats the input to the given shape by the rules of numpy broadcasting: dims are "
         "matched from the last one on, and a dim of 1 is repeated.")
    .input("input: T").input("shape: Tidx").output("output: T")
    .attr("T: any").attr("Tidx: int32|int64 = int32")
    .shape(broadcast_to_shape)
    .gradient([](GradientContext& g) { g.input(0) = g.sum_to(g.output_grad(0), g.input_value(0)); })
    .kernel(Device::kCpu, broadcast_to_kernel);

OP(BroadcastArgs)
    .doc("The shape to which tensors of the shapes s0 and s1 are broadcast together.")
    .input("s0: T").input("s1: T").output("r0: T").attr("T: int32|int64 = int32")
    .shape(broadcast_args_shape).value(broadcast_args_value)
    .no_gradient("integer output")
    .kernel(Device::kCpu, broadcast_args_kernel);

OP(BroadcastGradientArgs)
    .doc("The axes over which the gradient of a broadcast operation is to be summed, for operands "
         "of the shapes s0 and s1.")
    .input("s0: T").input("s1: T").output("r0: T").output("r1: T").attr("T: int32|int64 = int32")
    .shape(gradient_args_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, gradient_args_kernel);

}  // namespace tw
