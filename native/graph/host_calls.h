#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace tw {

// How steps call functions of the program around the engine.
class HostCalls {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Calls a function, by its number, and waits for its results; on any thread. Throws what the
  // function fails with, kCancelled or kDeadlineExceeded.
  virtual std::vector<Tensor> call(std::int64_t function, std::span<const Tensor> inputs,
                                   Allocator& allocator, const Cancellation* cancellation,
                                   Deadline deadline) = 0;

 protected:
  ~HostCalls() = default;
};

}  // namespace tw
