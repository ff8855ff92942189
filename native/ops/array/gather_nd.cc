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
  if (y.size() == 0) return;
  const std::int64_t row = y.shape().size(indices.rank() - 1, y.rank());
  gather(c, y, params, tuple_offsets(indices, params.shape(), batch_dims), row);
}

void gather_gradient(GradientContext& g) {
  check(g.attrs().integer("batch_dims") == 0, Code::kUnimplemented,
        "no gradient of GatherNd with batch_dims");
  g.input(0) = g.op("ScatterNd",
                    {g.input_value(1), g.output_grad(0), g.shape_of(g.input_value(0))});
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
