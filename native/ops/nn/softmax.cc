#include "kernels/softmax.h"

#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "graph/shape_context.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

using namespace rules;

constexpr std::int64_t kTaskElements = 16384;

void softmax_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 1);
  if (x.has_rank()) normal_axis(c.attrs().integer("axis"), x.rank());
  c.set_output(0, x);
}

template <bool logarithm>
void softmax_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() > 0, Code::kInvalidArgument, "Shape must be at least rank 1 but is rank 0");
  const Tensor& y = c.allocate_output(0, x.shape());
  if (y.size() == 0) return;
  const int axis = normal_axis(c.attrs().integer("axis"), x.rank());
  const std::int64_t depth = x.dim(axis), inner = x.shape().size(axis + 1, x.rank());
  const std::int64_t outer = x.shape().size(0, axis);
  const std::size_t bytes = size_of(x.dtype());
  const auto at = [&](const Tensor& t, std::int64_t element) {
    return static_cast<char*>(t.raw()) + static_cast<std::size_t>(element) * bytes;
  };
  if (inner == 1) {
    const std::int64_t rows = std::max<std::int64_t>(1, kTaskElements / depth);
    c.parallel_for((outer + rows - 1) / rows, [&](std::int64_t task, int) {
      const std::int64_t begin = task * rows, count = std::min(rows, outer - begin);
      softmax_rows(x.dtype(), logarithm, at(y, begin * depth), at(x, begin * depth), count, depth);
    });
    return;
  }
  constexpr std::int64_t kColumns = 256;
  const std::int64_t pieces = (inner + kColumns - 1) / kColumns;
  c.parallel_for(outer * pieces, [&](std::int64_t task, int) {
    const std::int64_t slab = task / pieces * depth * inner, begin = task % pieces * kColumns;
    softmax_columns(x.dtype(), logarithm, at(y, slab), at(x, slab), depth, inner, begin,
                    std::min(inner, begin + kColumns));
  });
}

bool permute_softmax(PermuteContext& c) {
  const Shape& shape = c.shape(0);
  // Sums along rows and down columns round otherwise.
  if (c.strict() || !shape.has_rank()) return false;
  const int axis = normal_axis(c.attrs().integer("axis"), shape.rank());
  c.set_attr("axis", std::int64_t(c.new_axis(axis)));
  c.permute_input(0);
  return true;
}

Output sum_along(GradientContext& g, Output x) {
  const Output axis = g.int_vector({g.attrs().integer("axis")});
  return g.op("Sum", {x, axis}, {{"keep_dims", true}});
}

}  // namespace

OP(Softmax)
    .doc("e^x over its sum along an axis, the last one by default.")
    .input("logits: T").output("softmax: T").attr("T: floating").attr("axis: int = -1")
    .shape(softmax_shape)
    .in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output y = g.output_value(0);
      g.input(0) = mul(g, sub(g, dy(g), sum_along(g, mul(g, dy(g), y))), y);
    })
    .permute(permute_softmax)
    .kernel(Device::kCpu, softmax_kernel<false>);

OP(LogSoftmax)
    .doc("x minus the logarithm of the sum of e^x along an axis, the last one by default.")
    .input("logits: T").output("logsoftmax: T").attr("T: floating").attr("axis: int = -1")
    .shape(softmax_shape)
    .in_place(0, 0)
    .gradient([](GradientContext& g) {
      const Output p = g.op("Exp", {g.output_value(0)});
      g.input(0) = sub(g, dy(g), mul(g, p, sum_along(g, dy(g))));
    })
    .permute(permute_softmax)
    .kernel(Device::kCpu, softmax_kernel<true>);

}  // namespace tw
