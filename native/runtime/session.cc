#include "runtime/session.h"

namespace tw {

Session::Session(std::shared_ptr<Graph> graph, SessionOptions options)
    : graph_(std::move(graph)), state_(std::make_shared<SessionState>(std::move(options))) {}

Session::~Session() { close(); }

std::shared_ptr<Plan> Session::prepare(const std::vector<Output>& fetches,
                                       const std::vector<int>& targets,
                                       const std::vector<Output>& feeds) {
  std::lock_guard lock(mutex_);
  check(!closed_, Code::kFailedPrecondition, "Attempted to use a closed Session.");
  const Key key{fetches, feeds, targets};
  for (auto it = plans_.begin(); it != plans_.end(); ++it) {
    if (!(it->first == key)) continue;
    plans_.splice(plans_.begin(), plans_, it);
    return plans_.front().second;
  }
  plans_.emplace_front(key, std::make_shared<Plan>(*state_, graph_, fetches, targets, feeds));
  if (plans_.size() > kMostPlans) plans_.pop_back();
  return plans_.front().second;
}

void Session::close() {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  closed_ = true;
  plans_.clear();
  state_->clear();
}

}  // namespace tw
