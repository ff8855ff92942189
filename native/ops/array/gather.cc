#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

// How params [batch, outer, dim, inner] and indices [batch, count] give
// [batch, outer, count, inner].
struct GatherDims {
  int axis, batch_dims;
  std::int64_t batch, outer, dim, inner, count;
  Shape result;
};

struct GatherAxes {
  int axis, batch_dims;
};

GatherAxes axes_of(const Shape& params, const Shape& indices, std::int64_t axis,
                   std::int64_t batch) {
  check(params.rank() > 0, Code::kInvalidArgument, "params must be at least 1 dimensional");
  const int a = normal_axis(axis, params.rank());
  const std::int64_t b = batch < 0 ? batch + indices.rank() : batch;
  check(b >= 0 && b <= indices.rank() && b <= a, Code::kInvalidArgument,
        "batch_dims must be at most the rank of indices, ", indices.rank(), ", and axis, ", a,
        "; got ", batch);
  return {a, static_cast<int>(b)};
}

Shape gathered(const Shape& params, const Shape& indices, GatherAxes at) {
  merge(part_of(params, 0, at.batch_dims), part_of(indices, 0, at.batch_dims));
  const Shape middle = part_of(indices, at.batch_dims, indices.rank());
  return join(join(part_of(params, 0, at.axis), middle),
              part_of(params, at.axis + 1, params.rank()));
}

void gather_shape(ShapeContext& c) {
  const Shape &params = c.with_rank_at_least(0, 1), &indices = c.input(1);
  const auto axis = c.scalar(2);
  if (!params.has_rank() || !indices.has_rank()) return c.set_output(0, Shape::unknown());
  const std::int64_t batch = c.attrs().integer("batch_dims");
  if (!axis) {
    const std::int64_t b = batch < 0 ? batch + indices.rank() : batch;
    const int rank = params.rank() - 1 + indices.rank() - static_cast<int>(b);
    return c.set_output(0, Shape::unknown_dims(rank));
  }
  c.set_output(0, gathered(params, indices, axes_of(params, indices, *axis, batch)));
}

void gather_value(ShapeContext& c) {
  const auto values = small_values(c, 0);
  const auto indices = known_values(c, 1);
  if (!values || !indices || c.input(0).rank() != 1 || c.input(1).rank() > 1) return;
  PartialValue taken;
  for (std::int64_t index : *indices) {
    if (index < 0 || index >= static_cast<std::int64_t>(values->size())) return;
    taken.push_back((*values)[static_cast<std::size_t>(index)]);
  }
  c.set_value(0, std::move(taken));
}

GatherDims dims_of(const Shape& params, const Tensor& indices, std::int64_t axis,
                   std::int64_t batch) {
  const GatherAxes at = axes_of(params, indices.shape(), axis, batch);
  GatherDims d{at.axis, at.batch_dims, 1, 1, 1, 1, 1, gathered(params, indices.shape(), at)};
  d.batch = params.size(0, at.batch_dims);
  d.outer = params.size(at.batch_dims, at.axis);
  d.dim = params[at.axis];
  d.inner = params.size(at.axis + 1, params.rank());
  d.count = indices.shape().size(at.batch_dims, indices.rank());
  return d;
}

// The coordinates of an element by its row-major index: "1,0".
std::string place(const Shape& shape, std::int64_t index) {
  std::string found;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    const std::string at = std::to_string(index % shape[axis]);
    found = found.empty() ? at : at + "," + found;
    index /= shape[axis];
  }
  return found;
}

// The element at which each row begins, for rows [batch, outer, count].
std::vector<std::int64_t> row_offsets(const Tensor& indices, const GatherDims& d) {
  const std::vector<std::int64_t> values = copied_indices(indices);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= 0 && values[i] < d.dim) continue;
    fail(Code::kInvalidArgument, "indices[", place(indices.shape(), static_cast<std::int64_t>(i)),
         "] = ", values[i], " is not in [0, ", d.dim, ")");
  }
  std::vector<std::int64_t> offsets;
  offsets.reserve(static_cast<std::size_t>(d.batch * d.outer * d.count));
  for (std::int64_t b = 0; b < d.batch; ++b) {
    for (std::int64_t o = 0; o < d.outer; ++o) {
      const std::int64_t base = (b * d.outer + o) * d.dim * d.inner;
      for (std::int64_t n = 0; n < d.count; ++n) {
        offsets.push_back(base + values[static_cast<std::size_t>(b * d.count + n)] * d.inner);
      }
    }
  }
  return offsets;
}

void gather_kernel(OpContext& c) {
  const Tensor& params = c.input(0);
  const GatherDims d = dims_of(params.shape(), c.input(1), index_scalar(c.input(2), "axis"),
                               c.attrs().integer("batch_dims"));
  Tensor& y = c.allocate_output(0, d.result);
  if (y.size() > 0) gather(c, y, params, row_offsets(c.input(1), d), d.inner);
}

// Along axis 0 the gradient is slices of rows, which optimizers look for.
bool gives_slices(GradientContext& g) {
  const Tensor* given = g.graph().constant_value(g.input_value(2));
  if (given == nullptr || g.attrs().integer("batch_dims") != 0) return false;
  const std::int64_t axis = index_scalar(*given, "axis");
  const Shape& params = g.info(g.input_value(0)).shape;
  return axis == 0 || (params.has_rank() && axis == -params.rank());
}

void gather_gradient(GradientContext& g) {
  g.input(0) = g.op("GatherV2Grad", {g.shape_of(g.input_value(0)), g.input_value(1),
                                     g.input_value(2), g.output_grad(0)},
                    {{"batch_dims", g.attrs().integer("batch_dims")},
                     {"_slices", gives_slices(g)}});
}

void grad_kernel(OpContext& c) {
  const Shape shape = shape_of_dims(index_list(c.input(0), "shape"), "shape");
  const GatherDims d = dims_of(shape, c.input(1), index_scalar(c.input(2), "axis"),
                               c.attrs().integer("batch_dims"));
  const Tensor& dy = c.input(3);
  check(dy.shape() == d.result, Code::kInvalidArgument, "expected dy of shape ", d.result, ", got ",
        dy.shape());
  Tensor& dx = c.allocate_output(0, shape);
  fill_elements(c, dx.dtype(), dx.raw(), dx.size(), nullptr);
  if (dy.size() > 0) scatter(c, Combine::kAdd, dx, row_offsets(c.input(1), d), dy, d.inner);
}

}  // namespace

OP(GatherV2)
    .doc("The slices of params along axis that indices name: params[..., indices, ...]. With "
         "batch_dims, the first dims of params and indices are the same and each index looks into "
         "its own batch. An index outside [0, dim) is an error.")
    .api("gather")
    .input("params: Tparams").input("indices: Tindices").input("axis: Taxis")
    .output("output: Tparams")
    .attr("Tparams: any").attr("Tindices: int32|int64").attr("Taxis: int32|int64")
    .attr("batch_dims: int = 0")
    .shape(gather_shape).value(gather_value)
    .gradient(gather_gradient)
    .kernel(Device::kCpu, gather_kernel);

OP(GatherV2Grad)
    .doc("Adds the slices of dy into zeros of the given shape, where GatherV2 read them.")
    .internal()
    .input("shape: Tshape").input("indices: Tindices").input("axis: Taxis").input("dy: T")
    .output("dx: T")
    .attr("T: numeric|complex64|complex128").attr("Tshape: int32|int64")
    .attr("Tindices: int32|int64").attr("Taxis: int32|int64").attr("batch_dims: int = 0")
    .attr("_slices: bool = false")
    .shape([](ShapeContext& c) { c.set_output(0, c.shape_from(0)); })
    .gradient([](GradientContext& g) {
      g.input(3) = g.op("GatherV2", {g.output_grad(0), g.input_value(1), g.input_value(2)},
                        {{"batch_dims", g.attrs().integer("batch_dims")}});
    })
    .kernel(Device::kCpu, grad_kernel);

}  // namespace tw
