#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// What one sequence is to be read as: labels in [0, classes) other than the blank.
struct CtcTarget {
  const std::int32_t* labels;
  std::int64_t count;
  std::int32_t blank;
};

// How many doubles of workspace ctc_loss needs.
std::int64_t ctc_workspace(std::int64_t steps, std::int64_t count) noexcept;

// -log of the probability of all alignments of the target with log_p [steps, classes], float or
// double, of which each row is a log softmax. With `slopes`, log_p becomes `scale` times the
// gradient by what the softmax was taken of. Infinity, with a gradient of 0, where no alignment is
// possible. steps > 0.
double ctc_loss(DType dtype, void* log_p, std::int64_t steps, std::int64_t classes,
                const CtcTarget& target, bool slopes, double scale, double* workspace) noexcept;

}  // namespace tw
