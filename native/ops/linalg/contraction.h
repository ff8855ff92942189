#pragma once

#include "ops/linalg/view.h"

namespace tw {

// The sum of the products of the operands over all labels that are not in `target`. The result has
// the labels of `target` that any operand has; it lies in temporary memory, or in `y` when that
// is given and then row-major in the order of `target` (all of which must occur).
// T: float, double or an integer. Sums run in a fixed order.
template <class T>
View<T> contract(OpContext& c, const std::vector<View<T>>& operands, const Labels& target, T* y);

}  // namespace tw
