#include "base/yielding_threads.h"

#include <condition_variable>
#include <mutex>

#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#endif

#include "base/background_thread.h"
#include "base/thread_pool.h"

namespace tw {
namespace {

// Linux lets whoever wakes up have the core at once when its slices are shorter. Where it computes
// so much that its share is used up, the slight difference in weight still lets it go on mostly; a
// greater one would stop this thread beside busy processes.
void give_way() noexcept {
#if defined(__linux__) && defined(SYS_sched_setattr)
  struct {
    std::uint32_t size = 48, policy = SCHED_BATCH;
    std::uint64_t flags = 0;
    std::int32_t nice = 3;
    std::uint32_t priority = 0;
    std::uint64_t slice_ns = 20'000'000, deadline = 0, period = 0;
  } attributes;
  syscall(SYS_sched_setattr, 0, &attributes, 0);  // an older system does without
#endif
}

struct Work {
  FunctionRef<void()> body;
  Work* next = nullptr;
  bool ended = false;
};

class YieldingThreads {
 public:
  void run(Work& work) noexcept {
    std::unique_lock lock(mutex_);
    if (queued_ >= idle_ && started_ < pool_size()) {
      ++started_;
      if (!start_background_thread("tw-yielding", [this] { serve(); })) --started_;
    }
    if (started_ == 0) {
      lock.unlock();
      work.body();
      return;
    }
    (last_ ? last_->next : first_) = &work;
    last_ = &work;
    ++queued_;
    arrived_.notify_one();
    ended_.wait(lock, [&] { return work.ended; });
  }

 private:
  [[noreturn]] void serve() noexcept {
    give_way();
    std::unique_lock lock(mutex_);
    for (;;) {
      ++idle_;
      arrived_.wait(lock, [this] { return first_ != nullptr; });
      --idle_;
      Work* const work = first_;
      first_ = work->next;
      if (first_ == nullptr) last_ = nullptr;
      --queued_;
      lock.unlock();
      work->body();
      lock.lock();
      work->ended = true;
      ended_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable arrived_, ended_;
  Work *first_ = nullptr, *last_ = nullptr;
  int started_ = 0, idle_ = 0, queued_ = 0;
};

}  // namespace

void run_yielding(FunctionRef<void()> work) noexcept {
  static YieldingThreads* const threads = new YieldingThreads;
  Work one{work};
  threads->run(one);
}

}  // namespace tw
