#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/plan.h"
#include "runtime/session_state.h"

namespace tw {

// The state of one session: memory, threads, variables, plans. prepare() reads the graph and is
// called where the graph is changed; everything else is safe on any thread.
class Session {
 public:
  Session(std::shared_ptr<Graph> graph, SessionOptions options);
  ~Session();

  const Graph& graph() const noexcept { return *graph_; }
  SessionState& state() noexcept { return *state_; }

  // Throws kFailedPrecondition after close(). Runs that are under way keep what they use.
  std::shared_ptr<Plan> prepare(const std::vector<Output>& fetches, const std::vector<int>& targets,
                                const std::vector<Output>& feeds);
  // Makes prepare fail and frees the variables and kept memory; the caller first waits for runs.
  void close();
  bool closed() const noexcept { return closed_; }

 private:
  struct Key {
    std::vector<Output> fetches, feeds;
    std::vector<int> targets;
    bool operator==(const Key&) const = default;
  };

  static constexpr std::size_t kMostPlans = 128;
  std::shared_ptr<Graph> graph_;
  std::shared_ptr<SessionState> state_;
  std::mutex mutex_;
  bool closed_ = false;
  std::list<std::pair<Key, std::shared_ptr<Plan>>> plans_;  // most recently used first
};

}  // namespace tw
