#include "base/thread_pool.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <mutex>

#include "base/background_thread.h"
#include "base/cpu_quota.h"
#include "base/spin.h"

namespace tw {
namespace {

constexpr std::chrono::microseconds kWorkerSpin{50};   // between two parallel loops
constexpr std::chrono::microseconds kUserSpin{200};    // then, while the pool is in use
constexpr std::chrono::microseconds kCallerSpin{100};  // for the last tasks of a loop
constexpr int kSlots = 32;  // loops that can have helpers at the same time
constexpr int kMaxWorkers = 1000;
constexpr int kStretches = 16;

// The state of a slot in one word. While kOpen, a worker may take a seat: seats - 1, active + 1.
constexpr std::uint32_t kTaken = 1, kOpen = 2, kWaiting = 4;
constexpr std::uint32_t kSeat = 1u << 4, kActive = 1u << 16;
constexpr std::uint32_t seats_of(std::uint32_t state) { return (state >> 4) & 0xfff; }
constexpr std::uint32_t active_of(std::uint32_t state) { return state >> 16; }

// A stretch of a loop's tasks. Each thread begins with its own one and then helps the others: in
// the next loop over the same data it finds in its caches what it wrote in this one.
struct alignas(64) Stretch {
  std::atomic<std::int64_t> next{0};
  std::int64_t end = 0;
};

// One running loop. Slots live as long as the process, so a worker may look at any of them.
struct alignas(64) Slot {
  std::atomic<std::uint32_t> state{0};
  const Cancellation* cancel = nullptr;
  const TaskBody* body = nullptr;
  int stretches = 1;
  std::array<Stretch, kStretches> stretch;

  void divide(std::int64_t tasks, int threads) noexcept {
    stretches = std::min(threads, kStretches);
    for (std::int64_t i = 0; i < stretches; ++i) {
      stretch[i].next.store(tasks * i / stretches, std::memory_order_relaxed);
      stretch[i].end = tasks * (i + 1) / stretches;
    }
  }
};

struct alignas(64) Worker {
  std::atomic<int> cpu{-1};  // inside a loop, else -1
  std::atomic<bool> parked{false};
  OwnCores cores;
};

// True while the thread runs a task: nested loops then stay on it.
thread_local bool in_task = false;
thread_local std::uint32_t loops_shared = 0;

bool stopped(const Cancellation* cancel) noexcept { return cancel && cancel->cancelled(); }

class Pool {
 public:
  explicit Pool(int workers) : wanted_(workers), workers_(new Worker[workers + 1]) {}

  // A slot with `seats` free seats, or null when all are in use.
  Slot* open(std::int64_t tasks, int seats, const Cancellation* cancel, const TaskBody& body) {
    std::call_once(started_, [this] { start(); });
    if (running_ == 0) return nullptr;
    for (Slot& slot : slots_) {
      std::uint32_t free = 0;
      if (!slot.state.compare_exchange_strong(free, kTaken, std::memory_order_acquire)) continue;
      slot.cancel = cancel;
      slot.body = &body;
      seats = std::min(seats, running_);
      slot.divide(tasks, seats + 1);
      slot.state.store(kTaken | kOpen | kSeat * seats, std::memory_order_release);
      call(seats, current_cpu());
      return &slot;
    }
    return nullptr;
  }

  void claim_tasks(Slot& slot, int worker) noexcept {
    in_task = true;
    for (int i = 0; i < slot.stretches; ++i) {
      Stretch& stretch = slot.stretch[(worker + i) % slot.stretches];
      while (!stopped(slot.cancel)) {
        const std::int64_t task = stretch.next.fetch_add(1, std::memory_order_relaxed);
        if (task >= stretch.end) break;
        (*slot.body)(task, worker);
      }
    }
    in_task = false;
  }

  // For loops that come soon, from a thread that nobody knows yet.
  void wake(int workers) noexcept {
    if (parked_.load(std::memory_order_relaxed) > 0) call(workers, -1);
  }

  void enter(int workers) noexcept {
    users_.fetch_add(1, std::memory_order_relaxed);
    if (parked_.load(std::memory_order_relaxed) > 0) call(workers, current_cpu());
  }
  void leave() noexcept { users_.fetch_sub(1, std::memory_order_relaxed); }

  // Lets nobody in any more, waits for those inside, gives the slot back.
  void close(Slot& slot) noexcept {
    std::uint32_t state = slot.state.load(std::memory_order_relaxed);
    while (!slot.state.compare_exchange_weak(state, (state & ~0xffffu) | kTaken,
                                             std::memory_order_acquire)) {
    }
    if (active_of(state) > 0) wait_for_workers(slot);
    slot.state.store(0, std::memory_order_release);
  }

 private:
  // Makes all workers look for loops, `count` parked ones too. `cpu` is the caller's core, or -1.
  void call(int count, int cpu) noexcept {
    caller_cpu_.store(cpu, std::memory_order_relaxed);
    epoch_.fetch_add(1, std::memory_order_seq_cst);
    const int asleep = std::min(count, parked_.load(std::memory_order_seq_cst));
    if (asleep == 0) return;
    if (cpu >= 0) keep_off(cpu, asleep);
    for (int i = 0; i < asleep; ++i) epoch_.notify_one();
  }

  // A worker that may run on the caller's core alone, or was woken there before, would get no turn
  // until the caller sleeps.
  void keep_off(int cpu, int count) noexcept {
    for (int w = 0; w < running_ && count > 0; ++w) {
      if (!workers_[w].parked.load(std::memory_order_acquire)) continue;
      workers_[w].cores.keep_off(cpu);
      --count;
    }
  }

  void start() {
    running_ = wanted_;
    for (int w = 0; w < wanted_; ++w) {
      if (start_background_thread("tw-pool", [this, w] { work(w); })) continue;
      running_ = w;
      break;
    }
  }

  void wait_for_workers(Slot& slot) noexcept {
    const auto done = [&] { return active_of(slot.state.load(std::memory_order_acquire)) == 0; };
    const auto clash = [this] {
      const int cpu = current_cpu();
      for (int w = 0; w < running_; ++w) {
        if (cpu >= 0 && workers_[w].cpu.load(std::memory_order_relaxed) == cpu) return true;
      }
      return false;
    };
    if (spin_until(kCallerSpin, done, clash)) return;
    std::uint32_t state = slot.state.fetch_or(kWaiting, std::memory_order_acq_rel) | kWaiting;
    while (active_of(state) > 0) {
      slot.state.wait(state, std::memory_order_acquire);
      state = slot.state.load(std::memory_order_acquire);
    }
  }

  // Takes a seat in the first loop that has one and works there; false when there is none.
  bool help(int w) noexcept {
    for (Slot& slot : slots_) {
      std::uint32_t state = slot.state.load(std::memory_order_acquire);
      while ((state & kOpen) && seats_of(state) > 0) {
        if (!slot.state.compare_exchange_weak(state, state - kSeat + kActive,
                                              std::memory_order_acq_rel)) {
          continue;
        }
        workers_[w].cpu.store(current_cpu(), std::memory_order_relaxed);
        claim_tasks(slot, static_cast<int>(seats_of(state)));
        workers_[w].cpu.store(-1, std::memory_order_relaxed);
        state = slot.state.fetch_sub(kActive, std::memory_order_acq_rel) - kActive;
        // The slot may serve another loop by now; a needless wake-up does no harm.
        if (active_of(state) == 0 && (state & kWaiting)) slot.state.notify_all();
        return true;
      }
    }
    return false;
  }

  [[noreturn]] void work(int w) noexcept {
    Worker& me = workers_[w];
    me.cores.begin();
    for (bool fresh = true;; fresh = false) {
      const std::uint32_t epoch = epoch_.load(std::memory_order_acquire);
      if (help(w)) continue;
      const auto called = [&] { return epoch_.load(std::memory_order_acquire) != epoch; };
      const auto clash = [this, &me] {
        const int cpu = current_cpu();
        return cpu == caller_cpu_.load(std::memory_order_relaxed) && !me.cores.keep_off(cpu);
      };
      const auto over = [&] { return called() || users_.load(std::memory_order_relaxed) == 0; };
      if (!fresh && spin_until(kWorkerSpin, called, clash)) continue;
      if (!fresh && spin_until(kUserSpin, over, clash) && called()) continue;
      me.parked.store(true, std::memory_order_release);
      parked_.fetch_add(1, std::memory_order_seq_cst);
      epoch_.wait(epoch, std::memory_order_seq_cst);
      parked_.fetch_sub(1, std::memory_order_seq_cst);
      me.parked.store(false, std::memory_order_relaxed);
    }
  }

  const int wanted_;
  int running_ = 0;
  std::once_flag started_;
  std::unique_ptr<Worker[]> workers_;
  std::array<Slot, kSlots> slots_;
  alignas(64) std::atomic<std::uint32_t> epoch_{0};  // one more for each loop opened
  std::atomic<int> users_{0};
  std::atomic<int> parked_{0};
  std::atomic<int> caller_cpu_{-1};
};

// Never destroyed: at process exit workers may still run.
Pool& pool() {
  static Pool* const instance = new Pool(std::min(pool_size() - 1, kMaxWorkers));
  return *instance;
}

}  // namespace

int pool_size() noexcept {
  static const int size = usable_cores();
  return size;
}

void parallel_for(std::int64_t tasks, int threads, const Cancellation* cancel, TaskBody body) {
  if (tasks <= 0) return;
  threads = static_cast<int>(std::min<std::int64_t>({threads, tasks, pool_size()}));
  Slot* slot = nullptr;
  if (threads > 1 && !in_task) slot = pool().open(tasks, threads - 1, cancel, body);
  if (slot == nullptr) {
    for (std::int64_t task = 0; task < tasks && !stopped(cancel); ++task) body(task, 0);
    return;
  }
  ++loops_shared;
  pool().claim_tasks(*slot, 0);
  pool().close(*slot);
}

std::uint32_t shared_loops() noexcept { return loops_shared; }

void wake_pool(int threads) noexcept { pool().wake(std::min(threads, pool_size()) - 1); }

PoolInUse::PoolInUse(int threads) noexcept { pool().enter(std::min(threads, pool_size()) - 1); }

PoolInUse::~PoolInUse() { pool().leave(); }

}  // namespace tw
