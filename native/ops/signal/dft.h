#pragma once

#include "graph/op_context.h"

namespace tw::dft {

// [outer, length, inner, parts] along an axis; parts 2 for complex numbers, 1 for real ones.
struct Signal {
  std::int64_t outer, length, inner, parts;
};

Signal signal_of(const Shape& x, int axis);
// The axis in [0, rank - 1), since the last one is that of the parts.
int axis_of(std::int64_t axis, int rank);
// The axis that optional input i gives, the last but one by default.
int axis_of(OpContext& c, int i, int rank);
// How many points the transform of a signal has: those that optional input i gives.
std::int64_t points_of(OpContext& c, int i, const Signal& s);
// The shape of the result for a transform of so many points.
Shape transformed(const Attrs& attrs, const Shape& x, int axis, std::int64_t points);
// Whether the signal is one half of a spectrum, to be completed.
bool takes_half(const Attrs& attrs);

}  // namespace tw::dft
