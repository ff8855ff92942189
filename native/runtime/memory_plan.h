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

// The most bytes that live at once, rounded as the planner rounds them, and when.
struct LiveBytes {
  std::size_t bytes = 0;
  int step = 0;
};

constexpr std::size_t kArenaAlign = 64;
std::size_t arena_rounded(std::size_t bytes) noexcept;

LiveBytes most_live(const std::vector<Lifetime>& lifetimes);

// Places lifetimes, ordered by `first`. Best fit among the gaps that are free at that step takes
// linear time; where it leaves much of a large arena unused, the largest are placed first.
MemoryPlan plan_memory(const std::vector<Lifetime>& lifetimes);

}  // namespace tw
