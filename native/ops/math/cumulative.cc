#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/scan.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

using namespace rules;

void cumulative_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  if (const auto axis = c.scalar(1); axis && x.has_rank()) normal_axis(*axis, x.rank());
  c.set_output(0, x);
}

Lines lines_along(const Shape& x, int axis) {
  return {x.size(0, axis), x[axis], x.size(axis + 1, x.rank())};
}

template <class Fn>
void each_group(OpContext& c, const Lines& lines, const Fn& fn) {
  const std::int64_t count = lines.outer * lines.inner, group = lines.group();
  c.parallel_for((count + group - 1) / group, [&](std::int64_t task, int) {
    fn(task * group, std::min(count, (task + 1) * group));
  });
}

template <Scan kind>
void cumulative_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &y = c.output(0);
  const int axis = normal_axis(c.input(1).to_int64s().front(), x.rank());
  const Lines lines = lines_along(x.shape(), axis);
  if (x.size() == 0) return;
  const bool exclusive = c.attrs().flag("exclusive"), reverse = c.attrs().flag("reverse");
  each_group(c, lines, [&](std::int64_t first, std::int64_t last) {
    cumulate(kind, x.dtype(), lines, x.raw(), y.raw(), exclusive, reverse, first, last);
  });
}

void sum_gradient(GradientContext& g) {
  const AttrMap attrs = {{"exclusive", g.attrs().flag("exclusive")},
                         {"reverse", !g.attrs().flag("reverse")}};
  g.input(0) = g.op("Cumsum", {g.output_grad(0), g.input_value(1)}, attrs);
}

// dx[i] is the product of what comes before times the sum over the later j of dy[j] times the
// product of what lies between: no quotient, so that zeros, and derivatives of this, come out right.
void prod_gradient(GradientContext& g) {
  const Output x = g.input_value(0), axis = g.input_value(1);
  const bool exclusive = g.attrs().flag("exclusive"), reverse = g.attrs().flag("reverse");
  const AttrMap before = {{"exclusive", true}, {"reverse", reverse}};
  const AttrMap backwards = {{"reverse", !reverse}};
  const Output earlier = exclusive ? g.output_value(0) : g.op("Cumprod", {x, axis}, before);
  const Output own = exclusive ? dy(g) : mul(g, x, dy(g));
  const Output later = g.op("LinearScan", {x, own, axis}, backwards);
  g.input(0) = mul(g, earlier, exclusive ? later : add(g, dy(g), later));
}

void linear_kernel(OpContext& c) {
  const Tensor &a = c.input(0), &b = c.input(1), &z = c.output(0);
  const int axis = normal_axis(c.input(2).to_int64s().front(), a.rank());
  const Lines lines = lines_along(a.shape(), axis);
  if (a.size() == 0) return;
  const bool reverse = c.attrs().flag("reverse");
  each_group(c, lines, [&](std::int64_t first, std::int64_t last) {
    linear_scan(a.dtype(), lines, a.raw(), b.raw(), z.raw(), reverse, first, last);
  });
}

void linear_shape(ShapeContext& c) { c.set_output(0, merge(c.input(0), c.input(1))); }

// What reaches z[i + 1], from the end: w[i] = dz[i + 1] + a[i + 1] w[i + 1].
void linear_gradient(GradientContext& g) {
  const AttrMap backwards = {{"reverse", !g.attrs().flag("reverse")}};
  const Output w = g.op("LinearScan", {g.input_value(0), dy(g), g.input_value(2)}, backwards);
  g.input(0) = mul(g, w, g.output_value(0));
  g.input(1) = w;
}

}  // namespace

OP(Cumsum)
    .doc("Running sums along an axis: y[i] = x[0] + ... + x[i]; `exclusive` leaves x[i] out,\n"
         "`reverse` starts from the end. float16 and bfloat16 are accumulated in float, others in\n"
         "their own dtype; integers wrap.")
    .input("x: T").input("axis: Tidx").output("out: T")
    .attr("T: numeric").attr("Tidx: int32|int64 = int32")
    .attr("exclusive: bool = false").attr("reverse: bool = false")
    .shape(cumulative_shape)
    .gradient(sum_gradient)
    .kernel(Device::kCpu, cumulative_kernel<Scan::kSum>);

OP(Cumprod)
    .doc("Running products along an axis, as cumsum.")
    .input("x: T").input("axis: Tidx").output("out: T")
    .attr("T: numeric").attr("Tidx: int32|int64 = int32")
    .attr("exclusive: bool = false").attr("reverse: bool = false")
    .shape(cumulative_shape)
    .gradient(prod_gradient)
    .kernel(Device::kCpu, cumulative_kernel<Scan::kProd>);

OP(LinearScan)
    .doc("z[0] = 0 and z[i + 1] = b[i] + a[i] z[i] along an axis; `reverse` starts from the end.\n"
         "float16 and bfloat16 are accumulated in float.")
    .internal()
    .input("a: T").input("b: T").input("axis: Tidx").output("z: T")
    .attr("T: floating").attr("Tidx: int32|int64 = int32").attr("reverse: bool = false")
    .shape(linear_shape)
    .gradient(linear_gradient)
    .kernel(Device::kCpu, linear_kernel);

}  // namespace tw
