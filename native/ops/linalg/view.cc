#include "ops/linalg/view.h"

#include <algorithm>

#include "kernels/copy.h"
#include "kernels/gemm.h"
#include "kernels/gemm_integer.h"

namespace tw {
namespace {

// The distance of neighbours when these axes, in this order, can be walked as one; 0: they cannot.
template <class T>
std::int64_t common_stride(const View<T>& view, const Labels& labels) {
  std::int64_t stride = 0, size = 1;
  for (std::size_t i = labels.size(); i-- > 0;) {
    const auto& axis = view.axis(labels[i]);
    if (axis.size == 1) continue;
    if (stride == 0) stride = axis.stride;
    if (axis.stride != stride * size) return 0;
    size *= axis.size;
  }
  return stride == 0 ? 1 : stride;
}

template <class T>
std::vector<std::int64_t> batch_offsets(const View<T>& view, const Labels& batch) {
  std::vector<std::int64_t> offsets = {0};
  for (Label label : batch) {
    const auto& axis = view.axis(label);
    std::vector<std::int64_t> more;
    for (std::int64_t offset : offsets) {
      for (std::int64_t i = 0; i < axis.size; ++i) more.push_back(offset + i * axis.stride);
    }
    offsets = std::move(more);
  }
  return offsets;
}

}  // namespace

Labels joined(const Labels& a, const Labels& b, const Labels& c) {
  Labels all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  return all;
}

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
const typename View<T>::Axis& View<T>::axis(Label label) const noexcept {
  return *std::find_if(axes.begin(), axes.end(),
                       [&](const Axis& axis) { return axis.label == label; });
}

template <class T>
std::int64_t View<T>::size(const Labels& labels) const noexcept {
  std::int64_t size = 1;
  for (Label label : labels) size *= axis(label).size;
  return size;
}

template <class T>
std::vector<typename View<T>::Axis> row_major(const Labels& labels, const View<T>& a,
                                              const View<T>& b) {
  std::vector<typename View<T>::Axis> axes;
  for (Label label : labels) {
    axes.push_back({label, (a.has(label) ? a : b).axis(label).size, 1});
  }
  for (std::size_t i = axes.size(); i-- > 1;) {
    axes[i - 1].stride = axes[i].stride * axes[i].size;
  }
  return axes;
}

template <class T>
const T* in_order(OpContext& c, const View<T>& view, const Labels& labels) {
  const auto axes = row_major(labels, view, view);
  const bool already = std::all_of(axes.begin(), axes.end(), [&](const auto& axis) {
    return axis.size == 1 || axis.stride == view.axis(axis.label).stride;
  });
  if (already) return view.data;
  T* copy = c.temporary_of<T>(view.size(labels));
  spread(c, view, axes, copy);
  return copy;
}

template <class T>
Matrices<T> matrices_of(OpContext& c, const View<T>& view, const Labels& batch, const Labels& rows,
                        const Labels& columns) {
  const std::int64_t m = view.size(rows), n = view.size(columns);
  const std::int64_t stride = common_stride(view, rows);
  if (stride != 0 && (n == 1 || common_stride(view, columns) == 1)) {
    return {view.data, m == 1 ? n : stride, false, batch_offsets(view, batch)};
  }
  Matrices<T> copy{in_order(c, view, joined(batch, rows, columns)), n, false, {}};
  for (std::int64_t p = 0; p < view.size(batch); ++p) {
    copy.offsets.push_back(p * m * n);
  }
  return copy;
}

template <class T>
void multiply(OpContext& c, const ProductSize& s, const Matrices<T>& a, const Matrices<T>& b,
              T* y) {
  const auto batch = static_cast<std::int64_t>(a.offsets.size());
  const auto left = [&](std::int64_t p) { return a.data + a.offsets[static_cast<std::size_t>(p)]; };
  const auto right = [&](std::int64_t p) {
    return b.data + b.offsets[static_cast<std::size_t>(p)];
  };
  if constexpr (std::is_floating_point_v<T>) {
    const GemmPlan plan = gemm_plan<T>({.m = s.m,
                                        .n = s.n,
                                        .k = s.k,
                                        .a_stride = a.stride,
                                        .c_stride = s.n,
                                        .b_stride = b.stride,
                                        .b_transposed = b.transposed,
                                        .batch = std::max<std::int64_t>(1, batch),
                                        .threads = c.threads()});
    const std::int64_t scratch = (plan.scratch + 15) / 16 * 16;
    T* workspace = scratch > 0 ? c.temporary_of<T>(scratch * c.threads()) : nullptr;
    c.parallel_for(batch * plan.tasks, [&](std::int64_t task, int worker) {
      const std::int64_t p = task / plan.tasks;
      const GemmOperands<T> x{left(p), right(p), y + p * s.m * s.n, {}};
      gemm_task(plan, x, task % plan.tasks, workspace + worker * scratch);
    });
  } else {
    c.parallel_for(batch, [&](std::int64_t p, int) {
      const StridedMatrix<T> l{left(p), a.stride, 1};
      const StridedMatrix<T> r{right(p), b.transposed ? 1 : b.stride, b.transposed ? b.stride : 1};
      gemm_integer(l, r, 0, s.m, s.n, s.k, y + p * s.m * s.n);
    });
  }
}

template <class T>
void spread(OpContext& c, const View<T>& from, const std::vector<typename View<T>::Axis>& axes,
            T* to) {
  constexpr auto bytes = static_cast<std::int64_t>(sizeof(T));
  std::vector<CopyAxis> copy_axes;
  for (const auto& axis : axes) {
    const std::int64_t step = from.has(axis.label) ? from.axis(axis.label).stride : 0;
    if (axis.size == 0) return;
    copy_axes.push_back({axis.size, axis.stride * bytes, step * bytes});
  }
  const StridedCopy copy(copy_axes.data(), static_cast<int>(copy_axes.size()), bytes);
  c.parallel_for(copy.tasks(), [&](std::int64_t task, int) {
    copy.run(reinterpret_cast<char*>(to), reinterpret_cast<const char*>(from.data), task);
  });
}

#define TW_VIEW(T)                                                                             \
  template struct View<T>;                                                                     \
  template std::vector<View<T>::Axis> row_major(const Labels&, const View<T>&, const View<T>&); \
  template const T* in_order(OpContext&, const View<T>&, const Labels&);                       \
  template Matrices<T> matrices_of(OpContext&, const View<T>&, const Labels&, const Labels&,   \
                                   const Labels&);                                             \
  template void multiply(OpContext&, const ProductSize&, const Matrices<T>&,                   \
                         const Matrices<T>&, T*);                                              \
  template void spread(OpContext&, const View<T>&, const std::vector<View<T>::Axis>&, T*);
TW_VIEW(float)
TW_VIEW(double)
TW_VIEW(std::int8_t)
TW_VIEW(std::int16_t)
TW_VIEW(std::int32_t)
TW_VIEW(std::int64_t)
TW_VIEW(std::uint8_t)
TW_VIEW(std::uint16_t)
TW_VIEW(std::uint32_t)
TW_VIEW(std::uint64_t)
#undef TW_VIEW

}  // namespace tw
