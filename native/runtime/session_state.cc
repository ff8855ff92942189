#include "runtime/session_state.h"

#include <algorithm>

#include "base/thread_pool.h"
#include "graph/graph.h"

namespace tw {

SessionState::SessionState(SessionOptions options)
    : options_(std::move(options)),
      threads_(options_.threads > 0 ? std::min(options_.threads, pool_size()) : pool_size()),
      allocator_(Allocator::make(options_.memory_limit > 0 ? options_.memory_limit
                                                           : default_memory_limit())),
      arenas_(*allocator_) {}

std::int64_t SessionState::variable_id(const Node& handle) {
  const std::string& name = variable_name(handle);
  // Tables have no shape.
  const bool shaped = handle.op->attr_index("shape") >= 0;
  const Shape shape = shaped ? handle.attrs().get<Shape>("shape") : Shape::unknown();
  std::lock_guard lock(mutex_);
  const auto [found, made] =
      variable_ids_.emplace(name, static_cast<std::int64_t>(variables_.size()));
  if (made) variables_.emplace_back(name, shape);
  return found->second;
}

Variable& SessionState::variable(std::int64_t id) {
  std::lock_guard lock(mutex_);
  check(id >= 0 && id < static_cast<std::int64_t>(variables_.size()), Code::kInvalidArgument,
        "not the handle of a variable of this session: ", id);
  return variables_[static_cast<std::size_t>(id)];
}

Variable* SessionState::find_variable(const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto found = variable_ids_.find(name);
  return found == variable_ids_.end() ? nullptr : &variables_[static_cast<std::size_t>(found->second)];
}

std::atomic<std::uint64_t>& SessionState::random_counter(const std::string& node) {
  std::lock_guard lock(mutex_);
  auto& counter = random_counters_[node];
  if (!counter) counter = std::make_unique<std::atomic<std::uint64_t>>(0);
  return *counter;
}

SessionState::RandomPositions SessionState::random_positions() {
  RandomPositions positions;
  std::lock_guard lock(mutex_);
  for (const auto& [name, counter] : random_counters_) {
    if (const std::uint64_t position = *counter; position > 0) positions.emplace_back(name, position);
  }
  std::sort(positions.begin(), positions.end());
  return positions;
}

void SessionState::set_random_positions(const RandomPositions& positions) {
  {
    std::lock_guard lock(mutex_);
    for (const auto& [name, counter] : random_counters_) *counter = 0;
  }
  for (const auto& [name, position] : positions) random_counter(name) = position;
}

void SessionState::clear() {
  std::lock_guard lock(mutex_);
  for (Variable& variable : variables_) variable.write({});
  arenas_.clear();
  allocator_->trim();
}

}  // namespace tw
