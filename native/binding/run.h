#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "binding/env_data.h"
#include "binding/mailbox.h"
#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

// One run from its feeds to its results. EnvData::new_run gives one, which may have served before.
class Run final : public RunnerJob {
 public:
  explicit Run(EnvData& data) : data_(data) {}
  ~Run() { end(); }

  void begin(const std::shared_ptr<PlanEntry>& entry);
  // Lets go of everything; the vectors keep their room. On the JavaScript thread.
  void end() noexcept;

  // On a runner thread.
  void run() noexcept override;
  // On the calling thread.
  void run_here(Layout& layout);

  int id = 0;
  std::vector<Tensor> feeds, outs;
  std::vector<Tensor> results;
  std::optional<Error> error;
  RunOptions options;
  std::vector<StepTime> trace;
  std::shared_ptr<Layout> traced_layout;  // whose memory the trace describes
  // There when the time is limited, and while it runs on another thread.
  std::optional<Cancellation> cancellation;
  // Values that must live as long as the run: borrowed feeds.
  std::vector<napi_ref> held;
  // Memory that JavaScript will see as a result, by fetch; null where it is made afterwards.
  std::vector<napi_value> made;     // of a synchronous run
  std::vector<napi_ref> made_refs;  // of an asynchronous one
  bool keeps = false;  // results become handles
  // Where in the mailbox the results begin that are not written there yet.
  std::size_t mailbox_end = kResultBytes;

  EnvData& data() const noexcept { return data_; }
  const PlanEntry& entry() const noexcept { return *entry_; }
  // Memory of the run for its small feeds; to be asked for once.
  char* small_memory(std::size_t bytes);
  void set_timeout(double milliseconds);
  void set_traced() noexcept { options.trace = &trace; }
  // The caller's out arrays, for the end of an asynchronous run.
  void hold_outs(napi_env env, napi_value list);
  napi_value held_outs(napi_env env) const;

 private:
  void release_held() noexcept;

  EnvData& data_;
  std::shared_ptr<PlanEntry> entry_;
  napi_ref held_outs_ = nullptr;
  alignas(64) char small_[256];
  std::vector<std::uint64_t> more_small_;
};

// Tells V8 how much memory the session holds that it cannot see.
void report_memory(napi_env env, const PlanEntry& entry);

}  // namespace tw::binding
