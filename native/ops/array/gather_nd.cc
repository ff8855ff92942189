#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

Shape gathered(const Shape& params, const Shape& indices, int batch_dims) {
  const int last = indices.rank() - 1;
  check(last >= batch_dims && params.rank() >= batch_dims, Code::kInvalidArgument, "batch_dims ",
        batch_dims, " is too large for params ", params, " and indices ", indices);
  merge(part_of(params, 0, batch_dims), part_of(indices, 0, batch_dims));
  if (indices[last] == kUnknownDim) return Shape::unknown();
  const std::int64_t depth = indices[last];
  check(depth <= params.rank() - batch_dims, Code::kInvalidArgument, "index tuples of ", depth,
        " elements are too long for params ", params);
  return join(part_of(indices, 0, last),
              part_of(params, batch_dims + static_cast<int>(depth), params.rank()));
}

void gather_shape(ShapeContext& c) {
  const Shape &params = c.input(0), &indices = c.with_rank_at_least(1, 1);
  if (!params.has_rank() || !indices.has_rank()) return c.set_output(0, Shape::unknown());
  c.set_output(0, gathered(params, indices, static_cast<int>(c.attrs().integer("batch_dims"))));
}

void gather_kernel(OpContext& c) {
  const Tensor &params = c.input(0), &indices = c.input(1);
  check(indices.rank() > 0, Code::kInvalidArgument, "indices must be at least a vector");
  const int batch_dims = static_cast<int>(c.attrs().integer("batch_dims"));
  Tensor& y = c.allocate_output(0, gathered(params.shape(), indices.shape(), batch_dims));
  const std::int64_t row = y.shape().size(indices.rank() - 1, y.rank());
  const std::vector<std::int64_t> offsets = tuple_offsets(indices, params.shape(), batch_dims);
  if (y.size() > 0) gather(c, y, params, offsets, row);
}

Output int_scalar(GradientContext& g, std::int64_t value) {
  return g.graph().constant(Tensor::scalar(value), "gradients/Const");
}

// 0, 1, ... along dim `axis` of the first dims of indices: one coordinate of each tuple.
Output batch_coordinate(GradientContext& g, std::int64_t axis) {
  const Output indices = g.input_value(1), shape = g.shape_of(indices);
  const std::int64_t rank = g.info(indices).shape.rank();
  const DType dtype = g.info(indices).dtype;
  const auto element = [&](std::int64_t i) {
    return g.op("Slice", {shape, g.int_vector({i}), g.int_vector({1})});
  };
  const Output count = g.op("Squeeze", {element(axis)});
  const Output range = g.op("Range", {int_scalar(g, 0), count, int_scalar(g, 1)});
  std::vector<std::int64_t> alone(static_cast<std::size_t>(rank), 1);
  alone[static_cast<std::size_t>(axis)] = -1;
  const Output one = g.int_vector({1});
  const Output all = g.op("Slice", {shape, g.int_vector({0}), g.int_vector({rank - 1})});
  const Output target = g.op("ConcatV2", {all, one, int_scalar(g, 0)});
  const Output spread = g.op("BroadcastTo", {g.op("Reshape", {range, g.int_vector(alone)}), target});
  return dtype == DType::kInt64 ? spread : g.op("Cast", {spread}, {{"DstT", dtype}});
}

// Tuples of one element name rows: the gradient is slices, which optimizers look for.
Output row_slices(GradientContext& g) {
  const Output indices =
      g.op("Squeeze", {g.input_value(1)}, {{"squeeze_dims", std::vector<std::int64_t>{-1}}});
  return g.op("GatherV2Grad", {g.shape_of(g.input_value(0)), indices, int_scalar(g, 0),
                               g.output_grad(0)}, {{"_slices", true}});
}

// Batch dims are coordinates that the tuples of ScatterNd spell out.
void gather_gradient(GradientContext& g) {
  const std::int64_t batch_dims = g.attrs().integer("batch_dims");
  Output indices = g.input_value(1);
  const Shape& given = g.info(indices).shape;
  if (batch_dims == 0 && given.has_rank() && given[given.rank() - 1] == 1) {
    g.input(0) = row_slices(g);
    return;
  }
  check(batch_dims == 0 || g.info(indices).shape.has_rank(), Code::kUnimplemented,
        "no gradient of GatherNd with batch_dims and indices of unknown rank");
  if (batch_dims > 0) {
    std::vector<Output> parts;
    for (std::int64_t i = 0; i < batch_dims; ++i) parts.push_back(batch_coordinate(g, i));
    parts.push_back(indices);
    parts.push_back(int_scalar(g, -1));
    indices = g.op("ConcatV2", parts);
  }
  const DType dtype = g.info(indices).dtype;
  const Output shape = g.op("Shape", {g.input_value(0)}, {{"out_type", dtype}});
  g.input(0) = g.op("ScatterNd", {indices, g.output_grad(0), shape});
}

}  // namespace

OP(GatherNd)
    .doc("For each tuple of K indices along the last dim of indices, [..., K], the slice of params "
         "at params[i0, ..., iK-1]. With batch_dims, the first dims are common to both. An index "
         "out of range is an error.")
    .input("params: Tparams").input("indices: Tindices").output("output: Tparams")
    .attr("Tparams: any").attr("Tindices: int32|int64").attr("batch_dims: int >= 0 = 0")
    .shape(gather_shape)
    .gradient(gather_gradient)
    .kernel(Device::kCpu, gather_kernel);

}  // namespace tw
