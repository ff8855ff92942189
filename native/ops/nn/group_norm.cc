#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/rules.h"
#include "ops/nn/moments.h"
#include "ops/nn/norm_gradient.h"

namespace tw {
namespace {

using namespace rules;

bool channels_last(const Attrs& attrs) { return attrs.string("data_format") == "channels_last"; }

void group_norm_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 2);
  if (x.has_rank()) {
    const Shape channels = {x[channels_last(c.attrs()) ? x.rank() - 1 : 1]};
    for (int i = 1; i < c.inputs(); ++i) {
      if (c.has_input(i)) merge(channels, c.input(i));
    }
  }
  c.set_output(0, x);
}

// x as [batch, spatial, groups, channels of a group], or [batch, groups, channels, spatial].
struct Grouped {
  Shape x, weights;
  bool reduced[4];
};
Grouped grouped(const Shape& x, bool last, std::int64_t groups) {
  const std::int64_t channels = x[last ? x.rank() - 1 : 1];
  check(groups > 0 && channels % groups == 0, Code::kInvalidArgument, channels,
        " channels do not divide into ", groups, " groups");
  const std::int64_t each = channels / groups;
  if (last) {
    const std::int64_t spatial = x.size(1, x.rank() - 1);
    return {{x[0], spatial, groups, each}, {1, 1, groups, each}, {false, true, false, true}};
  }
  const std::int64_t spatial = x.size(2, x.rank());
  return {{x[0], groups, each, spatial}, {1, groups, each, 1}, {false, false, true, true}};
}

void run_group_norm(OpContext& c, std::int64_t groups) {
  const Tensor& x = c.input(0);
  check(x.rank() >= 2, Code::kInvalidArgument, "Shape must be at least rank 2, got ", x.shape());
  const Tensor& y = c.allocate_output(0, x.shape());
  const bool last = channels_last(c.attrs());
  const std::int64_t channels = x.dim(last ? x.rank() - 1 : 1);
  if (y.size() == 0) return;
  const Grouped shapes = grouped(x.shape(), last, groups == 0 ? channels : groups);
  Tensor weights[2];
  for (int i = 1; i < c.inputs(); ++i) {
    if (!c.has_input(i)) continue;
    check(c.input(i).size() == channels, Code::kInvalidArgument, "expected ", channels,
          " elements of scale or offset, got shape ", c.input(i).shape());
    weights[i - 1] = c.input(i).reshaped(shapes.weights);
  }
  const Tensor view = x.reshaped(shapes.x);
  normalize(c, view, moments(c, view, shapes.reduced), weights[0], weights[1],
            c.attrs().real("epsilon"), y.reshaped(shapes.x));
}

// The product of some dims of a shape, as a vector of one.
Output size_from(GradientContext& g, Output shape, std::int64_t begin, std::int64_t count) {
  const Output part = g.op("Slice", {shape, g.int_vector({begin}), g.int_vector({count})});
  return g.op("Prod", {part, g.int_vector({0})}, {{"keep_dims", true}});
}

// The shapes of Grouped as values, the axes of a group and the axes of one channel.
struct GroupedValues {
  Output x, weights, axes, others;
};
GroupedValues grouped_values(GradientContext& g, std::int64_t groups) {
  const Output x = g.input_value(0), shape = g.shape_of(x);
  const bool last = channels_last(g.attrs());
  const int rank = g.info(x).shape.rank();
  check(rank >= 2, Code::kUnimplemented, "the gradient needs the rank of x");
  const Output batch = size_from(g, shape, 0, 1);
  const Output channels = size_from(g, shape, last ? rank - 1 : 1, 1);
  const Output spatial = size_from(g, shape, last ? 1 : 2, rank - 2);
  const Output one = g.int_vector({1}), axis = g.scalar_like(0, shape);
  const Output parts = groups == 0 ? channels : g.int_vector({groups});
  const Output each = g.op("TruncateDiv", {channels, parts});
  const auto join = [&](std::vector<Output> dims) {
    dims.push_back(axis);
    return g.op("ConcatV2", dims);
  };
  if (last) {
    return {join({batch, spatial, parts, each}), join({one, one, parts, each}),
            g.int_vector({1, 3}), g.int_vector({0, 1})};
  }
  return {join({batch, parts, each, spatial}), join({one, parts, each, one}),
          g.int_vector({2, 3}), g.int_vector({0, 3})};
}

void group_norm_gradient(GradientContext& g, std::int64_t groups) {
  const DType narrow = g.info(g.input_value(0)).dtype;
  const DType wide = narrow == DType::kFloat64 ? narrow : DType::kFloat32;
  const GroupedValues shapes = grouped_values(g, groups);
  const auto wide_as = [&](Output v, Output shape) {
    return g.op("Reshape", {in_type(g, v, wide), shape});
  };
  const auto back = [&](Output v, Output like) {
    return in_type(g, g.op("Reshape", {v, g.shape_of(like)}), narrow);
  };
  const Output d = wide_as(dy(g), shapes.x);
  const Normal normal = normal_of(g, wide_as(g.input_value(0), shapes.x), shapes.axes,
                                  g.attrs().real("epsilon"), true);
  const Output scale = g.input_value(1), offset = g.input_value(2);
  Output s = d;
  if (scale.valid()) {
    s = mul(g, d, wide_as(scale, shapes.weights));
    g.input(1) = back(g.op("Sum", {mul(g, d, normal.value), shapes.others}), scale);
  }
  if (offset.valid()) g.input(2) = back(g.op("Sum", {d, shapes.others}), offset);
  g.input(0) = back(through_normal(g, normal, s), g.input_value(0));
}

}  // namespace

OP(GroupNorm)
    .doc("Normalises each group of channels of each image by its own mean and variance, then\n"
         "scales and shifts each channel.")
    .input("x: T").input("scale?: T").input("offset?: T").output("y: T")
    .attr("T: floating").attr("groups: int >= 1").attr("epsilon: float = 0.00001")
    .attr("data_format: {channels_last, channels_first} = channels_last")
    .shape(group_norm_shape)
    .gradient([](GradientContext& g) { group_norm_gradient(g, g.attrs().integer("groups")); })
    .kernel(Device::kCpu, [](OpContext& c) { run_group_norm(c, c.attrs().integer("groups")); });

OP(InstanceNorm)
    .doc("Normalises each channel of each image by its own mean and variance, then scales and\n"
         "shifts it.")
    .input("x: T").input("scale?: T").input("offset?: T").output("y: T")
    .attr("T: floating").attr("epsilon: float = 0.00001")
    .attr("data_format: {channels_last, channels_first} = channels_last")
    .shape(group_norm_shape)
    .gradient([](GradientContext& g) { group_norm_gradient(g, 0); })
    .kernel(Device::kCpu, [](OpContext& c) { run_group_norm(c, 0); });

}  // namespace tw
