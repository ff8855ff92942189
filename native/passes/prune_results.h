#pragma once

#include "passes/work_graph.h"

namespace tw {

// Takes from nodes that hold branches the results that no node reads and no fetch wants, and from
// the branches what computes them. A node that is a target or a control input keeps all.
void prune_results(WorkGraph& work);

}  // namespace tw
