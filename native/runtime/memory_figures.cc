#include "runtime/memory_figures.h"

#include <algorithm>
#include <set>

#include "runtime/session_state.h"

namespace tw {

MemoryFigures memory_figures(const Layout& layout, SessionState& session) {
  MemoryFigures figures;
  figures.arena = layout.placement()->arena_bytes;
  std::vector<std::size_t> needed = layout.needed_scratch();
  for (std::size_t i = 0; i < needed.size(); ++i) {
    figures.temporaries = std::max(figures.temporaries, needed[i]);
    if (layout.steps[i]->subplans.empty()) needed[i] = 0;  // else the arena of a subgraph
  }
  const LiveBytes live = most_live(lives_with(layout.values.lives, needed));
  figures.live = live.bytes;
  figures.live_at = static_cast<std::size_t>(live.step);
  std::set<std::int64_t> handles;
  for (const Slot& slot : layout.slots) {
    if (slot.home == Home::kResult) figures.results += slot.bytes();
    if (slot.home != Home::kConst || slot.dtype != DType::kResource) continue;
    if (slot.value.size() == 1) handles.insert(*slot.value.data<std::int64_t>());
  }
  for (const std::int64_t handle : handles) {
    const Tensor value = session.variable(handle).read();
    if (value.defined()) figures.variables += value.bytes();
  }
  figures.allocated = session.allocator().stats().peak_bytes;
  return figures;
}

}  // namespace tw
