#include "ops/linalg/contraction.h"

#include <algorithm>

#include "kernels/copy.h"
#include "kernels/gemm.h"
#include "kernels/gemm_integer.h"

namespace tw {
namespace {

bool contains(const Labels& labels, Label label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

template <class T>
const typename View<T>::Axis& axis_of(const View<T>& view, Label label) {
  return *std::find_if(view.axes.begin(), view.axes.end(),
                       [&](const auto& axis) { return axis.label == label; });
}

template <class T>
std::int64_t size_of_labels(const View<T>& view, const Labels& labels) {
  std::int64_t size = 1;
  for (Label label : labels) size *= axis_of(view, label).size;
  return size;
}

// Row-major axes for these labels, with the sizes that they have in the views.
template <class T>
std::vector<typename View<T>::Axis> row_major(const Labels& labels, const View<T>& a,
                                              const View<T>& b) {
  std::vector<typename View<T>::Axis> axes;
  for (Label label : labels) {
    axes.push_back({label, axis_of(a.has(label) ? a : b, label).size, 1});
  }
  for (std::size_t i = axes.size(); i-- > 1;) {
    axes[i - 1].stride = axes[i].stride * axes[i].size;
  }
  return axes;
}

// The elements in the order of `labels`, which are all that the view has: in place when they lie
// so already.
template <class T>
const T* in_order(OpContext& c, const View<T>& view, const Labels& labels) {
  const auto axes = row_major(labels, view, view);
  const bool already = std::all_of(axes.begin(), axes.end(), [&](const auto& axis) {
    return axis.size == 1 || axis.stride == axis_of(view, axis.label).stride;
  });
  if (already) return view.data;
  T* copy = c.temporary_of<T>(size_of_labels(view, labels));
  spread(c, view, axes, copy);
  return copy;
}

// The labels of a pair of operands by what happens to them.
struct Roles {
  Labels batch, rows, columns, depth;
};

// [batch][m][k] times [batch][k][n] or [batch][n][k].
struct ProductShape {
  std::int64_t batch, m, n, k;
  bool transposed;
};

template <class T>
void multiply(OpContext& c, const ProductShape& s, const T* a, const T* b, T* y) {
  if constexpr (std::is_floating_point_v<T>) {
    const GemmPlan plan = gemm_plan<T>({.m = s.m,
                                        .n = s.n,
                                        .k = s.k,
                                        .a_stride = s.k,
                                        .c_stride = s.n,
                                        .b_stride = s.transposed ? s.k : s.n,
                                        .b_transposed = s.transposed,
                                        .batch = std::max<std::int64_t>(1, s.batch)});
    const std::int64_t scratch = (plan.scratch + 15) / 16 * 16;
    T* workspace = scratch > 0 ? c.temporary_of<T>(scratch * c.threads()) : nullptr;
    c.parallel_for(s.batch * plan.tasks, [&](std::int64_t task, int worker) {
      const std::int64_t p = task / plan.tasks;
      const GemmOperands<T> x{a + p * s.m * s.k, b + p * s.k * s.n, y + p * s.m * s.n, {}};
      gemm_task(plan, x, task % plan.tasks, workspace + worker * scratch);
    });
  } else {
    c.parallel_for(s.batch, [&](std::int64_t p, int) {
      const StridedMatrix<T> left{a + p * s.m * s.k, s.k, 1};
      const StridedMatrix<T> right{b + p * s.k * s.n, s.transposed ? 1 : s.n,
                                   s.transposed ? s.k : 1};
      gemm_integer(left, right, 0, s.m, s.n, s.k, y + p * s.m * s.n);
    });
  }
}

template <class T>
void multiply_elements(OpContext& c, std::int64_t n, const T* a, const T* b, T* y) {
  constexpr std::int64_t kBlock = 1 << 14;
  c.parallel_for((n + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
    const std::int64_t last = std::min(n, (task + 1) * kBlock);
    for (std::int64_t i = task * kBlock; i < last; ++i) y[i] = static_cast<T>(a[i] * b[i]);
  });
}

// Whether b is better taken as [batch][n][k]: when its depth is what lies together.
template <class T>
bool depth_is_innermost(const View<T>& b, const Roles& roles) {
  std::int64_t least = INT64_MAX;
  Label innermost = -1;
  for (const auto& axis : b.axes) {
    if (axis.size > 1 && axis.stride < least) {
      least = axis.stride;
      innermost = axis.label;
    }
  }
  return contains(roles.depth, innermost);
}

Labels joined(const Labels& a, const Labels& b, const Labels& c) {
  Labels all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  return all;
}

// Sums a view over the labels that are not in `kept`.
template <class T>
View<T> sum_lone(OpContext& c, const View<T>& view, const Labels& kept) {
  Roles roles;
  for (const auto& axis : view.axes) {
    (contains(kept, axis.label) ? roles.rows : roles.depth).push_back(axis.label);
  }
  if (roles.depth.empty()) return view;
  const std::int64_t m = size_of_labels(view, roles.rows), k = size_of_labels(view, roles.depth);
  const T* a = in_order(c, view, joined(roles.rows, roles.depth, {}));
  T* ones = c.temporary_of<T>(k);
  std::fill_n(ones, k, T(1));
  T* y = c.temporary_of<T>(m);
  if (m > 0) multiply(c, {1, m, 1, k, true}, a, ones, y);
  View<T> sums(y);
  sums.axes = row_major(roles.rows, view, view);
  return sums;
}

// Labels by their place in `target`, so that the product often comes out in that order; those
// that are elsewhere keep their order behind.
void sort_by(Labels& labels, const Labels& target) {
  std::stable_sort(labels.begin(), labels.end(), [&](Label a, Label b) {
    return std::find(target.begin(), target.end(), a) < std::find(target.begin(), target.end(), b);
  });
}

template <class T>
Roles roles_of(const View<T>& a, const View<T>& b, const Labels& needed, const Labels& target) {
  Roles roles;
  for (const auto& axis : a.axes) {
    if (!b.has(axis.label)) {
      roles.rows.push_back(axis.label);
    } else {
      (contains(needed, axis.label) ? roles.batch : roles.depth).push_back(axis.label);
    }
  }
  for (const auto& axis : b.axes) {
    if (!a.has(axis.label)) roles.columns.push_back(axis.label);
  }
  for (Labels* labels : {&roles.batch, &roles.rows, &roles.columns}) sort_by(*labels, target);
  return roles;
}

// The product of two views, summed over the labels that are not needed later.
template <class T>
View<T> product(OpContext& c, View<T> a, View<T> b, const Labels& needed, const Labels& target,
                T* y) {
  const auto and_labels = [&](const View<T>& view) {
    Labels kept = needed;
    for (const auto& axis : view.axes) kept.push_back(axis.label);
    return kept;
  };
  a = sum_lone(c, a, and_labels(b));
  b = sum_lone(c, b, and_labels(a));
  Roles roles = roles_of(a, b, needed, target);
  const Labels swapped = joined(roles.batch, roles.columns, roles.rows);
  if (swapped == target) {
    std::swap(a, b);
    std::swap(roles.rows, roles.columns);
  }
  const Labels order = joined(roles.batch, roles.rows, roles.columns);
  const ProductShape s{size_of_labels(a, roles.batch), size_of_labels(a, roles.rows),
                       size_of_labels(b, roles.columns), size_of_labels(a, roles.depth),
                       depth_is_innermost(b, roles)};
  const std::int64_t size = s.batch * s.m * s.n;
  T* out = y != nullptr && order == target ? y : c.temporary_of<T>(size);
  const T* left = in_order(c, a, joined(roles.batch, roles.rows, roles.depth));
  const T* right = in_order(c, b, s.transposed ? joined(roles.batch, roles.columns, roles.depth)
                                               : joined(roles.batch, roles.depth, roles.columns));
  if (s.m == 1 && s.n == 1 && s.k == 1) {
    multiply_elements(c, size, left, right, out);
  } else if (size > 0) {
    multiply(c, s, left, right, out);
  }
  View<T> result(out);
  result.axes = row_major(order, a, b);
  return result;
}

}  // namespace

template <class T>
View<T>::View(const T* elements, const Labels& labels, const Shape& shape,
              const std::map<Label, std::int64_t>& sizes)
    : data(elements) {
  const auto strides = shape.strides();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int64_t size = shape[static_cast<int>(i)];
    if (size == 1 && sizes.at(labels[i]) != 1) continue;
    const auto found = std::find_if(axes.begin(), axes.end(),
                                    [&](const Axis& axis) { return axis.label == labels[i]; });
    if (found == axes.end()) {
      axes.push_back({labels[i], size, strides[i]});
    } else {
      found->stride += strides[i];
    }
  }
}

template <class T>
bool View<T>::has(Label label) const noexcept {
  return std::any_of(axes.begin(), axes.end(),
                     [&](const Axis& axis) { return axis.label == label; });
}

template <class T>
View<T> contract(OpContext& c, const std::vector<View<T>>& operands, const Labels& target, T* y) {
  View<T> result = operands[0];
  for (std::size_t i = 1; i < operands.size(); ++i) {
    Labels needed = target;
    for (std::size_t later = i + 1; later < operands.size(); ++later) {
      for (const auto& axis : operands[later].axes) needed.push_back(axis.label);
    }
    const bool last = i + 1 == operands.size();
    result = product(c, result, operands[i], needed, target, last ? y : nullptr);
  }
  result = sum_lone(c, result, target);
  if (y == nullptr || result.data == y) return result;
  View<T> placed(y);
  placed.axes = row_major(target, result, result);
  spread(c, result, placed.axes, y);
  return placed;
}

template <class T>
void spread(OpContext& c, const View<T>& from, const std::vector<typename View<T>::Axis>& axes,
            T* to) {
  constexpr auto bytes = static_cast<std::int64_t>(sizeof(T));
  std::vector<CopyAxis> copy_axes;
  for (const auto& axis : axes) {
    const std::int64_t step = from.has(axis.label) ? axis_of(from, axis.label).stride : 0;
    if (axis.size == 0) return;
    copy_axes.push_back({axis.size, axis.stride * bytes, step * bytes});
  }
  const StridedCopy copy(copy_axes.data(), static_cast<int>(copy_axes.size()), bytes);
  c.parallel_for(copy.tasks(), [&](std::int64_t task, int) {
    copy.run(reinterpret_cast<char*>(to), reinterpret_cast<const char*>(from.data), task);
  });
}

#define TW_CONTRACTION(T)                                                                     \
  template struct View<T>;                                                                    \
  template View<T> contract(OpContext&, const std::vector<View<T>>&, const Labels&, T*);      \
  template void spread(OpContext&, const View<T>&, const std::vector<View<T>::Axis>&, T*);
TW_CONTRACTION(float)
TW_CONTRACTION(double)
TW_CONTRACTION(std::int8_t)
TW_CONTRACTION(std::int16_t)
TW_CONTRACTION(std::int32_t)
TW_CONTRACTION(std::int64_t)
TW_CONTRACTION(std::uint8_t)
TW_CONTRACTION(std::uint16_t)
TW_CONTRACTION(std::uint32_t)
TW_CONTRACTION(std::uint64_t)
#undef TW_CONTRACTION

}  // namespace tw
