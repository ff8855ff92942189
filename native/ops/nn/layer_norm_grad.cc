#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/normalize_grad.h"
#include "ops/math/rules.h"
#include "ops/nn/norm_gradient.h"

namespace tw {
namespace {

using namespace rules;

constexpr std::int64_t kTaskElements = 16384, kMostRows = 128;

Shape scale_shape(const Shape& x, int axis, const Shape* scale) {
  return scale != nullptr ? *scale : Shape(x.dims().subspan(static_cast<std::size_t>(axis)));
}

void grad_shape(ShapeContext& c) {
  const Shape x = merge(c.input(0), c.input(1));
  c.set_output(0, x);
  const bool known = c.has_input(2) || x.has_rank();
  const int axis = x.has_rank() ? normal_axis(c.attrs().integer("axis"), x.rank()) : 0;
  const Shape scale =
      known ? scale_shape(x, axis, c.has_input(2) ? &c.input(2) : nullptr) : Shape::unknown();
  c.set_output(1, scale);
  c.set_output(2, scale);
}

// Partial sums of the weights' gradients lie behind one another, one pair for each task of rows.
void grad_kernel(OpContext& c) {
  const Tensor &dy = c.input(0), &x = c.input(1);
  const bool scaled = c.has_input(2);
  const int axis = normal_axis(c.attrs().integer("axis"), x.rank());
  const Shape weights = scale_shape(x.shape(), axis, scaled ? &c.input(2).shape() : nullptr);
  c.allocate_output(0, x.shape());
  c.allocate_output(1, weights);
  c.allocate_output(2, weights);
  const std::int64_t depth = x.shape().size(axis, x.rank()), rows = x.shape().size(0, axis);
  check(weights.size() == depth, Code::kInvalidArgument, "expected ", depth,
        " elements of scale, got shape ", weights);
  if (depth == 0) return;
  const DType dtype = x.dtype();
  const std::int64_t some = std::clamp<std::int64_t>(kTaskElements / depth, 1, kMostRows);
  const std::int64_t tasks = (rows + some - 1) / some;
  const std::size_t sum_bytes = dtype == DType::kFloat64 ? 8 : 4, bytes = size_of(dtype);
  const std::size_t part = static_cast<std::size_t>(depth) * sum_bytes;
  char* parts = static_cast<char*>(c.temporary(static_cast<std::size_t>(tasks) * 2 * part));
  const double epsilon = c.attrs().real("epsilon");
  const bool centred = c.attrs().flag("centred");
  c.parallel_for(tasks, [&](std::int64_t task, int) {
    const std::size_t from = static_cast<std::size_t>(task * some * depth) * bytes;
    char* sums = parts + static_cast<std::size_t>(task) * 2 * part;
    std::fill(sums, sums + 2 * part, 0);
    normalize_rows_grad(dtype, centred, static_cast<char*>(c.output(0).raw()) + from,
                        static_cast<const char*>(dy.raw()) + from,
                        static_cast<const char*>(x.raw()) + from,
                        scaled ? c.input(2).raw() : nullptr, epsilon,
                        std::min(some, rows - task * some), depth, sums, sums + part);
  });
  const std::int64_t columns = 1024;
  c.parallel_for(2 * ((depth + columns - 1) / columns), [&](std::int64_t task, int) {
    const std::int64_t first = task / 2 * columns, offset = task % 2;
    add_parts(dtype, c.output(1 + static_cast<int>(offset)).raw(),
              parts + static_cast<std::size_t>(offset) * part, tasks, 2 * depth, first,
              std::min(first + columns, depth));
  });
}

Output mean(GradientContext& g, Output v, Output axes) {
  return g.op("Mean", {v, axes}, {{"keep_dims", true}});
}

// What flows back into the normalised rows, the incoming gradient and the scale from that of dx.
// With P(d) = inverse (d - mean(d) - v mean(d v)), which is its own transpose, dx = P(g).
struct Flows {
  Output dy, x, scale, value;
};
Flows flows_of_dx(GradientContext& g, const Normal& normal, Output dy, Output scaled) {
  const Output u = g.output_grad(0), v = normal.value;
  const Output pu = through_normal(g, normal, u), s = g.input_value(2);
  Flows out;
  out.dy = s.valid() ? mul(g, pu, s) : pu;
  if (s.valid()) out.scale = g.sum_to(mul(g, pu, dy), s);
  const Output own = mul(g, u, mean(g, mul(g, scaled, v), normal.axes));
  const Output other = mul(g, scaled, mean(g, mul(g, u, v), normal.axes));
  out.value = neg(g, mul(g, normal.inverse, add(g, own, other)));
  const Output through_root = mean(g, mul(g, u, g.output_value(0)), normal.axes);
  out.x = neg(g, mul(g, mul(g, normal.inverse, v), through_root));
  return out;
}

Output plus(GradientContext& g, Output a, Output b) {
  return !a.valid() ? b : !b.valid() ? a : add(g, a, b);
}

void second_gradient(GradientContext& g) {
  const Output dy = g.input_value(0), x = g.input_value(1), s = g.input_value(2);
  const Normal normal = normal_of(g, x, g.int_vector(norm_axes(g, x)), g.attrs().real("epsilon"),
                                  g.attrs().flag("centred"));
  Flows flows;
  if (g.has_output_grad(0)) {
    flows = flows_of_dx(g, normal, dy, s.valid() ? mul(g, dy, s) : dy);
  }
  if (g.has_output_grad(1)) {
    const Output v = g.output_grad(1);
    flows.dy = plus(g, flows.dy, mul(g, normal.value, v));
    flows.value = plus(g, flows.value, mul(g, dy, v));
  }
  if (g.has_output_grad(2)) {
    const Output along = g.op("BroadcastTo", {g.output_grad(2), g.shape_of(x)});
    flows.dy = plus(g, flows.dy, along);
  }
  g.input(0) = flows.dy;
  if (flows.value.valid()) g.input(1) = plus(g, flows.x, through_normal(g, normal, flows.value));
  g.input(2) = flows.scale;
}

}  // namespace

OP(LayerNormGrad)
    .doc("The gradients of the input, the scale and the offset of LayerNorm, or of RmsNorm when not\n"
         "`centred`, from that of the output. Sums over up to 128 rows are in float, those of these\n"
         "in double; float64 in its own dtype.")
    .internal()
    .input("dy: T").input("x: T").input("scale?: T")
    .output("dx: T").output("dscale: T").output("doffset: T")
    .attr("T: floating").attr("axis: int = -1").attr("epsilon: float = 0.00001")
    .attr("centred: bool = true")
    .shape(grad_shape)
    .in_place(0, 0)
    .gradient(second_gradient)
    .kernel(Device::kCpu, grad_kernel);

}  // namespace tw
