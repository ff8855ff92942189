#include "base/yielding_threads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "base/thread_pool.h"
#include "test.h"

using namespace tw;

TEST("yielding_threads: each work has been done once when its call returns, few at a time") {
  std::atomic<int> busy{0}, most{0}, undone{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 6; ++c) {
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        int runs = 0;
        const std::thread::id caller = std::this_thread::get_id();
        bool apart = false;
        run_yielding([&] {
          const int now = ++busy;
          int seen = most.load();
          while (seen < now && !most.compare_exchange_weak(seen, now)) {}
          std::this_thread::sleep_for(std::chrono::microseconds(20));
          apart = std::this_thread::get_id() != caller;
          ++runs;
          --busy;
        });
        if (runs != 1 || !apart) ++undone;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT(undone == 0);
  EXPECT(most <= std::max(pool_size(), 1));
}
