#pragma once

#include <algorithm>
#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// A tensor as lines along one axis: [outer, length, inner]; line l starts at
// l / inner * length * inner + l % inner and steps by inner.
struct Lines {
  std::int64_t outer, length, inner;
  // How many lines make a task worth its hand-over.
  std::int64_t group() const noexcept {
    return std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(length, 1));
  }
};

// y[l] = index of the largest (or least) element of line l, the first of equals or of NaNs, for
// lines [first, last); int64, or int32 when not wide. bool counts as uint8.
void arg_extreme(bool maximum, DType dtype, const Lines& lines, const void* x, void* y, bool wide,
                 std::int64_t first, std::int64_t last) noexcept;

enum class Scan { kSum, kProd };

// Running sums or products of lines [first, last); y may be x.
void cumulate(Scan kind, DType dtype, const Lines& lines, const void* x, void* y, bool exclusive,
              bool reverse, std::int64_t first, std::int64_t last) noexcept;

// z = 0 at the beginning of a line, then z[i + 1] = b[i] + a[i] z[i], for lines [first, last) of
// floats; the other way round when reverse. z may be a or b.
void linear_scan(DType dtype, const Lines& lines, const void* a, const void* b, void* z,
                 bool reverse, std::int64_t first, std::int64_t last) noexcept;

}  // namespace tw
