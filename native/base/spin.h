#pragma once

#include <atomic>
#include <chrono>

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#endif

namespace tw {

inline void cpu_relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// The core that the calling thread is on, -1 where the system does not say.
inline int current_cpu() noexcept {
#ifdef __linux__
  return sched_getcpu();
#else
  return -1;
#endif
}

// Moves the calling thread to another core that it may use, if there is one; gives whether it did.
// The scheduler likes to wake a thread on the core of its waker and leaves it there.
inline bool leave_core(int cpu) noexcept {
#ifdef __linux__
  cpu_set_t all, others;
  if (cpu < 0 || cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof all, &all) != 0) return false;
  others = all;
  CPU_CLR(cpu, &others);
  if (CPU_COUNT(&others) == 0 || sched_setaffinity(0, sizeof others, &others) != 0) return false;
  sched_setaffinity(0, sizeof all, &all);
  return true;
#else
  static_cast<void>(cpu);
  return false;
#endif
}

// The cores that a thread may use, less the one that it keeps off.
class OwnCores {
 public:
  // On the thread itself, once, before any other call.
  void begin() noexcept {
#ifdef __linux__
    thread_ = pthread_self();
    known_ = sched_getaffinity(0, sizeof all_, &all_) == 0;
#endif
  }

  // As leave_core, by any thread, but until it has to keep off another core the thread does not come
  // back either: so it need not be moved at each wake-up. Two threads that were moved apart often
  // ran at half speed for many milliseconds on a virtual machine, where the host places cores anew
  // when they wake. False where that cannot be.
  bool keep_off(int cpu) noexcept {
#ifdef __linux__
    if (cpu < 0 || cpu >= CPU_SETSIZE || !known_) return false;
    if (off_.load(std::memory_order_relaxed) == cpu) return true;
    cpu_set_t others = all_;
    CPU_CLR(cpu, &others);
    if (CPU_COUNT(&others) == 0) return false;
    if (pthread_setaffinity_np(thread_, sizeof others, &others) != 0) return false;
    off_.store(cpu, std::memory_order_relaxed);
    return true;
#else
    static_cast<void>(cpu);
    return false;
#endif
  }

 private:
#ifdef __linux__
  pthread_t thread_ = {};
  cpu_set_t all_ = {};
  bool known_ = false;
  std::atomic<int> off_{-1};
#endif
};

// Spins until done() or for `window`, whichever comes first; gives the last done(). `clash()` is
// asked now and then and ends the spin: a thread that spins on the core of the thread it waits for
// only delays it.
template <class Done, class Clash>
bool spin_until(std::chrono::microseconds window, Done done, Clash clash) noexcept {
  const auto end = std::chrono::steady_clock::now() + window;
  do {
    if (clash()) return done();
    for (int i = 0; i < 32; ++i) {
      if (done()) return true;
      cpu_relax();
    }
  } while (std::chrono::steady_clock::now() < end);
  return done();
}

}  // namespace tw
