#pragma once

#include <atomic>
#include <mutex>
#include <thread>

namespace tw {

// Lets other threads read a graph that one thread adds to. Both sides lock; a reader lets those
// that wait in between two nodes, so that nobody waits for long. References to nodes stay valid
// meanwhile, since a graph only grows. A copy of a graph has a guard of its own.
class GraphGuard {
 public:
  GraphGuard() = default;
  GraphGuard(const GraphGuard&) noexcept {}
  GraphGuard& operator=(const GraphGuard&) noexcept { return *this; }

  void lock() {
    waiting_.fetch_add(1, std::memory_order_relaxed);
    mutex_.lock();
    waiting_.fetch_sub(1, std::memory_order_relaxed);
  }
  void unlock() { mutex_.unlock(); }

  // For who holds the lock. A mutex alone would let the same thread in again.
  void give_way() {
    if (waiting_.load(std::memory_order_relaxed) == 0) return;
    mutex_.unlock();
    while (waiting_.load(std::memory_order_relaxed) > 0) std::this_thread::yield();
    mutex_.lock();
  }

 private:
  std::mutex mutex_;
  std::atomic<int> waiting_{0};
};

}  // namespace tw
