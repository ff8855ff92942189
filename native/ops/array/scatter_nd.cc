#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

using namespace rules;

// updates must have the shape indices[:-1] + shape[K:].
void check_updates(const Shape& indices, const Shape& updates, const Shape& shape) {
  if (!indices.has_rank() || !updates.has_rank() || !shape.has_rank()) return;
  const int last = indices.rank() - 1;
  check(last >= 0, Code::kInvalidArgument, "indices must be at least a vector");
  if (indices[last] == kUnknownDim) return;
  const std::int64_t depth = indices[last];
  check(depth <= shape.rank(), Code::kInvalidArgument, "index tuples of ", depth,
        " elements are too long for the shape ", shape);
  const Shape expected = join(part_of(indices, 0, last),
                              part_of(shape, static_cast<int>(depth), shape.rank()));
  check(compatible(updates, expected), Code::kInvalidArgument, "updates has shape ", updates,
        ", expected ", expected, " for indices ", indices, " into ", shape);
}

void scatter_nd_shape(ShapeContext& c) {
  c.with_rank(2, 1);
  const Shape shape = c.shape_from(2);
  check_updates(c.input(0), c.input(1), shape);
  c.set_output(0, shape);
}

std::int64_t row_of(const Shape& shape, const Tensor& indices) {
  return shape.size(static_cast<int>(indices.dim(indices.rank() - 1)), shape.rank());
}

void scatter_nd_kernel(OpContext& c) {
  const Tensor &indices = c.input(0), &updates = c.input(1);
  const Shape shape = shape_of_dims(index_list(c.input(2), "shape"), "shape");
  check_updates(indices.shape(), updates.shape(), shape);
  Tensor& y = c.allocate_output(0, shape);
  fill_elements(c, y.dtype(), y.raw(), y.size(), nullptr);
  const auto offsets = tuple_offsets(indices, shape, 0);
  scatter(c, Combine::kAdd, y, offsets, updates, row_of(shape, indices));
}

void tensor_scatter_shape(ShapeContext& c) {
  check_updates(c.input(1), c.input(2), c.input(0));
  c.set_output(0, c.input(0));
}

void tensor_scatter(OpContext& c, Combine op) {
  const Tensor &x = c.input(0), &indices = c.input(1), &updates = c.input(2);
  check_updates(indices.shape(), updates.shape(), x.shape());
  const auto offsets = tuple_offsets(indices, x.shape(), 0);
  Tensor& y = c.allocate_output(0, x.shape());
  if (y.raw() != x.raw()) copy_elements(c, x.dtype(), y.raw(), x.raw(), x.size());
  scatter(c, op, y, offsets, updates, row_of(x.shape(), indices));
}

Output updates_grad(GradientContext& g) {
  return g.op("GatherNd", {g.output_grad(0), g.input_value(1)});
}

void update_gradient(GradientContext& g) {
  const Output zeros = g.op("ZerosLike", {g.input_value(2)});
  g.input(0) = g.op("TensorScatterUpdate", {g.output_grad(0), g.input_value(1), zeros});
  g.input(2) = updates_grad(g);
}

void add_gradient(GradientContext& g) {
  g.input(0) = g.output_grad(0);
  g.input(2) = updates_grad(g);
}

void sub_gradient(GradientContext& g) {
  g.input(0) = g.output_grad(0);
  g.input(2) = neg(g, updates_grad(g));
}

// What an element of the result was chosen from shares its gradient when they tie.
void extreme_gradient(GradientContext& g) {
  const Output x = g.input_value(0), indices = g.input_value(1), updates = g.input_value(2);
  const Output y = g.output_value(0);
  const AttrMap as_number = {{"DstT", g.info(y).dtype}};
  const Output own = g.op("Cast", {g.op("Equal", {x, y})}, as_number);
  const Output there = g.op("GatherNd", {y, indices});
  const Output theirs = g.op("Cast", {g.op("Equal", {updates, there})}, as_number);
  // At least 1, or a NaN's place would have none.
  const Output chosen = g.op("Maximum", {g.op("TensorScatterAdd", {own, indices, theirs}),
                                         g.scalar_like(1, y)});
  const Output share = div(g, dy(g), chosen);
  g.input(0) = mul(g, share, own);
  g.input(2) = mul(g, g.op("GatherNd", {share, indices}), theirs);
}

// An update's slope is the product of all others that meet it: of all that are not zero, without
// it, when no other is zero.
void product_gradient(GradientContext& g) {
  const Output x = g.input_value(0), indices = g.input_value(1), updates = g.input_value(2);
  const Output zero = g.scalar_like(0, x), one = g.scalar_like(1, x);
  const auto scaled = [&](Output factors) {
    return g.op("TensorScatterMul", {dy(g), indices, factors});
  };
  const Output is_zero = g.op("Equal", {updates, zero});
  const Output marks = g.op("Cast", {is_zero}, {{"DstT", g.info(x).dtype}});
  const Output zeros = g.op("TensorScatterAdd", {g.op("ZerosLike", {x}), indices, marks});
  const Output others = sub(g, g.op("GatherNd", {zeros, indices}), marks);
  const Output safe = g.op("SelectV2", {is_zero, one, updates});
  const Output product = g.op("GatherNd", {mul(g, scaled(safe), x), indices});
  const Output slope = div(g, product, safe);
  g.input(0) = scaled(updates);
  g.input(2) = g.op("SelectV2", {g.op("Equal", {others, zero}), slope, zero});
}

}  // namespace

// tensor, indices, updates -> output, for these dtypes.
#define TW_TENSOR_SCATTER(dtypes, combine)                                                   \
  input("tensor: T").input("indices: Tindices").input("updates: T").output("output: T")      \
      .attr("T: " dtypes).attr("Tindices: int32|int64")                                      \
      .shape(tensor_scatter_shape)                                                           \
      .in_place(0, 0)                                                                        \
      .kernel(Device::kCpu, [](OpContext& c) { tensor_scatter(c, Combine::combine); })

OP(ScatterNd)
    .doc("Zeros of the given shape with the slices of updates added at the places that the index "
         "tuples along the last dim of indices, [..., K], name. updates has shape indices[:-1] + "
         "shape[K:]. Slices that meet are summed in order; an index out of range is an error.")
    .input("indices: Tindices").input("updates: T").input("shape: Tshape").output("output: T")
    .attr("T: real|complex64|complex128").attr("Tindices: int32|int64").attr("Tshape: int32|int64")
    .shape(scatter_nd_shape)
    .gradient([](GradientContext& g) {
      g.input(1) = g.op("GatherNd", {g.output_grad(0), g.input_value(0)});
    })
    .kernel(Device::kCpu, scatter_nd_kernel);

OP(TensorScatterUpdate)
    .doc("tensor with the slices of updates put at the places that the index tuples along the last "
         "dim of indices name; of slices that meet the last one stays.")
    .TW_TENSOR_SCATTER("any", kReplace)
    .gradient(update_gradient);

OP(TensorScatterAdd)
    .doc("tensor with the slices of updates added at the places that the index tuples along the "
         "last dim of indices name, in order.")
    .TW_TENSOR_SCATTER("real|complex64|complex128", kAdd)
    .gradient(add_gradient);

OP(TensorScatterSub)
    .doc("tensor with the slices of updates subtracted at the places that the index tuples along "
         "the last dim of indices name, in order.")
    .TW_TENSOR_SCATTER("numeric|complex64|complex128", kSubtract)
    .gradient(sub_gradient);

OP(TensorScatterMin)
    .doc("tensor with the minimum of itself and the slices of updates at the places that the index "
         "tuples along the last dim of indices name. NaN wins.")
    .TW_TENSOR_SCATTER("real", kMin)
    .gradient(extreme_gradient);

OP(TensorScatterMax)
    .doc("tensor with the maximum of itself and the slices of updates at the places that the index "
         "tuples along the last dim of indices name. NaN wins.")
    .TW_TENSOR_SCATTER("real", kMax)
    .gradient(extreme_gradient);

OP(TensorScatterMul)
    .doc("tensor multiplied by the slices of updates at the places that the index tuples along the "
         "last dim of indices name, in order.")
    .TW_TENSOR_SCATTER("real|complex64|complex128", kMultiply)
    .gradient(product_gradient);

}  // namespace tw
