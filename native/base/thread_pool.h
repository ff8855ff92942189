#pragma once

#include <cstdint>

#include "base/cancellation.h"
#include "base/function_ref.h"

namespace tw {

// body(task, worker): task in [0, tasks), worker in [0, threads), one task at a time per worker.
using TaskBody = FunctionRef<void(std::int64_t task, int worker)>;

// The number of threads that the process may use: affinity and cgroup quota, at least 1.
int pool_size() noexcept;

// Runs body for every task on the calling thread (always worker 0) and at most threads - 1 workers
// of the process-wide pool; returns when all are done. Workers claim tasks one by one, so the split
// into tasks must not depend on the thread count where results could. When `cancel` is set, tasks
// not yet begun are skipped. body must not throw. May be called from many threads at once; nested
// calls run on the calling thread alone.
void parallel_for(std::int64_t tasks, int threads, const Cancellation* cancel, TaskBody body);

// How many loops of the calling thread other threads were asked to help with, up to now.
std::uint32_t shared_loops() noexcept;

// Wakes the workers that a loop on so many threads will ask, for loops that are about to come.
void wake_pool(int threads) noexcept;

// A stretch of work on the calling thread with loops on so many threads: wakes the pool's workers,
// and lets them spin longer than else for the next loop.
class PoolInUse {
 public:
  explicit PoolInUse(int threads) noexcept;
  ~PoolInUse();
  PoolInUse(const PoolInUse&) = delete;
  PoolInUse& operator=(const PoolInUse&) = delete;
};

}  // namespace tw
