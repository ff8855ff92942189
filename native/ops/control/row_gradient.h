#pragma once

#include <vector>

#include "ops/control/differentiate.h"

namespace tw {

// Rows that a lookup along axis 0 adds to a gradient.
struct GradientRows {
  Output indices, rows;
};

// A gradient as what lookups give, whose rows can be kept for the end of a loop instead of adding
// a whole tensor in each step, and the rest, which is invalid when there is none.
struct SplitGradient {
  std::vector<GradientRows> lookups;
  Output rest;
};
SplitGradient split_gradient(SubgraphGradient& gradient, Output total);

// The sum of rows of all steps, as a gradient of a tensor like this one that stays sparse.
Output sum_of_rows(GradientContext& g, const GradientRows& stacked, Output like);

}  // namespace tw
