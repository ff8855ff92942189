#pragma once

#include <atomic>
#include <chrono>

#include "base/error.h"

namespace tw {

// That a run is to end before it is through: asked for by any thread, or because its time is over.
// Looked at between steps and between tasks.
class Cancellation {
 public:
  using Clock = std::chrono::steady_clock;

  void cancel() noexcept { stop(kCancelled); }
  // To be called before the run begins.
  void set_deadline(Clock::time_point deadline) noexcept { deadline_ = deadline; }

  bool cancelled() const noexcept {
    if (reason_.load(std::memory_order_relaxed) != kNone) return true;
    if (deadline_ == Clock::time_point::max() || Clock::now() < deadline_) return false;
    stop(kLate);
    return true;
  }

  // CANCELLED or DEADLINE_EXCEEDED, by what came first.
  void throw_if_cancelled() const {
    if (!cancelled()) return;
    if (reason_.load(std::memory_order_relaxed) == kCancelled) {
      fail(Code::kCancelled, "the run was cancelled");
    }
    fail(Code::kDeadlineExceeded, "Timed out waiting for notification");
  }

 private:
  enum Reason : int { kNone, kCancelled, kLate };

  void stop(Reason reason) const noexcept {
    int none = kNone;
    reason_.compare_exchange_strong(none, reason, std::memory_order_relaxed);
  }

  mutable std::atomic<int> reason_{kNone};
  Clock::time_point deadline_ = Clock::time_point::max();
};

}  // namespace tw
