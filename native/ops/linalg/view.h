#pragma once

#include <map>
#include <vector>

#include "graph/op_context.h"
#include "ops/linalg/equation.h"

namespace tw {

Labels joined(const Labels& a, const Labels& b, const Labels& c);

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
  // A label that the view has.
  const Axis& axis(Label label) const noexcept;
  // The number of elements along these labels, all of which the view has.
  std::int64_t size(const Labels& labels) const noexcept;
};

// Row-major axes for these labels, with the sizes that they have in the views.
template <class T>
std::vector<typename View<T>::Axis> row_major(const Labels& labels, const View<T>& a,
                                              const View<T>& b);

// Copies a view into a strided place: `axes` are those of the target; labels that the view lacks
// are repeated.
template <class T>
void spread(OpContext& c, const View<T>& from, const std::vector<typename View<T>::Axis>& axes,
            T* to);

// The elements in the order of `labels`, which are all that the view has: in place when they lie
// so already.
template <class T>
const T* in_order(OpContext& c, const View<T>& view, const Labels& labels);

// One matrix for each element of the batch: rows `stride` apart, elements of a row together. A
// right-hand matrix has the depth in its rows (k x n), or in its columns when it is transposed.
template <class T>
struct Matrices {
  const T* data;
  std::int64_t stride;
  bool transposed;
  std::vector<std::int64_t> offsets;
};

// The view as matrices of `rows` and `columns`: where it lies, or copied when the elements of a row
// are not together.
template <class T>
Matrices<T> matrices_of(OpContext& c, const View<T>& view, const Labels& batch, const Labels& rows,
                        const Labels& columns);

struct ProductSize {
  std::int64_t m, n, k;
};

// y[p] = a[p] * b[p], one after the other.
template <class T>
void multiply(OpContext& c, const ProductSize& s, const Matrices<T>& a, const Matrices<T>& b,
              T* y);

}  // namespace tw
