#pragma once

#include <cstddef>
#include <vector>

namespace tw {

// A value that lives in the arena from the step that makes it to the last one that reads it.
struct Lifetime {
  int first, last;    // steps, inclusive
  std::size_t bytes;  // rounded up by the planner
  int shares = -1;    // index of an earlier lifetime whose place this one takes over
};

struct MemoryPlan {
  std::vector<std::size_t> offsets;
  std::size_t bytes = 0;
};

// Places lifetimes, ordered by `first`, by best fit among the gaps that are free at that step.
MemoryPlan plan_memory(const std::vector<Lifetime>& lifetimes);

}  // namespace tw
