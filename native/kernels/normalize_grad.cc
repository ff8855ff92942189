#include "kernels/normalize_grad.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/normalize_grad.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"

#include "kernels/storage.h"
#include "kernels/row_sum.h"

namespace tw::KERNEL_ISA {

template <class S>
struct NormRow {
  const S *dy, *x, *scale;
  Vec<Math<S>> mean, inverse;
  int64_t n;

  VEC_FN Vec<Math<S>> value(int64_t i, int64_t lanes) const noexcept {
    return (lanes_at<S>(x, i, lanes, Math<S>(0)) - mean) * inverse;
  }
  VEC_FN Vec<Math<S>> flow(int64_t i, int64_t lanes) const noexcept {
    const Vec<Math<S>> d = lanes_at<S>(dy, i, lanes, Math<S>(0));
    return scale == nullptr ? d : d * lanes_at<S>(scale, i, lanes, Math<S>(0));
  }
};

// The sums of g and of g v over a row.
template <class S>
static void sum_flow(const NormRow<S>& row, double& flow, double& product) noexcept {
  using V = Vec<Math<S>>;
  constexpr int64_t L = kLanesOf<V>;
  flow = product = 0;
  int64_t i = 0;
  while (i + L <= row.n) {
    const int64_t stop = i + kSteps * L < row.n ? i + kSteps * L : row.n;
    V g{}, gv{};
    for (; i + L <= stop; i += L) {
      const V d = row.flow(i, L);
      g += d;
      gv = fma(d, row.value(i, L), gv);
    }
    flow += double(sum_across(g));
    product += double(sum_across(gv));
  }
  if (i < row.n) {
    const V d = row.flow(i, row.n - i);
    flow += double(sum_across(d));
    product += double(sum_across(d * row.value(i, row.n - i)));
  }
}

template <class T>
VEC_FN void add_to(T* sums, int64_t i, int64_t lanes, Vec<T> v) noexcept {
  if (lanes == kLanes<T>) return store(sums + i, load<Vec<T>>(sums + i) + v);
  store_partial(sums + i, load_partial<Vec<T>>(sums + i, lanes) + v, lanes);
}

// Where the results of a row go; any may be null.
template <class S>
struct RowTargets {
  S* dx;
  Math<S>*scale_sums, *offset_sums;
};

template <class S>
VEC_FN void write_lanes(const NormRow<S>& row, const RowTargets<S>& to, Vec<Math<S>> mean,
                        Vec<Math<S>> along, int64_t i, int64_t lanes) noexcept {
  using T = Math<S>;
  using V = Vec<T>;
  const V v = row.value(i, lanes), d = lanes_at<S>(row.dy, i, lanes, T(0));
  if (to.scale_sums != nullptr) add_to<T>(to.scale_sums, i, lanes, d * v);
  if (to.offset_sums != nullptr) add_to<T>(to.offset_sums, i, lanes, d);
  if (to.dx == nullptr) return;
  const V r = fma(v, along, row.flow(i, lanes) - mean) * row.inverse;
  if (lanes == kLanesOf<V>) return store_lanes(to.dx + i, r);
  store_lanes(to.dx + i, r, lanes);
}

template <class S>
static void write_row(const NormRow<S>& row, const RowTargets<S>& to, Math<S> flow,
                      Math<S> product) noexcept {
  using V = Vec<Math<S>>;
  constexpr int64_t L = kLanesOf<V>;
  const V mean = splat<V>(flow), along = splat<V>(-product);
  int64_t i = 0;
  for (; i + L <= row.n; i += L) write_lanes(row, to, mean, along, i, L);
  if (i < row.n) write_lanes(row, to, mean, along, i, row.n - i);
}

template <class S>
struct NormalizeRowsGrad {
  static void run(bool centred, void* dx, const void* dy, const void* x, const void* scale,
                  double epsilon, int64_t rows, int64_t n, void* scale_sums,
                  void* offset_sums) noexcept {
    using T = Math<S>;
    using V = Vec<T>;
    for (int64_t r = 0; r < rows; ++r) {
      const S* from = static_cast<const S*>(x) + r * n;
      const T mean = centred ? T(sum_of<Itself>(from, T(0), n) / double(n)) : T(0);
      const double variance = sum_of<SquaredDistance>(from, mean, n) / double(n);
      const NormRow<S> row{static_cast<const S*>(dy) + r * n,
                           from,
                           static_cast<const S*>(scale),
                           splat<V>(mean),
                           splat<V>(T(1.0 / __builtin_sqrt(variance + epsilon))),
                           n};
      double flow = 0, product = 0;
      if (dx != nullptr) sum_flow(row, flow, product);
      const RowTargets<S> to{dx == nullptr ? nullptr : static_cast<S*>(dx) + r * n,
                             static_cast<T*>(scale_sums), static_cast<T*>(offset_sums)};
      write_row(row, to, centred ? T(flow / double(n)) : T(0), T(product / double(n)));
    }
  }
};

template <class S>
struct AddParts {
  static void run(void* y, const void* parts, int64_t count, int64_t stride, int64_t first,
                  int64_t last) noexcept {
    using T = Math<S>;
    for (int64_t i = first; i < last; ++i) {
      double sum = 0;
      for (int64_t p = 0; p < count; ++p) sum += static_cast<const T*>(parts)[p * stride + i];
      static_cast<S*>(y)[i] = store_one<S>(T(sum));
    }
  }
};

static void grad_any(DType dtype, bool centred, void* dx, const void* dy, const void* x,
                     const void* scale, double epsilon, int64_t rows, int64_t depth,
                     void* scale_sums, void* offset_sums) noexcept {
  by_storage<NormalizeRowsGrad>(dtype, centred, dx, dy, x, scale, epsilon, rows, depth, scale_sums,
                                offset_sums);
}
static void parts_any(DType dtype, void* y, const void* parts, int64_t count, int64_t stride,
                      int64_t first, int64_t last) noexcept {
  by_storage<AddParts>(dtype, y, parts, count, stride, first, last);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void normalize_rows_grad(DType dtype, bool centred, void* dx, const void* dy, const void* x,
                         const void* scale, double epsilon, std::int64_t rows, std::int64_t depth,
                         void* scale_sums, void* offset_sums) noexcept {
  KERNEL_SELECT(grad_any)
  (dtype, centred, dx, dy, x, scale, epsilon, rows, depth, scale_sums, offset_sums);
}
void add_parts(DType dtype, void* y, const void* parts, std::int64_t count, std::int64_t stride,
               std::int64_t first, std::int64_t last) noexcept {
  KERNEL_SELECT(parts_any)(dtype, y, parts, count, stride, first, last);
}

}  // namespace tw
#endif
