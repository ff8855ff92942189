#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"
#include "passes/work_graph.h"
#include "runtime/placement.h"

namespace tw {

class Frame;
class Plan;
class SessionState;

// Where the value of one node output lives during a run.
enum class Home {
  kNone,     // folded away, or belongs to a dropped step
  kConst,    // in the layout
  kFeed,     // given by the caller
  kArena,    // at a planned offset
  kResult,   // written straight into the memory of a result
  kDynamic,  // put there by its kernel
};

struct Slot {
  Home home = Home::kNone;
  DType dtype = DType::kInvalid;
  Shape shape = Shape::unknown();
  int index = -1;          // kFeed, kResult: which one
  int shows = -1;          // the slot whose memory the value is, where an alias gave it; -1: its own
  Tensor value;            // kConst
  // Of a value whose shape is known.
  std::size_t bytes() const { return static_cast<std::size_t>(shape.size()) * size_of(dtype); }
};

// Whether the op's outputs are memory that it was given or a variable's: they have no place.
inline bool passes_on(const OpDef& op) { return op.alias || op.role == Role::kRead; }

// A slot that each run fills anew: a feed, a result or a dynamic value.
struct RunSlot {
  int slot;
  Home home;
  int index;  // as the slot's
};

struct Step {
  const Node* node = nullptr;
  int first_input = 0, inputs = 0;    // into Layout::input_slots
  int first_output = 0, outputs = 0;  // slots, in a row
  bool known_shapes = true;           // of inputs and outputs: nothing is left to be checked
  std::vector<int> release;           // kDynamic slots nobody reads after this step
  std::atomic<std::uint64_t>* random = nullptr;
  std::unordered_map<std::string, std::shared_ptr<Plan>> subplans;
  // Made by OpContext::prepared at the first execution.
  mutable std::atomic<const void*> state{nullptr};
  mutable std::shared_ptr<const void> state_owner;
  mutable std::once_flag state_made;
};

// The second stage of a plan, for one set of feed shapes: static shapes, steps in order and the
// places of all values. Constant but for idle frames, prepared states and timings.
struct Layout {
  std::vector<Shape> feed_shapes;
  WorkGraph work;
  std::vector<Slot> slots;
  std::vector<int> input_slots;  // -1: input not given
  std::vector<std::unique_ptr<Step>> steps;  // as they run
  std::vector<RunSlot> run_slots;
  std::vector<int> fetch_slots;
  std::vector<int> direct;  // by fetch: true when its slot is kResult with that index
  ValueLives values;

  // The slot whose memory a slot shows in the end.
  int root(int slot) const noexcept {
    while (slots[static_cast<std::size_t>(slot)].shows >= 0) {
      slot = slots[static_cast<std::size_t>(slot)].shows;
    }
    return slot;
  }

  // Where the arena's values are. It changes, for runs that begin later, when kernels were found to
  // ask for more temporaries than the arena has room for; `placements` counts that.
  std::shared_ptr<const Placement> placement() const;
  std::atomic<unsigned> placements{1};
  // Notes the bytes of temporaries that the kernel of a step asked for.
  void note_scratch(std::size_t step, std::size_t bytes) noexcept {
    std::atomic<std::size_t>& most = needed_[step];
    if (bytes > most.load(std::memory_order_relaxed)) most.store(bytes, std::memory_order_relaxed);
  }
  // With room for what was noted.
  void place_again();
  // The most that each step was found to ask for.
  std::vector<std::size_t> needed_scratch() const;

  // A frame that no run uses, or null; and one to be used by the next run.
  std::unique_ptr<Frame> take_frame() noexcept;
  void give_frame(std::unique_ptr<Frame> frame);
  std::atomic<std::int64_t> nanoseconds{-1};  // of the fastest of recent runs; -1: none yet
  std::atomic<bool> shares_loops{false};  // whether loops of its last timed run had helpers

  Layout() = default;
  ~Layout();

 private:
  std::atomic<Frame*> spare_{nullptr};  // spares most runs the mutex
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Frame>> idle_;  // guarded by mutex_, as what follows
  std::shared_ptr<const Placement> placement_;
  std::deque<std::atomic<std::size_t>> needed_;  // by step
};

// work: what the passes made; shapes: of the feeds; scope: as Plan's.
std::unique_ptr<Layout> make_layout(const WorkGraph& work, const std::vector<Shape>& shapes,
                                    SessionState& session, const std::string& scope);

}  // namespace tw
