#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/variable.h"
#include "passes/pass.h"
#include "runtime/arena_cache.h"
#include "tensor/allocator.h"

namespace tw {

struct SessionOptions {
  int threads = 0;               // 0: as many as the pool has
  std::size_t memory_limit = 0;  // bytes; 0: default_memory_limit()
  PassOptions passes;
};

// What the runs of one session share: memory, variables, random counters. Safe on any thread.
class SessionState {
 public:
  explicit SessionState(SessionOptions options);

  const SessionOptions& options() const noexcept { return options_; }
  int threads() const noexcept { return threads_; }
  Allocator& allocator() noexcept { return *allocator_; }
  ArenaCache& arenas() noexcept { return arenas_; }

  // The number that stands for a VarHandleOp's variable in its handle; made at first use.
  std::int64_t variable_id(const Node& handle);
  Variable& variable(std::int64_t id);
  // null: no run of this session has met a variable of that name.
  Variable* find_variable(const std::string& name);
  // node: its name, with the scope of the subgraph that it is in (see Plan).
  std::atomic<std::uint64_t>& random_counter(const std::string& node);
  // How far each random op has come, by node, for those that have drawn numbers; sorted by name.
  using RandomPositions = std::vector<std::pair<std::string, std::uint64_t>>;
  RandomPositions random_positions();
  // Sets these; all others begin anew.
  void set_random_positions(const RandomPositions& positions);
  // Drops all variables' values and kept memory.
  void clear();

 private:
  const SessionOptions options_;
  const int threads_;
  std::shared_ptr<Allocator> allocator_;
  ArenaCache arenas_;
  std::mutex mutex_;
  std::deque<Variable> variables_;
  std::unordered_map<std::string, std::int64_t> variable_ids_;
  std::unordered_map<std::string, std::unique_ptr<std::atomic<std::uint64_t>>> random_counters_;
};

}  // namespace tw
