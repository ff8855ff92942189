#pragma once

#include "passes/work_graph.h"

namespace tw {

// Takes from nodes that hold branches the results that no node reads and no fetch wants, from loops
// what they collect for nobody, and from their subgraphs what computes these. A node that is a
// target or a control input keeps all.
void prune_results(WorkGraph& work);

}  // namespace tw
