#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/normalize.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

using namespace rules;

constexpr std::int64_t kTaskElements = 16384;

void norm_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 1);
  if (x.has_rank()) {
    const int axis = normal_axis(c.attrs().integer("axis"), x.rank());
    const Shape inner(x.dims().subspan(static_cast<std::size_t>(axis)));
    for (int i = 1; i < c.inputs(); ++i) {
      if (c.has_input(i)) merge(inner, c.input(i));
    }
  }
  c.set_output(0, x);
}

template <bool centred>
void norm_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() > 0, Code::kInvalidArgument, "Shape must be at least rank 1 but is rank 0");
  const Tensor& y = c.allocate_output(0, x.shape());
  const int axis = normal_axis(c.attrs().integer("axis"), x.rank());
  const std::int64_t depth = x.shape().size(axis, x.rank()), rows = x.shape().size(0, axis);
  const void* weights[2] = {};
  for (int i = 1; i < c.inputs(); ++i) {
    if (!c.has_input(i)) continue;
    check(c.input(i).size() == depth, Code::kInvalidArgument, "expected ", depth,
          " elements of scale or offset, got shape ", c.input(i).shape());
    weights[i - 1] = c.input(i).raw();
  }
  if (y.size() == 0) return;
  const double epsilon = c.attrs().real("epsilon");
  const std::size_t bytes = size_of(x.dtype());
  const std::int64_t some = std::max<std::int64_t>(1, kTaskElements / depth);
  c.parallel_for((rows + some - 1) / some, [&](std::int64_t task, int) {
    const std::size_t from = static_cast<std::size_t>(task * some * depth) * bytes;
    normalize_rows(x.dtype(), centred, static_cast<char*>(y.raw()) + from,
                   static_cast<const char*>(x.raw()) + from, weights[0], weights[1], epsilon,
                   std::min(some, rows - task * some), depth);
  });
}

// A gradient of the output for each of those that are given.
void norm_gradient(GradientContext& g, bool centred) {
  const Output x = g.input_value(0), scale = g.input_value(1), offset = g.input_value(2);
  const Output dx = g.op("LayerNormGrad", {dy(g), x, scale},
                         {{"axis", g.attrs().integer("axis")},
                          {"epsilon", g.attrs().real("epsilon")},
                          {"centred", centred}});
  g.input(0) = dx;
  if (scale.valid()) g.input(1) = {dx.node, 1};
  if (offset.valid()) g.input(2) = g.sum_to({dx.node, 2}, offset);
}

}  // namespace

OP(LayerNorm)
    .doc("(x - mean) / sqrt(variance + epsilon) * scale + offset, with the mean and variance over\n"
         "the dims from axis on; scale and offset have the shape of those dims.")
    .input("x: T").input("scale?: T").input("offset?: T").output("y: T")
    .attr("T: floating").attr("axis: int = -1").attr("epsilon: float = 0.00001")
    .shape(norm_shape)
    .in_place(0, 0)
    .gradient([](GradientContext& g) { norm_gradient(g, true); })
    .kernel(Device::kCpu, norm_kernel<true>);

OP(RmsNorm)
    .doc("x / sqrt(mean of x^2 + epsilon) * scale, with the mean over the dims from axis on;\n"
         "scale has the shape of those dims.")
    .input("x: T").input("scale?: T").output("y: T")
    .attr("T: floating").attr("axis: int = -1").attr("epsilon: float = 0.00001")
    .shape(norm_shape)
    .in_place(0, 0)
    .gradient([](GradientContext& g) { norm_gradient(g, false); })
    .kernel(Device::kCpu, norm_kernel<false>);

}  // namespace tw
