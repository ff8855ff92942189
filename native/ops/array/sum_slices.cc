#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

// Output 0 has as many rows as there are different indices.
void slices_shape(ShapeContext& c) {
  const Shape shape = c.shape_from(2);
  c.set_output(1, Shape::unknown_dims(1));
  if (!shape.has_rank() || shape.rank() == 0) return c.set_output(0, Shape::unknown());
  Shape sums = shape;
  sums[0] = kUnknownDim;
  c.set_output(0, sums);
}

void slices_kernel(OpContext& c) {
  const Tensor& values = c.input(0);
  const std::vector<std::int64_t> indices = copied_indices(c.input(1));
  const Shape shape = shape_of_dims(index_list(c.input(2), "shape"), "shape");
  check(shape.rank() > 0, Code::kInvalidArgument, "slices of a tensor of rank 0");
  const std::int64_t row = shape.size(1, shape.rank());
  const auto count = static_cast<std::int64_t>(indices.size());
  check(values.size() == count * row, Code::kInvalidArgument, "values have ", values.size(),
        " elements, expected ", count, " rows of ", row);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    check(indices[i] >= 0 && indices[i] < shape[0], Code::kInvalidArgument, "indices[", i,
          "] = ", indices[i], " is not in [0, ", shape[0], ")");
  }
  std::vector<std::int64_t> rows = indices;
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  Shape found = shape;
  found[0] = static_cast<std::int64_t>(rows.size());
  Tensor& sums = c.allocate_output(0, found);
  Tensor& numbers = c.allocate_output(1, {found[0]});
  std::copy(rows.begin(), rows.end(), numbers.mutable_data<std::int64_t>());
  fill_elements(c, sums.dtype(), sums.raw(), sums.size(), nullptr);
  std::vector<std::int64_t> offsets;
  for (const std::int64_t index : indices) {
    offsets.push_back((std::lower_bound(rows.begin(), rows.end(), index) - rows.begin()) * row);
  }
  if (values.size() > 0) scatter(c, Combine::kAdd, sums, offsets, values, row);
}

// Each row of values takes the gradient of the sum that it went into.
void slices_gradient(GradientContext& g) {
  const Output axis = g.graph().constant(Tensor::scalar<std::int32_t>(0), "gradients/axis");
  const Output all = g.op("GatherV2Grad", {g.input_value(2), g.output_value(1), axis,
                                           g.output_grad(0)});
  const Output rows = g.op("GatherV2", {all, g.input_value(1), axis});
  g.input(0) = g.op("Reshape", {rows, g.shape_of(g.input_value(0))});
}

}  // namespace

OP(SumIndexedSlices)
    .doc("The rows of values summed by index, in their order: each index once, ascending, with its "
         "sum. shape is that of the tensor whose rows they are.")
    .internal()
    .input("values: T").input("indices: Tindices").input("shape: Tshape")
    .output("sums: T").output("rows: int64")
    .attr("T: numeric|complex64|complex128").attr("Tindices: int32|int64")
    .attr("Tshape: int32|int64")
    .shape(slices_shape)
    .gradient(slices_gradient)
    .kernel(Device::kCpu, slices_kernel);

}  // namespace tw
