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

template <Scan kind>
void cumulative_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &y = c.output(0);
  const int axis = normal_axis(c.input(1).to_int64s().front(), x.rank());
  const Lines lines{x.shape().size(0, axis), x.dim(axis), x.shape().size(axis + 1, x.rank())};
  if (x.size() == 0) return;
  const bool exclusive = c.attrs().flag("exclusive"), reverse = c.attrs().flag("reverse");
  const std::int64_t count = lines.outer * lines.inner, group = lines.group();
  c.parallel_for((count + group - 1) / group, [&](std::int64_t task, int) {
    const std::int64_t first = task * group, last = std::min(count, first + group);
    cumulate(kind, x.dtype(), lines, x.raw(), y.raw(), exclusive, reverse, first, last);
  });
}

void sum_gradient(GradientContext& g) {
  const AttrMap attrs = {{"exclusive", g.attrs().flag("exclusive")},
                         {"reverse", !g.attrs().flag("reverse")}};
  g.input(0) = g.op("Cumsum", {g.output_grad(0), g.input_value(1)}, attrs);
}

// dx[i] is the sum over the later j of dy[j] y[j] / x[i]. At the first zero of a line the quotient
// is taken with that zero replaced by 1; beyond it every y[j] is 0.
void prod_gradient(GradientContext& g) {
  const Output x = g.input_value(0), axis = g.input_value(1);
  const bool exclusive = g.attrs().flag("exclusive"), reverse = g.attrs().flag("reverse");
  const AttrMap same = {{"exclusive", exclusive}, {"reverse", reverse}};
  const auto later_sums = [&](Output y) {
    return g.op("Cumsum", {mul(g, dy(g), y), axis},
                {{"exclusive", exclusive}, {"reverse", !reverse}});
  };
  const Output zero = g.scalar_like(0, x), one = g.scalar_like(1, x);
  const Output is_zero = g.op("Equal", {x, zero});
  const Output marks = g.op("Cast", {is_zero}, {{"DstT", g.info(x).dtype}});
  const Output before = g.op("Cumsum", {marks, axis}, {{"exclusive", true}, {"reverse", reverse}});
  const Output first = g.op("LogicalAnd", {is_zero, g.op("Equal", {before, zero})});
  const Output patched = g.op("Cumprod", {g.op("SelectV2", {first, one, x}), axis}, same);
  const Output quotient = g.op("DivNoNan", {later_sums(g.output_value(0)), x});
  g.input(0) = g.op("SelectV2", {first, later_sums(patched), quotient});
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

}  // namespace tw
