#include "ops/math/reduce.h"

#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "graph/shape_context.h"
#include "ops/math/product_gradient.h"

namespace tw {
namespace {

// Marks the axes in `axes`, all without; throws for one outside the rank.
void mark_axes(const Tensor* axes, int rank, bool* reduced) {
  std::fill(reduced, reduced + kMaxRank, axes == nullptr);
  if (axes == nullptr) return;
  for (std::int64_t axis : axes->to_int64s()) reduced[normal_axis(axis, rank)] = true;
}

const Tensor* axes_of(OpContext& c) { return c.has_input(1) ? &c.input(1) : nullptr; }

void reduced_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const bool keep = c.attrs().flag("keep_dims");
  const Tensor* axes = c.constant(1);
  if (!c.has_input(1) && !keep) return c.set_output(0, Shape{});
  const bool known = axes != nullptr || !c.has_input(1);
  if (!x.has_rank() || (!known && !keep)) return c.set_output(0, Shape::unknown());
  if (!known) return c.set_output(0, Shape::unknown_dims(x.rank()));
  bool reduced[kMaxRank];
  mark_axes(axes, x.rank(), reduced);
  Shape shape;
  for (int i = 0; i < x.rank(); ++i) {
    if (!reduced[i]) {
      shape.push_back(x[i]);
    } else if (keep) {
      shape.push_back(1);
    }
  }
  c.set_output(0, shape);
}

template <Reduce kind>
void reduce_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  bool reduced[kMaxRank];
  mark_axes(axes_of(c), x.rank(), reduced);
  Shape shape;
  for (int i = 0; i < x.rank(); ++i) {
    if (!reduced[i]) shape.push_back(x.dim(i));
    if (reduced[i] && c.attrs().flag("keep_dims")) shape.push_back(1);
  }
  reduce_into(c, kind, x, reduced, c.allocate_output(0, shape).raw());
}

// Axes follow their dims; without keep_dims the kept dims must stay in order.
bool permute_reduction(PermuteContext& c) {
  const Tensor* axes = c.constant(1);
  if (axes == nullptr || !c.attrs().flag("keep_dims")) return false;
  std::vector<std::int64_t> moved;
  for (std::int64_t axis : axes->to_int64s()) moved.push_back(c.new_axis(axis));
  std::sort(moved.begin(), moved.end());
  const std::vector<std::int32_t> narrow(moved.begin(), moved.end());
  const bool wide = axes->dtype() == DType::kInt64;
  c.replace_input(1, wide ? Tensor::int64s(moved) : Tensor::vector(narrow));
  c.permute_input(0);
  return true;
}

// Of what rounds: other axes are summed in another order.
bool permute_sum(PermuteContext& c) {
  const bool rounds = is_floating(c.node().outputs[0].dtype) || is_complex(c.node().outputs[0].dtype);
  return !(c.strict() && rounds) && permute_reduction(c);
}

// A tensor of the reduced shape, with the reduced axes back as 1.
Output with_kept_dims(GradientContext& g, Output reduced) {
  if (g.attrs().flag("keep_dims")) return reduced;
  const Output shape = g.op("ReducedShape", {g.shape_of(g.input_value(0)), g.input_value(1)});
  return g.op("Reshape", {reduced, shape});
}

Output spread(GradientContext& g, Output reduced) {
  return g.op("BroadcastTo", {with_kept_dims(g, reduced), g.shape_of(g.input_value(0))});
}

void sum_gradient(GradientContext& g) { g.input(0) = spread(g, g.output_grad(0)); }

void mean_gradient(GradientContext& g) {
  const DType dtype = g.info(g.input_value(0)).dtype;
  const AttrMap wide = {{"out_type", DType::kInt64}};
  const Output in = g.op("Cast", {g.op("Size", {g.input_value(0)}, wide)}, {{"DstT", dtype}});
  const Output out = g.op("Cast", {g.op("Size", {g.output_value(0)}, wide)}, {{"DstT", dtype}});
  const Output share = g.op("Mul", {g.output_grad(0), g.op("RealDiv", {out, in})});
  g.input(0) = spread(g, share);
}

// Elements that tie for the extreme share its gradient.
void extreme_gradient(GradientContext& g) {
  const Output x = g.input_value(0);
  const Output hit = g.op("Equal", {x, spread(g, g.output_value(0))});
  const Output ones = g.op("Cast", {hit}, {{"DstT", g.info(x).dtype}});
  const Output ties = g.op("Sum", {ones, g.input_value(1)}, {{"keep_dims", true}});
  const Output dy = with_kept_dims(g, g.output_grad(0));
  g.input(0) = g.op("Mul", {ones, g.op("RealDiv", {dy, ties})});
}

void log_sum_exp_gradient(GradientContext& g) {
  const Output x = g.input_value(0);
  const Output y = with_kept_dims(g, g.output_value(0));
  const Output softmax = g.op("Exp", {g.op("Sub", {x, y})});
  g.input(0) = g.op("Mul", {softmax, with_kept_dims(g, g.output_grad(0))});
}

void reduced_shape_kernel(OpContext& c) {
  const std::vector<std::int64_t> dims = c.input(0).to_int64s();
  bool reduced[kMaxRank];
  mark_axes(axes_of(c), static_cast<int>(dims.size()), reduced);
  auto* out = c.output(0).mutable_data<std::int64_t>();
  for (std::size_t i = 0; i < dims.size(); ++i) out[i] = reduced[i] ? 1 : dims[i];
}

void reduced_shape_value(ShapeContext& c) {
  auto dims = c.values(0);
  const Tensor* axes = c.constant(1);
  if (!dims || (axes == nullptr && c.has_input(1))) return;
  bool reduced[kMaxRank];
  mark_axes(axes, static_cast<int>(dims->size()), reduced);
  for (std::size_t i = 0; i < dims->size(); ++i) {
    if (reduced[i]) (*dims)[i] = 1;
  }
  c.set_value(0, *dims);
}

}  // namespace

void reduce_into(OpContext& c, Reduce kind, const Tensor& x, const bool* reduced, void* y) {
  const ReduceGeometry g = reduce_geometry(x.shape().dims(), reduced);
  if (g.outputs == 0) return;
  const std::int64_t wide = std::min(g.columns, ReduceGeometry::kChunk);
  // Without a split every unit finishes on its own, in groups that are worth a task.
  if (g.parts == 1) {
    const std::int64_t work = std::max<std::int64_t>(g.count * wide, 1);
    const std::int64_t group = std::max<std::int64_t>(1, 32768 / work);
    const std::int64_t tasks = (g.units + group - 1) / group;
    c.parallel_for(tasks, [&](std::int64_t task, int) {
      ReduceState states[ReduceGeometry::kChunk];
      for (std::int64_t u = task * group; u < std::min(g.units, (task + 1) * group); ++u) {
        reduce_part(kind, x.dtype(), g, x.raw(), u, states);
        reduce_finish(kind, x.dtype(), g, u, states, 0, y);
      }
    });
    return;
  }
  auto* states = c.temporary_of<ReduceState>(g.tasks() * wide);
  c.parallel_for(g.tasks(), [&](std::int64_t task, int) {
    reduce_part(kind, x.dtype(), g, x.raw(), task, states + task * wide);
  });
  for (std::int64_t u = 0; u < g.units; ++u) {
    reduce_finish(kind, x.dtype(), g, u, states + u * g.parts * wide, wide, y);
  }
}

OP(ReducedShape)
    .doc("A shape with 1 for the axes in `axis`: what keep_dims would have left.")
    .internal()
    .input("shape: int64").input("axis?: Tidx").output("output: int64")
    .attr("Tidx: int32|int64 = int32")
    .shape(same_shape)
    .value(reduced_shape_value)
    .no_gradient("integer output")
    .kernel(Device::kCpu, reduced_shape_kernel);

OP(Sum)
    .doc("The sum over the axes in `axis`: all of them when it is left out, none for an empty\n"
         "list. Floating sums are accumulated in double between blocks of 64 elements per lane;\n"
         "integers wrap.")
    .input("input: T").input("axis?: Tidx").output("output: T")
    .attr("T: numeric").attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .gradient(sum_gradient)
    .permute(permute_sum)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kSum>);

OP(Mean)
    .doc("The mean over the axes in `axis`; NaN over no elements. Integers round towards zero.")
    .input("input: T").input("axis?: Tidx").output("output: T")
    .attr("T: numeric").attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .gradient(mean_gradient)
    .permute(permute_sum)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kMean>);

OP(Prod)
    .doc("The product over the axes in `axis`; 1 over no elements. Integers wrap.")
    .input("input: T").input("axis?: Tidx").output("output: T")
    .attr("T: numeric").attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .gradient(product_gradient)
    .permute(permute_sum)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kProd>);

OP(Min)
    .doc("The least element over the axes in `axis`; NaN where one of them is NaN. Over no\n"
         "elements the largest value of the dtype.")
    .input("input: T").input("axis?: Tidx").output("output: T")
    .attr("T: numeric").attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .gradient(extreme_gradient)
    .permute(permute_reduction)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kMin>);

OP(Max)
    .doc("The largest element over the axes in `axis`; NaN where one of them is NaN. Over no\n"
         "elements the least value of the dtype.")
    .input("input: T").input("axis?: Tidx").output("output: T")
    .attr("T: numeric").attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .gradient(extreme_gradient)
    .permute(permute_reduction)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kMax>);

OP(Any)
    .doc("Whether any element over the axes in `axis` is true; false over no elements.")
    .input("input: bool").input("axis?: Tidx").output("output: bool")
    .attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .no_gradient("bool output")
    .permute(permute_reduction)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kMax>);

OP(All)
    .doc("Whether all elements over the axes in `axis` are true; true over no elements.")
    .input("input: bool").input("axis?: Tidx").output("output: bool")
    .attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .no_gradient("bool output")
    .permute(permute_reduction)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kProd>);

OP(LogSumExp)
    .doc("log(sum(exp(x))) over the axes in `axis`, computed in double from the maximum so that\n"
         "nothing overflows; -Infinity over no elements.")
    .input("input: T").input("axis?: Tidx").output("output: T")
    .attr("T: floating").attr("Tidx: int32|int64 = int32").attr("keep_dims: bool = false")
    .shape(reduced_shape)
    .gradient(log_sum_exp_gradient)
    .permute(permute_sum)
    .kernel(Device::kCpu, reduce_kernel<Reduce::kLogSumExp>);

}  // namespace tw
