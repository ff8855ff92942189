#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

void check_indices(const Shape& data, const Shape& indices, int axis) {
  check(data.rank() == indices.rank(), Code::kInvalidArgument,
        "indices must have the rank of data, ", data.rank(), ", got ", indices);
  for (int i = 0; i < data.rank(); ++i) {
    check(i == axis || data[i] == kUnknownDim || indices[i] == kUnknownDim || indices[i] <= data[i],
          Code::kInvalidArgument, "dim ", i, " of indices is ", indices[i],
          ", expected at most that of data, ", data[i]);
  }
}

void check_shapes(const ShapeContext& c) {
  if (!c.input(0).has_rank() || !c.input(1).has_rank()) return;
  check(c.input(0).rank() > 0, Code::kInvalidArgument, "data must be at least a vector");
  check_indices(c.input(0), c.input(1), normal_axis(c.attrs().integer("axis"), c.input(0).rank()));
}

// The element of data that belongs to each element of indices.
std::vector<std::int64_t> element_offsets(const OpContext& c) {
  const Tensor &data = c.input(0), &indices = c.input(1);
  const int axis = normal_axis(c.attrs().integer("axis"), data.rank());
  check_indices(data.shape(), indices.shape(), axis);
  std::vector<std::int64_t> offsets = copied_indices(indices);
  const auto steps = data.shape().strides();
  const std::int64_t dim = data.dim(axis), step = steps[static_cast<std::size_t>(axis)];
  std::array<std::int64_t, kMaxRank> at{};
  std::int64_t base = 0;
  for (std::size_t n = 0; n < offsets.size(); ++n) {
    std::int64_t& offset = offsets[n];
    check(offset >= -dim && offset < dim, Code::kInvalidArgument, "indices[", n, "] = ", offset,
          " is not in [", -dim, ", ", dim, ")");
    offset = base + (offset < 0 ? offset + dim : offset) * step;
    for (int i = data.rank() - 1; i >= 0; --i) {
      const auto k = static_cast<std::size_t>(i);
      const std::int64_t move = i == axis ? 0 : steps[k];
      base += move;
      if (++at[k] < indices.dim(i)) break;
      base -= at[k] * move;
      at[k] = 0;
    }
  }
  return offsets;
}

void gather_kernel(OpContext& c) {
  Tensor& y = c.allocate_output(0, c.input(1).shape());
  if (y.size() > 0) gather(c, y, c.input(0), element_offsets(c), 1);
}

void scatter_shape(ShapeContext& c) {
  check_shapes(c);
  check(compatible(c.input(1), c.input(2)), Code::kInvalidArgument, "updates has shape ",
        c.input(2), ", expected that of indices, ", c.input(1));
  c.set_output(0, c.input(0));
}

Combine reduction_of(const Attrs& attrs) {
  const std::string& name = attrs.string("reduction");
  if (name == "add") return Combine::kAdd;
  if (name == "mul") return Combine::kMultiply;
  if (name == "min") return Combine::kMin;
  return name == "max" ? Combine::kMax : Combine::kReplace;
}

void scatter_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &updates = c.input(2);
  check(updates.shape() == c.input(1).shape(), Code::kInvalidArgument, "updates has shape ",
        updates.shape(), ", expected that of indices, ", c.input(1).shape());
  const auto offsets = updates.size() > 0 ? element_offsets(c) : std::vector<std::int64_t>();
  Tensor& y = c.allocate_output(0, x.shape());
  if (y.raw() != x.raw()) copy_elements(c, x.dtype(), y.raw(), x.raw(), x.size());
  scatter(c, reduction_of(c.attrs()), y, offsets, updates, 1);
}

AttrMap axis_of(GradientContext& g) { return {{"axis", g.attrs().integer("axis")}}; }

void gather_gradient(GradientContext& g) {
  const Output zeros = g.op("ZerosLike", {g.input_value(0)});
  AttrMap attrs = axis_of(g);
  attrs.emplace_back("reduction", std::string("add"));
  g.input(0) = g.op("ScatterElements", {zeros, g.input_value(1), g.output_grad(0)}, attrs);
}

void scatter_gradient(GradientContext& g) {
  const Combine op = reduction_of(g.attrs());
  check(op == Combine::kReplace || op == Combine::kAdd, Code::kUnimplemented,
        "No gradient defined for ScatterElements with reduction ", g.attrs().string("reduction"));
  const Output dy = g.output_grad(0), indices = g.input_value(1);
  g.input(0) = dy;
  if (op == Combine::kReplace) {
    const Output zeros = g.op("ZerosLike", {g.input_value(2)});
    g.input(0) = g.op("ScatterElements", {dy, indices, zeros}, axis_of(g));
  }
  g.input(2) = g.op("GatherElements", {dy, indices}, axis_of(g));
}

}  // namespace

OP(GatherElements)
    .doc("For each element of indices, the element of data at the same place but for axis, where "
         "the index stands: along axis 0 of 2 dims, data[indices[i, j], j]. indices has the rank "
         "of data and no larger dims but along axis. Indices in [-dim, dim).")
    .input("data: T").input("indices: Tindices").output("output: T")
    .attr("T: any").attr("Tindices: int32|int64").attr("axis: int = 0")
    .shape([](ShapeContext& c) {
      check_shapes(c);
      c.set_output(0, c.input(1));
    })
    .gradient(gather_gradient)
    .kernel(Device::kCpu, gather_kernel);

OP(ScatterElements)
    .doc("data with each element of updates put at its own place but for axis, where the element "
         "of indices stands: along axis 0 of 2 dims, data[indices[i, j], j] = updates[i, j]. With "
         "a reduction, combined with what is there, in order. Indices in [-dim, dim).")
    .input("data: T").input("indices: Tindices").input("updates: T").output("output: T")
    .attr("T: any").attr("Tindices: int32|int64").attr("axis: int = 0")
    .attr("reduction: {none, add, mul, min, max} = none")
    .shape(scatter_shape)
    .gradient(scatter_gradient)
    .in_place(0, 0)
    .kernel(Device::kCpu, scatter_kernel);

}  // namespace tw
