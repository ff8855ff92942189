#include "ops/linalg/contraction.h"

#include <algorithm>

namespace tw {
namespace {

bool contains(const Labels& labels, Label label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

// The labels of a pair of operands by what happens to them.
struct Roles {
  Labels batch, rows, columns, depth;
};

template <class T>
void multiply_elements(OpContext& c, std::int64_t n, const T* a, const T* b, T* y) {
  constexpr std::int64_t kBlock = 1 << 14;
  c.parallel_for((n + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
    const std::int64_t last = std::min(n, (task + 1) * kBlock);
    for (std::int64_t i = task * kBlock; i < last; ++i) y[i] = static_cast<T>(a[i] * b[i]);
  });
}

// Whether the depth is what lies together in b.
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

// Sums a view over the labels that are not in `kept`, as a product with ones.
template <class T>
View<T> sum_lone(OpContext& c, const View<T>& view, const Labels& kept) {
  Roles roles;
  std::int64_t widest = 0;
  for (const auto& axis : view.axes) {
    if (contains(kept, axis.label)) continue;
    roles.depth.push_back(axis.label);
    widest = std::max(widest, axis.stride);
  }
  if (roles.depth.empty()) return view;
  for (const auto& axis : view.axes) {
    if (!contains(kept, axis.label)) continue;
    (axis.stride > widest ? roles.batch : roles.columns).push_back(axis.label);
  }
  const std::int64_t k = view.size(roles.depth);
  const Labels order = joined(roles.batch, roles.columns, {});
  T* ones = c.temporary_of<T>(k);
  std::fill_n(ones, k, T(1));
  T* y = c.temporary_of<T>(view.size(order));
  if (roles.columns.empty()) {
    std::swap(roles.batch, roles.rows);
    const std::int64_t m = view.size(roles.rows);
    const Matrices<T> left = matrices_of(c, view, {}, roles.rows, roles.depth);
    if (m > 0) multiply(c, {m, 1, k}, left, {ones, k, true, {0}}, y);
  } else {
    const Matrices<T> right = matrices_of(c, view, roles.batch, roles.depth, roles.columns);
    const std::int64_t n = view.size(roles.columns);
    const std::vector<std::int64_t> zeros(right.offsets.size());
    if (n > 0) multiply(c, {1, n, k}, {ones, k, false, zeros}, right, y);
  }
  View<T> sums(y);
  sums.axes = row_major(order, view, view);
  return sums;
}

// b as [k][n], or as [n][k] when its depth lies together.
template <class T>
Matrices<T> right_matrices(OpContext& c, const View<T>& b, const Roles& roles) {
  if (!depth_is_innermost(b, roles)) {
    return matrices_of(c, b, roles.batch, roles.depth, roles.columns);
  }
  Matrices<T> found = matrices_of(c, b, roles.batch, roles.columns, roles.depth);
  found.transposed = true;
  return found;
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
  const ProductSize s{a.size(roles.rows), b.size(roles.columns),
                      a.size(roles.depth)};
  const std::int64_t size = a.size(roles.batch) * s.m * s.n;
  T* out = y != nullptr && order == target ? y : c.temporary_of<T>(size);
  if (s.m == 1 && s.n == 1 && s.k == 1) {
    const Labels left = joined(roles.batch, roles.rows, roles.depth);
    const Labels right = joined(roles.batch, roles.columns, roles.depth);
    multiply_elements(c, size, in_order(c, a, left), in_order(c, b, right), out);
  } else if (size > 0) {
    const Matrices<T> left = matrices_of(c, a, roles.batch, roles.rows, roles.depth);
    multiply(c, s, left, right_matrices(c, b, roles), out);
  }
  View<T> result(out);
  result.axes = row_major(order, a, b);
  return result;
}

}  // namespace

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

#define TW_CONTRACT(T) \
  template View<T> contract(OpContext&, const std::vector<View<T>>&, const Labels&, T*);
TW_CONTRACT(float)
TW_CONTRACT(double)
TW_CONTRACT(std::int8_t)
TW_CONTRACT(std::int16_t)
TW_CONTRACT(std::int32_t)
TW_CONTRACT(std::int64_t)
TW_CONTRACT(std::uint8_t)
TW_CONTRACT(std::uint16_t)
TW_CONTRACT(std::uint32_t)
TW_CONTRACT(std::uint64_t)
#undef TW_CONTRACT

}  // namespace tw
