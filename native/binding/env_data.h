#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "binding/host_bridge.h"
#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

class Run;
struct Lease;

// What an environment needs no more goes back to it, for a later run.
struct GiveBack {
  void operator()(Run* run) const noexcept;
};
using RunPtr = std::unique_ptr<Run, GiveBack>;

// What a session handle holds. Plans and runs keep the session itself, so that closing it lets
// those under way come to their end.
struct SessionBox {
  std::shared_ptr<Session> session;
  std::vector<int> plans;
  std::size_t leased_bytes = 0;  // of results that JavaScript sees; V8 counts these
  std::int64_t reported = 0;     // what V8 was told of the rest
  unsigned runs = 0;
};

// What a plan number stands for. Runs share it, so it outlives its release.
struct PlanEntry {
  std::shared_ptr<SessionBox> box;
  std::shared_ptr<Session> session;
  std::shared_ptr<Plan> plan;
  // Of the last run on the JavaScript thread, which alone looks at it; gone while one goes on.
  mutable std::shared_ptr<Layout> last_layout = {};
};

// One step of a traced run; holds nothing of the plan.
struct TraceEntry {
  std::string node, op;
  std::int64_t start_ns, end_ns, bytes;
  int threads, depth;
};

// Everything that belongs to one JavaScript environment: the main thread, or a worker. Only the
// members in the guarded block are touched by other threads.
class EnvData : public std::enable_shared_from_this<EnvData> {
 public:
  explicit EnvData(napi_env env);
  ~EnvData();
  EnvData(const EnvData&) = delete;
  EnvData& operator=(const EnvData&) = delete;
  static EnvData& of(napi_env env);
  static void install(napi_env env);

  // Takes the mailbox, the constructor of errors and the function that drains completions.
  void start(napi_value mailbox, napi_value error_type, napi_value drain);
  napi_value error_type() const;

  napi_env env() const noexcept { return env_; }
  double* words() const noexcept { return words_; }
  char* bytes() const noexcept { return reinterpret_cast<char*>(words_); }

  int add_plan(PlanEntry entry);
  // Gives what the number stood for, null for none.
  std::shared_ptr<PlanEntry> release_plan(int id);
  // Throws kFailedPrecondition when there is none.
  const std::shared_ptr<PlanEntry>& plan(int id) const;

  // A run of the plan, and what becomes of it afterwards.
  RunPtr new_run(const std::shared_ptr<PlanEntry>& entry);
  void take_back(Run* run) noexcept;

  // A run goes to a runner thread; the environment stays alive until its completion is taken.
  // Gives the run's number.
  int launch(RunPtr run);
  // The next run that has ended, or null.
  RunPtr take_completion();
  void cancel(int run);
  // Lets JavaScript know that a step waits for a function; on any thread.
  void wake() noexcept;
  // Cancels all runs of the session.
  void cancel_session(const Session* session);

  // Called by the runner thread, as the first and as the last thing that a run does.
  void began() noexcept { runner_cpu_.store(current_cpu(), std::memory_order_relaxed); }
  void finished(Run* run) noexcept;

  // While JavaScript polls for completions in each turn of the loop, nobody wakes it up. That is
  // quicker than sleeping and being woken when a run takes no longer than these.
  enum class Poll { kNothing, kEnded, kStopped };
  void start_polling() noexcept;
  // Also stops by itself when the run waits for the very core that JavaScript polls on.
  Poll poll(bool stop) noexcept;

  // Tells V8 of constants that it cannot see, many at a time: each time that it is told of more it
  // may mark for 5 ms, and a graph becomes large constant by constant.
  void report_constants(std::int64_t bytes) noexcept;

  HostBridge host{*this};
  // Pool blocks that JavaScript sees as ArrayBuffers, by their first byte; JavaScript thread only.
  std::map<const char*, Lease*> leases;
  std::size_t leased_bytes = 0;
  // Of the run whose results were read last; one entry for each step.
  std::vector<TraceEntry> last_trace;
  MemoryFigures last_memory;  // of the same run

 private:
  static void cleanup(void* data);
  static void call_drain(napi_env env, napi_value, void* context, void*);

  napi_env env_;
  double* words_ = nullptr;
  napi_ref mailbox_ = nullptr, error_type_ = nullptr, drain_ = nullptr;
  napi_threadsafe_function notify_ = nullptr;
  struct PlanSlot {
    int id = 0;
    std::shared_ptr<PlanEntry> entry;
  };
  std::vector<PlanSlot> plans_;
  std::vector<std::size_t> free_plans_;
  static constexpr std::int64_t kWorthTelling = 256 << 20;
  std::int64_t unreported_ = 0;
  int next_run_ = 0;
  static constexpr std::size_t kSpareRuns = 8;
  std::vector<std::unique_ptr<Run>> spare_runs_;
  std::unordered_map<int, Run*> running_;  // until the completion is taken
  std::deque<Run*> taken_;                 // ended, to be handed over

  std::mutex mutex_;
  std::condition_variable idle_;
  bool closing_ = false, notified_ = false, polling_ = false;
  int in_flight_ = 0;
  std::deque<Run*> ended_;
  std::atomic<bool> any_ended_{false};
  std::atomic<int> runner_cpu_{kNotBegun};
  int early_polls_ = 0;  // since the last launch, while no run had begun; JavaScript thread only
  static constexpr int kNotBegun = -2, kMostEarlyPolls = 4;
};

}  // namespace tw::binding
