#pragma once

#include <vector>

#include "graph/attr.h"
#include "kernels/resample.h"

namespace tw {

// One axis that is resized: its sizes, the scale between them, and the part of it that is cropped
// out, from 0 to 1.
struct Resized {
  std::int64_t from, to;
  double scale, start, end;
};

// Indices and weights that belong to an axis, kept for the time of the kernel.
struct AxisTaps {
  std::vector<std::int64_t> index;
  std::vector<float> weight;
  std::int64_t outputs, taps;
  Taps view(float outside) const noexcept {
    return {index.data(), weight.data(), outputs, taps, outside};
  }
};

// By the attrs mode, coordinate_transformation_mode, nearest_mode, cubic_coeff_a, antialias and
// exclude_outside.
AxisTaps axis_taps(const Attrs& attrs, const Resized& axis);

}  // namespace tw
