#include "ops/math/product_gradient.h"

#include <algorithm>
#include <vector>

#include "ops/math/rules.h"

namespace tw {
namespace {

using namespace rules;

Output axis_scalar(GradientContext& g, std::int32_t axis) {
  return g.graph().constant(Tensor::scalar(axis), "gradients/axis");
}

// Along one axis what comes before an element times what comes after it.
Output others_along(GradientContext& g, Output x, Output axis) {
  const Output before = g.op("Cumprod", {x, axis}, {{"exclusive", true}});
  const Output after = g.op("Cumprod", {x, axis}, {{"exclusive", true}, {"reverse", true}});
  return mul(g, before, after);
}

// Those along the first axis, times, of the products along it, those along the second, and so on.
Output others_along_all(GradientContext& g, Output x, const std::vector<std::int64_t>& axes) {
  Output others = g.op("OnesLike", {x});
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const Output axis = axis_scalar(g, static_cast<std::int32_t>(axes[i]));
    const Output here = others_along(g, x, axis);
    others = i == 0 ? here : mul(g, others, here);
    if (i + 1 < axes.size()) x = g.op("Prod", {x, axis}, {{"keep_dims", true}});
  }
  return others;
}

// With the axes, known only to a run, moved behind the others and made one.
Output others_along_computed(GradientContext& g, Output x, Output axes) {
  const Output zero = axis_scalar(g, 0), one = axis_scalar(g, 1), rank = g.op("Rank", {x});
  const Output all = g.op("Range", {zero, rank, one});
  const Output given = g.op("Reshape", {in_type(g, axes, DType::kInt32), g.int_vector({-1})});
  const Output last = g.op("FloorMod", {given, rank});
  const Output first = g.op("ListDiff", {all, last});
  const Output order = g.op("ConcatV2", {first, last, zero});
  const Output moved = g.op("Transpose", {x, order}), shape = g.shape_of(x);
  const auto count = [&](Output some) {
    return g.op("Prod", {g.op("GatherV2", {shape, some, zero}), zero}, {{"keep_dims", true}});
  };
  const Output two = g.op("ConcatV2", {count(first), count(last), zero});
  const Output flat = g.op("Reshape", {moved, two});
  const Output others = g.op("Reshape", {others_along(g, flat, one), g.shape_of(moved)});
  return g.op("Transpose", {others, g.op("InvertPermutation", {order})});
}

// Over all elements, or over axes that are constant or computed.
Output others(GradientContext& g, Output x, Output axes) {
  if (!axes.valid()) {
    const Output flat = g.op("Reshape", {x, g.int_vector({-1})});
    return g.op("Reshape", {others_along(g, flat, axis_scalar(g, 0)), g.shape_of(x)});
  }
  const Tensor* constant = g.graph().constant_value(axes);
  if (constant == nullptr) return others_along_computed(g, x, axes);
  const Shape& shape = g.info(x).shape;
  std::vector<std::int64_t> distinct;
  for (std::int64_t axis : constant->to_int64s()) {
    if (axis < 0 && shape.has_rank()) axis += shape.rank();
    if (std::find(distinct.begin(), distinct.end(), axis) == distinct.end()) {
      distinct.push_back(axis);
    }
  }
  return others_along_all(g, x, distinct);
}

}  // namespace

void product_gradient(GradientContext& g) {
  const Output x = g.input_value(0), axes = g.input_value(1);
  Output dy = g.output_grad(0);
  if (axes.valid() && !g.attrs().flag("keep_dims")) {
    dy = g.op("Reshape", {dy, g.op("ReducedShape", {g.shape_of(x), axes})});
  }
  g.input(0) = mul(g, others(g, x, axes), dy);
}

}  // namespace tw
