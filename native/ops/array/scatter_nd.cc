#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

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
  g.input(2) = g.op("Neg", {updates_grad(g)});
}

}  // namespace

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
    .input("tensor: T").input("indices: Tindices").input("updates: T").output("output: T")
    .attr("T: any").attr("Tindices: int32|int64")
    .shape(tensor_scatter_shape)
    .gradient(update_gradient)
    .in_place(0, 0)
    .kernel(Device::kCpu, [](OpContext& c) { tensor_scatter(c, Combine::kReplace); });

OP(TensorScatterAdd)
    .doc("tensor with the slices of updates added at the places that the index tuples along the "
         "last dim of indices name, in order.")
    .input("tensor: T").input("indices: Tindices").input("updates: T").output("output: T")
    .attr("T: real|complex64|complex128").attr("Tindices: int32|int64")
    .shape(tensor_scatter_shape)
    .gradient(add_gradient)
    .in_place(0, 0)
    .kernel(Device::kCpu, [](OpContext& c) { tensor_scatter(c, Combine::kAdd); });

OP(TensorScatterSub)
    .doc("tensor with the slices of updates subtracted at the places that the index tuples along "
         "the last dim of indices name, in order.")
    .input("tensor: T").input("indices: Tindices").input("updates: T").output("output: T")
    .attr("T: numeric|complex64|complex128").attr("Tindices: int32|int64")
    .shape(tensor_scatter_shape)
    .gradient(sub_gradient)
    .in_place(0, 0)
    .kernel(Device::kCpu, [](OpContext& c) { tensor_scatter(c, Combine::kSubtract); });

OP(TensorScatterMin)
    .doc("tensor with the minimum of itself and the slices of updates at the places that the index "
         "tuples along the last dim of indices name. NaN wins.")
    .input("tensor: T").input("indices: Tindices").input("updates: T").output("output: T")
    .attr("T: real").attr("Tindices: int32|int64")
    .shape(tensor_scatter_shape)
    .no_gradient("pending")
    .in_place(0, 0)
    .kernel(Device::kCpu, [](OpContext& c) { tensor_scatter(c, Combine::kMin); });

OP(TensorScatterMax)
    .doc("tensor with the maximum of itself and the slices of updates at the places that the index "
         "tuples along the last dim of indices name. NaN wins.")
    .input("tensor: T").input("indices: Tindices").input("updates: T").output("output: T")
    .attr("T: real").attr("Tindices: int32|int64")
    .shape(tensor_scatter_shape)
    .no_gradient("pending")
    .in_place(0, 0)
    .kernel(Device::kCpu, [](OpContext& c) { tensor_scatter(c, Combine::kMax); });

OP(TensorScatterMul)
    .doc("tensor multiplied by the slices of updates at the places that the index tuples along the "
         "last dim of indices name, in order.")
    .input("tensor: T").input("indices: Tindices").input("updates: T").output("output: T")
    .attr("T: real|complex64|complex128").attr("Tindices: int32|int64")
    .shape(tensor_scatter_shape)
    .no_gradient("pending")
    .in_place(0, 0)
    .kernel(Device::kCpu, [](OpContext& c) { tensor_scatter(c, Combine::kMultiply); });

}  // namespace tw
