#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

constexpr int kMaxSumAxes = 22;

// The axes of a tensor, outermost first, and which of them are summed over; the result holds the
// others in their order.
struct SumAxes {
  struct Axis {
    std::int64_t size, step;  // in elements of x
    bool summed;
  };
  Axis axis[kMaxSumAxes];
  int count = 0;
  void add(std::int64_t size, bool summed) noexcept;
};

// y = x summed; cut into tasks that write disjoint parts of y. Floating dtypes are accumulated in
// float64 and rounded once, integers modulo 2^n; the order depends on the axes alone.
// dtype: numeric or complex. x has at least one element.
class SumTo {
 public:
  SumTo(SumAxes axes, DType dtype) noexcept;
  std::int64_t tasks() const noexcept { return tasks_; }
  void run(void* y, const void* x, std::int64_t task) const noexcept;

 private:
  using Loop = void (*)(const SumAxes& summed, std::int64_t columns, void* y,
                        const void* x) noexcept;

  SumAxes kept_, summed_;          // kept_: without the columns
  std::int64_t columns_ = 1;       // the innermost axis when it is kept, else 1
  std::int64_t bytes_;             // of one element
  Loop loop_;
  std::int64_t chunks_, units_, units_per_task_, tasks_;
};

}  // namespace tw
