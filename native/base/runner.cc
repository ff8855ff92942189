#include "base/runner.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/background_thread.h"
#include "base/spin.h"
#include "base/thread_pool.h"

namespace tw {

class RunnerThreads {
 public:
  void submit(RunnerJob* job) noexcept {
    submitter_cpu_.store(current_cpu(), std::memory_order_relaxed);
    bool wake = false, start = false;
    {
      std::lock_guard lock(mutex_);
      job->next_ = nullptr;
      (last_ ? last_->next_ : first_) = job;
      last_ = job;
      ++waiting_;
      // The spinner takes one job by itself; those woken earlier and not here yet take one each.
      const int coming = (spinner_ ? 1 : 0) + woken_;
      if (waiting_ > coming) {
        if (parked_ > woken_) {
          ++woken_;
          wake = true;
        } else if (started_ < runner_limit() + blocked_) {
          ++started_;
          start = true;
        }
      }
      arrivals_.fetch_add(1, std::memory_order_release);
    }
    if (wake) arrived_.notify_one();
    if (start && !start_background_thread("tw-runner", [this] { work(); })) refused();
  }

  // A runner waits, or goes on. Jobs may be waiting for a runner already.
  void block(int change) noexcept {
    bool start = false;
    {
      std::lock_guard lock(mutex_);
      blocked_ += change;
      const bool idle = spinner_ || parked_ > woken_;
      start = change > 0 && waiting_ > 0 && !idle && started_ < runner_limit() + blocked_;
      if (start) ++started_;
    }
    if (start && !start_background_thread("tw-runner", [this] { work(); })) refused();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::microseconds kSpin{50}, kClose{200};

  RunnerJob* pop() noexcept {  // mutex_ is held
    RunnerJob* job = first_;
    if (job == nullptr) return nullptr;
    first_ = job->next_;
    if (first_ == nullptr) last_ = nullptr;
    --waiting_;
    return job;
  }

  // Without any thread at all the caller has to do the work.
  void refused() noexcept {
    std::unique_lock lock(mutex_);
    if (--started_ > 0) return;
    while (RunnerJob* job = pop()) {
      lock.unlock();
      job->run();
      lock.lock();
    }
  }

  // Spins for a job that the last ones make likely. One runner at most spins, and never on the core
  // of the thread that submits.
  void spin(std::unique_lock<std::mutex>& lock) noexcept {
    spinner_ = true;
    const std::uint32_t seen = arrivals_.load(std::memory_order_relaxed);
    lock.unlock();
    spin_until(
        kSpin, [&] { return arrivals_.load(std::memory_order_acquire) != seen; },
        [this] {
          const int cpu = current_cpu();
          return cpu == submitter_cpu_.load(std::memory_order_relaxed) && !leave_core(cpu);
        });
    lock.lock();
    spinner_ = false;
  }

  [[noreturn]] void work() noexcept {
    std::unique_lock lock(mutex_);
    for (bool close = false;;) {
      const auto idle_since = Clock::now();
      RunnerJob* job = pop();
      if (job == nullptr && close && !spinner_) {
        spin(lock);
        job = pop();
      }
      while (job == nullptr) {
        ++parked_;
        arrived_.wait(lock, [this] { return woken_ > 0; });
        --woken_;
        --parked_;
        job = pop();
      }
      lock.unlock();
      close = Clock::now() - idle_since < kClose;
      job->run();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  RunnerJob *first_ = nullptr, *last_ = nullptr;
  int waiting_ = 0, started_ = 0, parked_ = 0, woken_ = 0, blocked_ = 0;
  bool spinner_ = false;
  std::atomic<std::uint32_t> arrivals_{0};
  std::atomic<int> submitter_cpu_{-1};
};

int runner_limit() noexcept {
  static const int limit = std::max(4, 2 * pool_size());
  return limit;
}

static RunnerThreads& runner_threads() noexcept {
  static RunnerThreads* const threads = new RunnerThreads;
  return *threads;
}

void submit(RunnerJob* job) noexcept { runner_threads().submit(job); }

RunnerWaits::RunnerWaits() noexcept { runner_threads().block(1); }

RunnerWaits::~RunnerWaits() { runner_threads().block(-1); }

}  // namespace tw
