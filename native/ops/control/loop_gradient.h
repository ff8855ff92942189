#pragma once

#include <vector>

#include "graph/gradient_context.h"

namespace tw {

// What a parameter of a loop's body stands for.
enum class Fed {
  kState,   // changes from step to step
  kSlice,   // of an input, along its first axis
  kSame,    // an input as it is, in every step
};

// A loop whose first results are the next states, and whose other results are stacked outputs.
// Parameter i is input i, result i is output i.
struct LoopParts {
  std::vector<Fed> parameters;
  std::size_t carried = 0;  // parameters that results of the same number follow
  bool reverse = false;
};

// The gradient of a loop is a scan the other way round, over what the loop had before each step:
// states, and values that must not be computed twice, are stacked for it as further outputs of the
// loop's node. All else that is needed of a step is computed again.
void loop_gradient(GradientContext& g, const LoopParts& parts);

void scan_gradient(GradientContext& g);

}  // namespace tw
