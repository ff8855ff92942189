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

}  // namespace tw
