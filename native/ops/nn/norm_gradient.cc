#include "ops/nn/norm_gradient.h"

#include "ops/math/rules.h"

namespace tw {

using namespace rules;

static Output mean(GradientContext& g, Output v, Output axes) {
  return g.op("Mean", {v, axes}, {{"keep_dims", true}});
}

Normal normal_of(GradientContext& g, Output x, Output axes, double epsilon, bool centred) {
  const Output away = centred ? sub(g, x, mean(g, x, axes)) : x;
  const Output variance = mean(g, square(g, away), axes);
  const Output inverse = g.op("Rsqrt", {add(g, variance, g.scalar_like(epsilon, x))});
  return {mul(g, away, inverse), inverse, axes, centred};
}

Output through_normal(GradientContext& g, const Normal& normal, Output d) {
  const Output along = mul(g, normal.value, mean(g, mul(g, d, normal.value), normal.axes));
  Output dx = sub(g, d, along);
  if (normal.centred) dx = sub(g, dx, mean(g, d, normal.axes));
  return mul(g, normal.inverse, dx);
}

std::vector<std::int64_t> norm_axes(GradientContext& g, Output x) {
  std::int64_t axis = g.attrs().integer("axis");
  const Shape& shape = g.info(x).shape;
  check(axis < 0 || shape.has_rank(), Code::kUnimplemented,
        "the gradient of a normalisation from axis ", axis, " needs the rank of its input");
  if (axis >= 0) axis -= shape.rank();
  std::vector<std::int64_t> axes;
  for (; axis < 0; ++axis) axes.push_back(axis);
  return axes;
}

}  // namespace tw
