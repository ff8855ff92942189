#pragma once

namespace tw {

// A piece of work for a runner thread. run() may delete the job: nothing is touched after it.
class RunnerJob {
 public:
  virtual ~RunnerJob() = default;
  virtual void run() noexcept = 0;

 private:
  friend class RunnerThreads;
  RunnerJob* next_ = nullptr;
};

// Hands the job to one of the process's runner threads. They start on demand, at most twice the
// cores and at least 4, and are never destroyed; an idle one spins for some microseconds when jobs
// follow each other closely, then parks. Jobs beyond that wait in order of submission. When the
// system refuses even the first thread, the job runs on the calling thread.
void submit(RunnerJob* job) noexcept;

// While one exists, its job waits for something that may need a runner itself: one more may start.
class RunnerWaits {
 public:
  RunnerWaits() noexcept;
  ~RunnerWaits();
  RunnerWaits(const RunnerWaits&) = delete;
  RunnerWaits& operator=(const RunnerWaits&) = delete;
};

// How many jobs can run at the same time.
int runner_limit() noexcept;

}  // namespace tw
