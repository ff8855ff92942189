#pragma once

#include <cstddef>

#include "runtime/layout.h"

namespace tw {

class SessionState;

// What the runs of a layout hold of the session's memory, in bytes.
struct MemoryFigures {
  std::size_t arena = 0;        // values and temporaries, as planned now
  // Values in the arena at the moment when they are the most; the arena of a subgraph is one value.
  std::size_t live = 0;
  std::size_t live_at = 0;      // that step
  std::size_t temporaries = 0;  // the most that one step asked for
  std::size_t variables = 0;    // values of the variables that the steps read or write
  std::size_t results = 0;      // fetched values with memory of their own
  std::size_t allocated = 0;    // the most that the session had given out at once so far
};

MemoryFigures memory_figures(const Layout& layout, SessionState& session);

}  // namespace tw
