#pragma once

#include <vector>

#include "graph/attr.h"

namespace tw {

// Python's x[begin:end:stride, ..., newaxis, i], as TensorFlow spells it with masks.
struct StridedSpec {
  std::vector<std::int64_t> begin, end, strides;
  std::int64_t begin_mask = 0, end_mask = 0, ellipsis_mask = 0, new_axis_mask = 0;
  std::int64_t shrink_axis_mask = 0;
  bool partial = false;  // elements may be kUnknownValue

  void take_masks(const Attrs& attrs);
};

// What a specification selects of a shape.
struct StridedView {
  struct Axis {
    std::int64_t begin, stride, size;  // size may be unknown, and then the others mean nothing
  };
  std::vector<Axis> axes;  // one per dim of the input
  Shape dense;             // their sizes
  Shape shape;             // the result: without shrunk axes, with new ones
};

// The input's rank is known; its dims need not be. Throws kInvalidArgument for an index out of
// range, a stride of zero, two ellipses or too many indices.
StridedView strided_view(const Shape& input, const StridedSpec& spec);

}  // namespace tw
