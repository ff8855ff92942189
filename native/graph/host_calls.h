#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/cancellation.h"
#include "tensor/tensor.h"

namespace tw {

// How steps call functions of the program around the engine.
class HostCalls {
 public:
  // Calls a function, by its number, and waits for its results; on any thread. Throws what the
  // function fails with, kCancelled or kDeadlineExceeded.
  virtual std::vector<Tensor> call(std::int64_t function, std::span<const Tensor> inputs,
                                   Allocator& allocator, const Cancellation* cancellation) = 0;

 protected:
  ~HostCalls() = default;
};

}  // namespace tw
