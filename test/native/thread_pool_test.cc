#include "base/thread_pool.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include "base/runner.h"
#include "base/spin.h"
#include "test.h"

using namespace tw;

TEST("thread_pool: every task runs exactly once") {
  for (std::int64_t tasks : {0, 1, 2, 7, 1000}) {
    std::vector<std::atomic<int>> runs(static_cast<std::size_t>(tasks));
    parallel_for(tasks, pool_size(), nullptr, [&](std::int64_t t, int worker) {
      if (worker >= 0 && worker < pool_size()) runs[static_cast<std::size_t>(t)]++;
    });
    EXPECT(std::all_of(runs.begin(), runs.end(), [](const auto& n) { return n == 1; }));
  }
}

TEST("thread_pool: a worker runs one task at a time") {
  std::vector<std::atomic<int>> busy(static_cast<std::size_t>(pool_size()));
  std::atomic<bool> clash{false};
  parallel_for(5000, pool_size(), nullptr, [&](std::int64_t, int worker) {
    if (busy[static_cast<std::size_t>(worker)]++ != 0) clash = true;
    busy[static_cast<std::size_t>(worker)]--;
  });
  EXPECT(!clash);
}

TEST("thread_pool: many callers at once, after pauses and without") {
  std::atomic<std::int64_t> sum{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 8; ++c) {
    callers.emplace_back([&, c] {
      for (int i = 0; i < 400; ++i) {
        parallel_for(16, 2 + c % 3, nullptr, [&](std::int64_t t, int) { sum += t; });
        if (i % 50 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT(sum == 8 * 400 * 120);
}

TEST("thread_pool: a nested loop stays on its thread") {
  std::atomic<bool> moved{false};
  std::atomic<int> inner{0};
  parallel_for(8, pool_size(), nullptr, [&](std::int64_t, int) {
    const auto me = std::this_thread::get_id();
    parallel_for(8, pool_size(), nullptr, [&](std::int64_t, int worker) {
      if (worker != 0 || std::this_thread::get_id() != me) moved = true;
      inner++;
    });
  });
  EXPECT(!moved);
  EXPECT(inner == 64);
}

TEST("thread_pool: cancellation skips the tasks not yet begun") {
  Cancellation cancel;
  std::atomic<int> runs{0};
  parallel_for(100000, pool_size(), &cancel, [&](std::int64_t t, int) {
    if (t == 10) cancel.cancel();
    runs++;
  });
  EXPECT(runs >= 1);
  EXPECT(runs < 100000);
}

TEST("thread_pool: a deadline skips the tasks not yet begun") {
  Cancellation cancel;
  cancel.set_deadline(Cancellation::Clock::now() + std::chrono::milliseconds(5));
  EXPECT(!cancel.cancelled());
  std::atomic<int> runs{0};
  parallel_for(1000, pool_size(), &cancel, [&](std::int64_t, int) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    runs++;
  });
  EXPECT(runs >= 1);
  EXPECT(runs < 500);
  cancel.cancel();
  EXPECT_ERROR(cancel.throw_if_cancelled(), Code::kDeadlineExceeded);
}

TEST("thread_pool: loops with helpers are counted on their thread") {
  const std::uint32_t before = shared_loops();
  parallel_for(1, pool_size(), nullptr, [](std::int64_t, int) {});
  parallel_for(4, 1, nullptr, [](std::int64_t, int) {});
  EXPECT(shared_loops() == before);
  parallel_for(4, pool_size(), nullptr, [](std::int64_t, int) {});
  EXPECT(shared_loops() - before == (pool_size() > 1 ? 1u : 0u));
}

TEST("thread_pool: workers use no processor time while there is nothing to do, in a run or not") {
  const auto idle_time = [] {
    wake_pool(pool_size());
    parallel_for(64, pool_size(), nullptr, [](std::int64_t, int) {});
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::clock_t start = std::clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  EXPECT(idle_time() < 0.01);
  const PoolInUse pool(pool_size());
  EXPECT(idle_time() < 0.01);
}

#ifdef __linux__
TEST("thread_pool: a thread is kept off a core by another thread") {
  cpu_set_t all;
  EXPECT(sched_getaffinity(0, sizeof all, &all) == 0);
  if (CPU_COUNT(&all) < 2) return;
  OwnCores cores;
  std::atomic<int> step{0};
  cpu_set_t seen[2];
  std::thread thread([&] {
    cores.begin();
    for (int i = 0; i < 2; ++i) {
      step.fetch_add(1);
      while (step < 2 * i + 2) std::this_thread::yield();
      sched_getaffinity(0, sizeof seen[i], &seen[i]);
    }
  });
  for (int i = 0, cpu = -1; i < 2; ++i) {
    do ++cpu;
    while (!CPU_ISSET(cpu, &all));
    while (step < 2 * i + 1) std::this_thread::yield();
    EXPECT(cores.keep_off(cpu) && cores.keep_off(cpu));
    step.fetch_add(1);
    cpu_set_t others = all;
    CPU_CLR(cpu, &others);
    if (i == 1) thread.join();
    else while (step < 3) std::this_thread::yield();
    EXPECT(CPU_EQUAL(&seen[i], &others));
  }
}
#endif

namespace {

struct CountJob final : RunnerJob {
  std::atomic<int>* runs;
  std::chrono::microseconds length{0};
  void run() noexcept override {
    std::this_thread::sleep_for(length);
    std::atomic<int>* const counter = runs;
    delete this;
    (*counter)++;
  }
};

void submit_counting(std::atomic<int>& runs, std::chrono::microseconds length) {
  auto* job = new CountJob;
  job->runs = &runs;
  job->length = length;
  submit(job);
}

void wait_for(const std::atomic<int>& runs, int n) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (runs < n && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT(runs == n);
}

}  // namespace

TEST("runner: all jobs run, whoever submits them") {
  std::atomic<int> runs{0};
  std::vector<std::thread> submitters;
  for (int s = 0; s < 4; ++s) {
    submitters.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) submit_counting(runs, std::chrono::microseconds(0));
    });
  }
  for (auto& submitter : submitters) submitter.join();
  wait_for(runs, 8000);
}

TEST("runner: a short job does not wait behind a long one") {
  std::atomic<int> slow{0}, quick{0};
  submit_counting(slow, std::chrono::milliseconds(300));
  for (int i = 1; i <= 20; ++i) {
    submit_counting(quick, std::chrono::microseconds(0));
    wait_for(quick, i);
  }
  EXPECT(slow == 0);
  wait_for(slow, 1);
}
