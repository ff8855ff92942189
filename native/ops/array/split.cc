#include <algorithm>

#include <numeric>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

std::int64_t even_part(std::int64_t dim, std::int64_t count) {
  if (dim == kUnknownDim) return dim;
  check(dim % count == 0, Code::kInvalidArgument, "Number of ways to split should evenly divide "
        "the split dimension, but got split_dim of size ", dim, " and num_split ", count);
  return dim / count;
}

// The sizes with -1 filled in; unknown where neither they nor the dim are known.
std::vector<std::int64_t> part_sizes(std::vector<std::int64_t> sizes, std::int64_t dim) {
  std::int64_t sum = 0, free = -1;
  bool known = true;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    known = known && sizes[i] != kUnknownValue;
    check(sizes[i] >= -1 || sizes[i] == kUnknownValue, Code::kInvalidArgument, "size_splits[", i,
          "] is negative: ", sizes[i]);
    check(sizes[i] != -1 || free < 0, Code::kInvalidArgument,
          "size_splits may hold -1 once, got it at ", free, " and ", i);
    if (sizes[i] == -1) free = static_cast<std::int64_t>(i);
    if (sizes[i] > 0) sum += sizes[i];
  }
  if (known && dim != kUnknownDim) {
    check(free >= 0 ? sum <= dim : sum == dim, Code::kInvalidArgument,
          "size_splits must add up to the size of the split dim, ", dim, ", got ", sum);
    if (free >= 0) sizes[static_cast<std::size_t>(free)] = dim - sum;
  }
  for (std::int64_t& size : sizes) size = size < 0 ? kUnknownDim : size;
  return sizes;
}

void split_shape(ShapeContext& c) {
  const Shape& x = c.input(1);
  const auto dim = c.scalar(0);
  Shape each = x.has_rank() ? Shape::unknown_dims(x.rank()) : x;
  if (x.has_rank() && dim) {
    const int axis = normal_axis(*dim, x.rank());
    each = with_dim(x, axis, even_part(x[axis], c.outputs()));
  }
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, each);
}

void split_v_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const Shape& s = c.with_rank(1, 1);
  check(!s.fully_known() || s[0] == c.outputs(), Code::kInvalidArgument, "size_splits has ",
        s.fully_known() ? s[0] : -1, " elements, expected num_split, ", c.outputs());
  const auto dim = c.scalar(2);
  Shape each = x.has_rank() ? Shape::unknown_dims(x.rank()) : x;
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, each);
  if (!x.has_rank() || !dim) return;
  const int axis = normal_axis(*dim, x.rank());
  const auto given = c.values(1);
  const auto count = static_cast<std::size_t>(c.outputs());
  const auto sizes = given ? part_sizes(*given, x[axis])
                           : std::vector<std::int64_t>(count, kUnknownDim);
  for (int i = 0; i < c.outputs(); ++i) {
    c.set_output(i, with_dim(x, axis, sizes[static_cast<std::size_t>(i)]));
  }
}

// Values of a vector that is taken apart.
void split_values(ShapeContext& c, int input) {
  const auto values = small_values(c, input);
  if (!values || c.input(input).rank() != 1) return;
  std::size_t at = 0;
  for (int i = 0; i < c.outputs(); ++i) {
    if (!c.output(i).fully_known()) return;
    const std::size_t end = at + static_cast<std::size_t>(c.output(i)[0]);
    if (end > values->size()) return;
    c.set_value(i, {values->begin() + static_cast<std::ptrdiff_t>(at),
                    values->begin() + static_cast<std::ptrdiff_t>(end)});
    at = end;
  }
}

void take_apart(OpContext& c, const Tensor& x, int axis, const std::vector<std::int64_t>& sizes) {
  const std::int64_t outer = x.shape().size(0, axis), row = x.shape().size(axis, x.rank());
  const std::int64_t inner = x.shape().size(axis + 1, x.rank());
  std::int64_t at = 0;
  for (int i = 0; i < c.outputs(); ++i) {
    const std::int64_t size = sizes[static_cast<std::size_t>(i)], part = size * inner;
    Tensor& y = c.allocate_output(i, with_dim(x.shape(), axis, size));
    const MoveAxis axes[] = {{outer, part, row}, {part, 1, 1}};
    move_elements(c, x.dtype(), y.raw(), element(x, at), axes);
    at += part;
  }
}

void split_kernel(OpContext& c) {
  const Tensor& x = c.input(1);
  const int axis = normal_axis(index_scalar(c.input(0), "split_dim"), x.rank());
  const std::int64_t each = even_part(x.dim(axis), c.outputs());
  take_apart(c, x, axis, std::vector<std::int64_t>(static_cast<std::size_t>(c.outputs()), each));
}

void split_v_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const int axis = normal_axis(index_scalar(c.input(2), "split_dim"), x.rank());
  const auto given = index_list(c.input(1), "size_splits");
  // Only while shapes are inferred it stands for a size that is not known.
  check(std::ranges::find(given, kUnknownValue) == given.end(), Code::kInvalidArgument,
        "size_splits has a negative size: ", kUnknownValue);
  check(static_cast<int>(given.size()) == c.outputs(), Code::kInvalidArgument, "size_splits has ",
        given.size(), " elements, expected num_split, ", c.outputs());
  take_apart(c, x, axis, part_sizes(given, x.dim(axis)));
}

// The gradients of all parts, joined along the axis.
Output joined_grads(GradientContext& g, Output axis) {
  std::vector<Output> parts;
  for (int i = 0; i < static_cast<int>(g.attrs().integer("num_split")); ++i) {
    parts.push_back(g.output_grad(i));
  }
  parts.push_back(axis);
  return g.op("ConcatV2", parts);
}

bool permute_along(PermuteContext& c, int value, int axis_input) {
  const Tensor* axis = c.constant(axis_input);
  if (axis == nullptr || axis->size() != 1) return false;
  c.permute_input(value);
  const int moved = c.new_axis(axis->to_int64s().front());
  c.replace_input(axis_input, axis->dtype() == DType::kInt32
                                  ? Tensor::scalar(static_cast<std::int32_t>(moved))
                                  : Tensor::scalar(std::int64_t{moved}));
  return true;
}

}  // namespace

OP(Split)
    .doc("Takes a tensor apart into num_split equal parts along split_dim, which their number must "
         "divide.")
    .input("split_dim: Tdim").input("value: T").output("output: num_split * T")
    .attr("num_split: int >= 1").attr("T: any").attr("Tdim: int32|int64 = int32")
    .shape(split_shape).value([](ShapeContext& c) { split_values(c, 1); })
    .gradient([](GradientContext& g) { g.input(1) = joined_grads(g, g.input_value(0)); })
    .permute([](PermuteContext& c) { return permute_along(c, 1, 0); })
    .kernel(Device::kCpu, split_kernel);

OP(SplitV)
    .doc("Takes a tensor apart along split_dim into parts of the sizes size_splits, which add up "
         "to the size of that dim; one of them may be -1 and takes the rest.")
    .input("value: T").input("size_splits: Tlen").input("split_dim: Tdim")
    .output("output: num_split * T")
    .attr("num_split: int >= 1").attr("T: any").attr("Tlen: int32|int64 = int64")
    .attr("Tdim: int32|int64 = int32")
    .shape(split_v_shape).value([](ShapeContext& c) { split_values(c, 0); })
    .gradient([](GradientContext& g) { g.input(0) = joined_grads(g, g.input_value(2)); })
    .permute([](PermuteContext& c) { return permute_along(c, 0, 2); })
    .kernel(Device::kCpu, split_v_kernel);

}  // namespace tw
