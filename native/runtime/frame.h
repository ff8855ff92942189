#pragma once

#include <span>
#include <string>
#include <vector>

#include "graph/host_calls.h"
#include "graph/op_context.h"
#include "runtime/layout.h"

namespace tw {

// What one step took, when a run is traced.
struct StepTime {
  std::string node;
  const OpDef* op;
  std::int64_t start_ns, end_ns;  // steady clock
  std::int64_t bytes;             // of its outputs
  int threads;                    // that it might use
  int depth;                      // 0, or that of the branch or loop that it is in
};

class StepContext;

struct RunOptions {
  const Cancellation* cancellation = nullptr;
  int threads = 0;                         // 0: the session's
  std::vector<StepTime>* trace = nullptr;  // appended to, steps of subgraphs before that they are in
  int depth = 0;                           // of subgraphs
  HostCalls* host = nullptr;               // null: there are no functions to call
  // Of the step whose subgraph runs: a large arena comes from that step's temporaries.
  StepContext* lender = nullptr;
};

// The memory of one run of a layout; reused by later runs, by one at a time.
class Frame {
 public:
  Frame(Layout& layout, SessionState& session);

  // feeds: as many as the layout has, with its shapes. outs: empty, or one per fetch (undefined:
  // allocate). A value is written straight to its `out` where possible, else copied. results: one
  // per fetch afterwards.
  void run(std::span<const Tensor> feeds, std::span<const Tensor> outs, const RunOptions& options,
           std::vector<Tensor>& results);

  // How many runs began.
  unsigned runs = 0;

 private:
  void take_placement();
  void place_arena(StepContext* lender);
  void place_again(StepContext* lender);
  char* arena_of(StepContext* lender);
  void start(std::span<const Tensor> feeds, std::span<const Tensor> outs);
  void run_steps(const RunOptions& options);
  static std::int64_t bytes_of(std::span<Tensor* const> outputs) noexcept;
  void take_results(std::span<const Tensor> outs, std::vector<Tensor>& results);
  void clear() noexcept;

  Layout& layout_;
  SessionState& session_;
  BufferRef arena_;             // large ones only while running, small ones always
  char* placed_at_ = nullptr;   // where the arena was when values_ were pointed into it
  std::shared_ptr<const Placement> placement_;
  unsigned placement_number_ = 0;
  bool outgrown_ = false;       // a kernel asked for more temporaries than there was room for
  std::vector<Tensor> values_;               // by slot
  std::vector<const Tensor*> input_list_;    // as Layout::input_slots
  std::vector<Tensor*> output_list_;         // by slot
};

}  // namespace tw
