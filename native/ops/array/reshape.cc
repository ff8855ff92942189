#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

// The dim at the place of -1 that gives `size` elements.
Shape filled_in(Shape wanted, int missing, std::int64_t size) {
  std::int64_t rest = 1;
  for (int i = 0; i < wanted.rank(); ++i) {
    if (i != missing) rest = checked_product(rest, wanted[i]);
  }
  check(rest != 0 || size != 0, Code::kInvalidArgument, "reshape cannot infer the missing dim of ",
        wanted, " for an empty tensor: the other dims must not be zero");
  check(rest != 0 && size % rest == 0, Code::kInvalidArgument,
        "Cannot reshape a tensor with ", size, " elements to shape ", wanted, ": ", size,
        " is not a multiple of ", rest);
  wanted[missing] = size / rest;
  return wanted;
}

void check_sizes(const Shape& from, const Shape& to) {
  check(from.size() == to.size(), Code::kInvalidArgument, "Cannot reshape a tensor with ",
        from.size(), " elements to shape ", to, ": Input to reshape is a tensor with ",
        from.size(), " values, but the requested shape has ", to.size());
}

void reshape_shape(ShapeContext& c) {
  c.with_rank(1, 1);
  Shape wanted = c.shape_from(1);
  if (!wanted.has_rank()) return c.set_output(0, wanted);
  const auto values = c.values(1);
  int unknown = 0, missing = -1, inferred = 0;
  for (int i = 0; i < wanted.rank(); ++i) {
    if (wanted[i] != kUnknownDim) continue;
    ++unknown;
    missing = i;
    inferred += (*values)[static_cast<std::size_t>(i)] == -1 ? 1 : 0;
  }
  check(inferred <= 1, Code::kInvalidArgument, "at most one dim of shape may be -1, got ", wanted);
  if (c.input(0).fully_known()) {
    if (unknown == 0) check_sizes(c.input(0), wanted);
    // A dim that is not known yet may be anything beside one of size 0; -1 must be inferred.
    const auto zero = std::find(wanted.begin(), wanted.end(), 0);
    const bool tells = inferred == 1 || zero == wanted.end();
    if (unknown == 1 && tells) wanted = filled_in(wanted, missing, c.input(0).size());
  }
  c.set_output(0, wanted);
}

void reshape_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const std::vector<std::int64_t> dims = index_list(c.input(1), "shape");
  Shape wanted;
  int missing = -1;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    check(dims[i] >= -1, Code::kInvalidArgument, "dim ", i, " of shape is negative: ", dims[i]);
    check(dims[i] != -1 || missing < 0, Code::kInvalidArgument,
          "at most one dim of shape may be -1, got it for ", missing, " and ", i);
    if (dims[i] == -1) missing = static_cast<int>(i);
    wanted.push_back(dims[i]);
  }
  if (missing >= 0) wanted = filled_in(wanted, missing, x.size());
  check_sizes(x.shape(), wanted);
  c.set_output(0, x.reshaped(wanted));
}

// The dims of a shape without those to squeeze.
Shape squeezed(const Shape& x, const std::vector<std::int64_t>& listed) {
  std::array<bool, kMaxRank> drop{};
  for (std::int64_t axis : listed) {
    const int a = normal_axis(axis, x.rank());
    check(x[a] == 1 || x[a] == kUnknownDim, Code::kInvalidArgument,
          "Can not squeeze dim[", a, "], expected a dimension of 1, got ", x[a]);
    drop[static_cast<std::size_t>(a)] = true;
  }
  Shape y;
  for (int i = 0; i < x.rank(); ++i) {
    const bool dropped = listed.empty() ? x[i] == 1 : drop[static_cast<std::size_t>(i)];
    if (!dropped) y.push_back(x[i]);
  }
  return y;
}

void squeeze_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const auto& listed = c.attrs().integers("squeeze_dims");
  // Without a list, an unknown dim may be one that goes.
  const bool known = x.has_rank() && (!listed.empty() || x.fully_known());
  if (!known) return c.set_output(0, Shape::unknown());
  c.set_output(0, squeezed(x, listed));
}

void squeeze_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  c.set_output(0, x.reshaped(squeezed(x.shape(), c.attrs().integers("squeeze_dims"))));
}

Shape expanded(const Shape& x, std::int64_t dim) {
  const int rank = x.rank();
  check(dim >= -rank - 1 && dim <= rank, Code::kInvalidArgument, "expected dim in [", -rank - 1,
        ", ", rank, "], got ", dim);
  const int at = static_cast<int>(dim < 0 ? dim + rank + 1 : dim);
  return join(join(part_of(x, 0, at), Shape{1}), part_of(x, at, rank));
}

void expand_dims_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  if (!x.has_rank()) return c.set_output(0, Shape::unknown());
  const auto dim = c.scalar(1);
  c.set_output(0, dim ? expanded(x, *dim) : Shape::unknown_dims(x.rank() + 1));
}

void expand_dims_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  c.set_output(0, x.reshaped(expanded(x.shape(), index_scalar(c.input(1), "dim"))));
}

void reshape_gradient(GradientContext& g) {
  g.input(0) = g.op("Reshape", {g.output_grad(0), g.shape_of(g.input_value(0))});
}

}  // namespace

OP(Reshape)
    .doc("The elements of tensor, in row-major order, under another shape. At most one dim of "
         "shape may be -1: it takes what is left. The number of elements must stay the same. "
         "Shares the memory of its input.")
    .input("tensor: T").input("shape: Tshape").output("output: T")
    .attr("T: any").attr("Tshape: int32|int64 = int32")
    .shape(reshape_shape).value(pass_value)
    .gradient(reshape_gradient)
    .alias()
    .kernel(Device::kCpu, reshape_kernel);

OP(Squeeze)
    .doc("Drops the dims listed in squeeze_dims, which must be 1; without a list, all dims that "
         "are 1. Shares the memory of its input.")
    .input("input: T").output("output: T")
    .attr("T: any").attr("squeeze_dims: list(int) = []")
    .shape(squeeze_shape).value(pass_value)
    .gradient(reshape_gradient)
    .alias()
    .kernel(Device::kCpu, squeeze_kernel);

OP(ExpandDims)
    .doc("Inserts a dim of 1 at index dim, a scalar in [-rank - 1, rank]. Shares the memory of its "
         "input.")
    .input("input: T").input("dim: Tdim").output("output: T")
    .attr("T: any").attr("Tdim: int32|int64 = int32")
    .shape(expand_dims_shape).value(pass_value)
    .gradient(reshape_gradient)
    .alias()
    .kernel(Device::kCpu, expand_dims_kernel);

}  // namespace tw
