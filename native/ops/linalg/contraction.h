#pragma once

#include <map>
#include <vector>

#include "graph/op_context.h"
#include "ops/linalg/equation.h"

namespace tw {

// Elements of a tensor by named axes, in any order; strides in elements.
template <class T>
struct View {
  struct Axis {
    Label label;
    std::int64_t size, stride;
  };
  const T* data;
  std::vector<Axis> axes;  // no label twice

  // A row-major tensor. Repeated labels become the diagonal; dims of 1 that broadcast are left out.
  View(const T* elements, const Labels& labels, const Shape& shape,
       const std::map<Label, std::int64_t>& sizes);
  explicit View(const T* elements) : data(elements) {}
  bool has(Label label) const noexcept;
};

// The sum of the products of the operands over all labels that are not in `target`. The result has
// the labels of `target` that any operand has; it lies in temporary memory, or in `y` when that
// is given and then row-major in the order of `target` (all of which must occur).
// T: float, double or an integer. Sums run in a fixed order.
template <class T>
View<T> contract(OpContext& c, const std::vector<View<T>>& operands, const Labels& target, T* y);

// Copies a view into a strided place: `axes` are those of the target; labels that the view lacks
// are repeated.
template <class T>
void spread(OpContext& c, const View<T>& from, const std::vector<typename View<T>::Axis>& axes,
            T* to);

}  // namespace tw
