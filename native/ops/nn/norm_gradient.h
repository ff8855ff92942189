#pragma once

#include "graph/gradient_context.h"

namespace tw {

// (x - mean of x) / sqrt(mean of the squares of that + epsilon), with means over `axes`; x itself
// instead of x - mean of x when it is not centred.
struct Normal {
  Output value, inverse;  // inverse: of the root
  Output axes;
  bool centred;
};
Normal normal_of(GradientContext& g, Output x, Output axes, double epsilon, bool centred);

// The gradient of x, where d is that of the value.
Output through_normal(GradientContext& g, const Normal& normal, Output d);

// The axes of x, from the end, that a normalisation from the attr `axis` on is over.
std::vector<std::int64_t> norm_axes(GradientContext& g, Output x);

}  // namespace tw
