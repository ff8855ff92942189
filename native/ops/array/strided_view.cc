#include "ops/array/strided_view.h"

#include <algorithm>

#include "graph/graph.h"

namespace tw {
namespace {

class Viewer {
 public:
  Viewer(const Shape& input, const StridedSpec& spec) : input_(input), spec_(spec) {}

  StridedView view() {
    const int count = static_cast<int>(spec_.begin.size());
    check(spec_.end.size() == spec_.begin.size() && spec_.strides.size() == spec_.begin.size(),
          Code::kInvalidArgument,
          "begin, end and strides must have the same number of elements, got ",
          spec_.begin.size(), ", ", spec_.end.size(), " and ", spec_.strides.size());
    check(count <= 62, Code::kInvalidArgument, "expected at most 62 indices, got ", count);
    int ellipses = 0, spans = 0;
    for (int i = 0; i < count; ++i) {
      if (bit(spec_.ellipsis_mask, i)) {
        ++ellipses;
      } else if (!bit(spec_.new_axis_mask, i)) {
        ++spans;
      }
    }
    check(ellipses <= 1, Code::kInvalidArgument, "Multiple ellipses in slice spec not allowed");
    for (int i = 0; i < count; ++i) {
      if (bit(spec_.ellipsis_mask, i)) {
        take_whole(input_.rank() - spans);
      } else if (bit(spec_.new_axis_mask, i)) {
        made_.shape.push_back(1);
      } else {
        take(i);
      }
    }
    take_whole(input_.rank() - static_cast<int>(made_.axes.size()));
    return std::move(made_);
  }

 private:
  static bool bit(std::int64_t mask, int i) { return (mask >> i & 1) != 0; }
  bool known(std::int64_t value) const { return !spec_.partial || value != kUnknownValue; }

  void take_whole(int count) {
    for (int i = 0; i < count; ++i) {
      const std::int64_t dim = input_[static_cast<int>(made_.axes.size())];
      add({0, 1, dim});
      made_.shape.push_back(dim);
    }
  }

  void add(const StridedView::Axis& axis) {
    made_.axes.push_back(axis);
    made_.dense.push_back(axis.size);
  }

  void take(int i) {
    const int axis = static_cast<int>(made_.axes.size());
    check(axis < input_.rank(), Code::kInvalidArgument, "Index out of range using input dim ", axis,
          "; input has only ", input_.rank(), " dims");
    const std::int64_t dim = input_[axis], stride = at(spec_.strides, i);
    check(stride != 0, Code::kInvalidArgument, "strides[", i, "] must be non-zero");
    if (bit(spec_.shrink_axis_mask, i)) {
      check(!known(stride) || stride > 0, Code::kInvalidArgument,
            "only stride 1 allowed on non-range indexing, got strides[", i, "] = ", stride);
      return add({index(i, axis, dim), 1, 1});
    }
    add(range(i, dim, stride));
    made_.shape.push_back(made_.axes.back().size);
  }

  std::int64_t index(int i, int axis, std::int64_t dim) const {
    const std::int64_t begin = at(spec_.begin, i);
    if (dim == kUnknownDim || !known(begin)) return 0;
    check(begin >= -dim && begin < dim, Code::kInvalidArgument, "slice index ", begin,
          " of dimension ", axis, " out of bounds: expected a value in [", -dim, ", ", dim, ")");
    return begin < 0 ? begin + dim : begin;
  }

  StridedView::Axis range(int i, std::int64_t dim, std::int64_t stride) const {
    const bool open_begin = bit(spec_.begin_mask, i), open_end = bit(spec_.end_mask, i);
    const std::int64_t begin = at(spec_.begin, i), end = at(spec_.end, i);
    if (dim == kUnknownDim || !known(stride) || (!open_begin && !known(begin)) ||
        (!open_end && !known(end))) {
      return {0, 1, kUnknownDim};
    }
    // The places where a walk may start and end: a backward one ends before the first element.
    const std::int64_t low = stride > 0 ? 0 : -1, high = stride > 0 ? dim : dim - 1;
    const auto clamped = [&](std::int64_t x) { return std::clamp(x < 0 ? x + dim : x, low, high); };
    const std::int64_t first = open_begin ? (stride > 0 ? low : high) : clamped(begin);
    const std::int64_t last = open_end ? (stride > 0 ? high : low) : clamped(end);
    const std::int64_t span = last - first;
    const bool empty = span == 0 || (span < 0) != (stride < 0);
    if (empty) return {0, 1, 0};
    return {first, stride, span / stride + (span % stride != 0 ? 1 : 0)};
  }

  static std::int64_t at(const std::vector<std::int64_t>& values, int i) {
    return values[static_cast<std::size_t>(i)];
  }

  const Shape& input_;
  const StridedSpec& spec_;
  StridedView made_;
};

}  // namespace

void StridedSpec::take_masks(const Attrs& attrs) {
  begin_mask = attrs.integer("begin_mask");
  end_mask = attrs.integer("end_mask");
  ellipsis_mask = attrs.integer("ellipsis_mask");
  new_axis_mask = attrs.integer("new_axis_mask");
  shrink_axis_mask = attrs.integer("shrink_axis_mask");
}

StridedView strided_view(const Shape& input, const StridedSpec& spec) {
  return Viewer(input, spec).view();
}

}  // namespace tw
