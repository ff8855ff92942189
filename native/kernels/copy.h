#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "kernels/copy_loops.h"

namespace tw {

constexpr int kMaxCopyAxes = 24;

// A copy of elements of a fixed size (1, 2, 4, 8 or 16 bytes) between two strided views of the same
// dims, cut into tasks that write disjoint parts of the target; the cut depends on nothing else.
// Target and source do not overlap. No alignment is asked for.
class StridedCopy {
 public:
  // axes: in any order, at most kMaxCopyAxes; steps in bytes. No two elements share a target.
  StridedCopy(const CopyAxis* axes, int count, std::int64_t element_bytes) noexcept;

  std::int64_t tasks() const noexcept { return tasks_; }
  void run(char* to, const char* from, std::int64_t task) const noexcept;

 private:
  void add(const CopyAxis& axis) noexcept;
  void merge() noexcept;
  void widen() noexcept;
  void choose_loop() noexcept;
  void cut() noexcept;

  std::array<CopyAxis, kMaxCopyAxes + 2> axes_{};  // outermost first; at least 2
  int rank_ = 0;
  std::int64_t element_bytes_ = 1;
  CopyLoop loop_ = nullptr;
  bool tiled_ = false;       // the loop is a transposition
  int cut_axis_ = 0;         // tasks are the indices of the axes before it, and chunks of it
  std::int64_t chunk_ = 1;
  std::int64_t chunks_ = 1;
  std::int64_t tasks_ = 0;
};

}  // namespace tw
