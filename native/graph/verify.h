#pragma once

#include "graph/graph.h"

namespace tw {

// Checks what every pass must keep: inputs come before users and exist, dtypes fit the schema,
// attrs are of their kinds. Throws kInternal at the first node that is wrong.
void verify(const Graph& graph);

}  // namespace tw
