#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/nn/moments.h"

namespace tw {
namespace {

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

}  // namespace

OP(GroupNorm)
    .doc("Normalises each group of channels of each image by its own mean and variance, then\n"
         "scales and shifts each channel.")
    .input("x: T").input("scale?: T").input("offset?: T").output("y: T")
    .attr("T: floating").attr("groups: int >= 1").attr("epsilon: float = 0.00001")
    .attr("data_format: {channels_last, channels_first} = channels_last")
    .shape(group_norm_shape)
    .no_gradient("pending")
    .kernel(Device::kCpu, [](OpContext& c) { run_group_norm(c, c.attrs().integer("groups")); });

OP(InstanceNorm)
    .doc("Normalises each channel of each image by its own mean and variance, then scales and\n"
         "shifts it.")
    .input("x: T").input("scale?: T").input("offset?: T").output("y: T")
    .attr("T: floating").attr("epsilon: float = 0.00001")
    .attr("data_format: {channels_last, channels_first} = channels_last")
    .shape(group_norm_shape)
    .no_gradient("pending")
    .kernel(Device::kCpu, [](OpContext& c) { run_group_norm(c, 0); });

}  // namespace tw
