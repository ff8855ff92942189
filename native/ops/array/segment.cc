#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

// Rows of data: one for each id.
std::int64_t row_size(const Tensor& data, const Tensor& ids) {
  check(data.rank() >= ids.rank(), Code::kInvalidArgument, "data has shape ", data.shape(),
        ", which does not begin with that of the segment ids, ", ids.shape());
  for (int axis = 0; axis < ids.rank(); ++axis) {
    check(data.dim(axis) == ids.dim(axis), Code::kInvalidArgument, "data has shape ", data.shape(),
          ", which does not begin with that of the segment ids, ", ids.shape());
  }
  return data.shape().size(ids.rank(), data.rank());
}

Shape result_shape(const Tensor& data, int id_rank, std::int64_t segments) {
  Shape shape{segments};
  for (int axis = id_rank; axis < data.rank(); ++axis) shape.push_back(data.dim(axis));
  return shape;
}

// ids: the segment of each row; `segments` itself for rows that are dropped.
void sum_rows(OpContext& c, std::vector<std::int64_t> ids, std::int64_t row, Tensor& y) {
  const std::int64_t segments = y.dim(0);
  const bool drops = std::find(ids.begin(), ids.end(), segments) != ids.end();
  for (std::int64_t& id : ids) id *= row;
  if (row == 0) return;
  if (!drops) {
    fill_elements(c, y.dtype(), y.raw(), y.size(), nullptr);
    scatter(c, Combine::kAdd, y, ids, c.input(0), row);
    return;
  }
  Tensor with_dropped = Tensor::allocate(y.dtype(), Shape{segments + 1, row}, c.allocator());
  fill_elements(c, y.dtype(), with_dropped.raw(), with_dropped.size(), nullptr);
  scatter(c, Combine::kAdd, with_dropped, ids, c.input(0), row);
  copy_elements(c, y.dtype(), y.raw(), with_dropped.raw(), y.size());
}

void sorted_kernel(OpContext& c) {
  const std::int64_t row = row_size(c.input(0), c.input(1));
  const std::vector<std::int64_t> ids = copied_indices(c.input(1));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    check(ids[i] >= (i == 0 ? 0 : ids[i - 1]), Code::kInvalidArgument,
          "segment ids are not increasing: id ", i, " is ", ids[i]);
  }
  const std::int64_t segments = ids.empty() ? 0 : ids.back() + 1;
  sum_rows(c, ids, row, c.allocate_output(0, result_shape(c.input(0), 1, segments)));
}

void unsorted_kernel(OpContext& c) {
  const std::int64_t row = row_size(c.input(0), c.input(1));
  const std::int64_t segments = index_scalar(c.input(2), "num_segments");
  check(segments >= 0, Code::kInvalidArgument, "num_segments is negative: ", segments);
  std::vector<std::int64_t> ids = copied_indices(c.input(1));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    check(ids[i] < segments, Code::kInvalidArgument, "segment_ids[", i, "] = ", ids[i],
          " is not in [0, ", segments, ")");
    if (ids[i] < 0) ids[i] = segments;
  }
  sum_rows(c, ids, row,
           c.allocate_output(0, result_shape(c.input(0), c.input(1).rank(), segments)));
}

Shape shape_after(const Shape& data, int id_rank, std::int64_t segments) {
  Shape shape{segments};
  for (int axis = id_rank; axis < data.rank(); ++axis) shape.push_back(data[axis]);
  return shape;
}

void sorted_shape(ShapeContext& c) {
  c.with_rank(1, 1);
  const Shape& data = c.with_rank_at_least(0, 1);
  c.set_output(0, data.has_rank() ? shape_after(data, 1, kUnknownDim) : Shape::unknown());
}

void unsorted_shape(ShapeContext& c) {
  const Shape &data = c.input(0), &ids = c.input(1);
  c.with_rank(2, 0);
  if (!data.has_rank() || !ids.has_rank()) return c.set_output(0, Shape::unknown());
  check(data.rank() >= ids.rank() && compatible(part_of(data, 0, ids.rank()), ids),
        Code::kInvalidArgument, "data has shape ", data,
        ", which does not begin with that of the segment ids, ", ids);
  const std::int64_t segments = c.scalar(2).value_or(kUnknownDim);
  c.set_output(0, shape_after(data, ids.rank(), segments < 0 ? kUnknownDim : segments));
}

Output gathered(GradientContext& g, Output ids) {
  const Output axis = g.graph().constant(Tensor::scalar<std::int32_t>(0), "gradients/axis");
  return g.op("GatherV2", {g.output_grad(0), ids, axis});
}

// Rows that were dropped have zeros.
void unsorted_gradient(GradientContext& g) {
  const Output ids = g.input_value(1), zero = g.op("ZerosLike", {ids});
  const Shape &data = g.info(g.input_value(0)).shape, &places = g.info(ids).shape;
  check(data.has_rank() && places.has_rank(), Code::kUnimplemented,
        "No gradient of UnsortedSegmentSum for data or ids of unknown rank");
  const Output rows = gathered(g, g.op("Maximum", {ids, zero}));
  Output kept = g.op("GreaterEqual", {ids, zero});
  for (int axis = places.rank(); axis < data.rank(); ++axis) {
    kept = g.op("ExpandDims",
                {kept, g.graph().constant(Tensor::scalar<std::int32_t>(-1), "gradients/axis")});
  }
  g.input(0) = g.op("SelectV2", {kept, rows, g.scalar_like(0, rows)});
}

}  // namespace

OP(SegmentSum)
    .doc("Row i of the result is the sum of the rows of data whose id is i, zero when there is none. "
         "The ids begin at 0 or later and do not fall.")
    .input("data: T").input("segment_ids: Tindices").output("output: T")
    .attr("T: numeric|complex64|complex128").attr("Tindices: int32|int64")
    .shape(sorted_shape)
    .gradient([](GradientContext& g) { g.input(0) = gathered(g, g.input_value(1)); })
    .kernel(Device::kCpu, sorted_kernel);

OP(UnsortedSegmentSum)
    .doc("As SegmentSum, for ids in any order and of any rank; rows with a negative id are dropped.")
    .input("data: T").input("segment_ids: Tindices").input("num_segments: Tnumsegments")
    .output("output: T")
    .attr("T: numeric|complex64|complex128").attr("Tindices: int32|int64")
    .attr("Tnumsegments: int32|int64 = int32")
    .shape(unsorted_shape)
    .gradient(unsorted_gradient)
    .kernel(Device::kCpu, unsorted_kernel);

}  // namespace tw
