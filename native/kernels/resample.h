#pragma once

#include <cstdint>

#include "kernels/scan.h"

namespace tw {

// How each output along one axis is made: `taps` inputs by index, each times its weight. An index
// of -1 gives `outside` instead of an input.
struct Taps {
  const std::int64_t* index;  // [outputs, taps]
  const float* weight;        // [outputs, taps]
  std::int64_t outputs, taps;
  float outside;
};

// Resamples the axis of `lines` (whose length is that of x) for outer slices [first, last). T is
// float or double; y may not be x.
void resample(const Lines& lines, const Taps& taps, const float* x, float* y, std::int64_t first,
              std::int64_t last) noexcept;
void resample(const Lines& lines, const Taps& taps, const double* x, double* y, std::int64_t first,
              std::int64_t last) noexcept;

// Backwards: adds each row of y, `taps.outputs` of them, times its weights to the rows of x that it
// was made of. x is overwritten.
void spread(const Lines& lines, const Taps& taps, const float* y, float* x, std::int64_t first,
            std::int64_t last) noexcept;
void spread(const Lines& lines, const Taps& taps, const double* y, double* x, std::int64_t first,
            std::int64_t last) noexcept;

}  // namespace tw
