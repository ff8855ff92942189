#pragma once

#include <memory>
#include <vector>

#include "runtime/memory_plan.h"

namespace tw {

struct Layout;

// When the values of a layout live, in the order of its steps.
struct ValueLives {
  std::vector<Lifetime> lives;  // of what is in the arena, ordered by `first`
  std::vector<int> of_slot;     // index into lives; -1: not in the arena
  std::vector<int> last_use;    // by slot: the last step that reads it; -1: none
};

// The layout has its slots, steps and fetches by now.
ValueLives value_lives(const Layout& layout);

// A part of the arena that a step may use for temporaries.
struct Scratch {
  std::size_t offset = 0, bytes = 0;
};

// Where everything in the arena of a run is. Constant.
struct Placement {
  std::vector<std::size_t> offsets;  // by lifetime
  std::vector<Scratch> scratch;      // by step: the largest part that nothing else uses then
  std::size_t arena_bytes = 0;
};

// The lifetimes and one more for each step that needs bytes of its own.
std::vector<Lifetime> lives_with(const std::vector<Lifetime>& lives,
                                 const std::vector<std::size_t>& needed);

// needed: the bytes of temporaries that each step is known to ask for.
std::shared_ptr<const Placement> place_values(const std::vector<Lifetime>& lives,
                                              const std::vector<std::size_t>& needed);

}  // namespace tw
