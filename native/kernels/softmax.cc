#include "kernels/softmax.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/softmax.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"

#include "kernels/storage.h"

namespace tw::KERNEL_ISA {

template <class V>
VEC_FN V lowest() noexcept {
  return splat<V>(-std::numeric_limits<Lane<V>>::infinity());
}
template <class V>
VEC_FN V first_lanes(V v, V rest, int64_t n) noexcept {
  using I = Mask<V>;
  return iota<I>() < Lane<I>(n) ? v : rest;
}

template <class S>
static Math<S> row_max(const S* x, int64_t n) noexcept {
  using V = Vec<Math<S>>;
  constexpr int64_t L = kLanesOf<V>;
  V m0 = lowest<V>(), m1 = m0;
  int64_t i = 0;
  for (; i + 2 * L <= n; i += 2 * L) {
    m0 = max(load_lanes<V>(x + i), m0);
    m1 = max(load_lanes<V>(x + i + L), m1);
  }
  for (; i + L <= n; i += L) m0 = max(load_lanes<V>(x + i), m0);
  if (i < n) m1 = max(first_lanes(load_lanes<V>(x + i, n - i), lowest<V>(), n - i), m1);
  return max_across(max(m0, m1));
}

// The sum of e^(x - top). With `out`, keeps the terms there.
template <class S>
static Math<S> exp_sum(const S* x, Math<S> top, int64_t n, Math<S>* out) noexcept {
  using V = Vec<Math<S>>;
  constexpr int64_t L = kLanesOf<V>;
  V sum{};
  int64_t i = 0;
  for (; i + L <= n; i += L) {
    const V e = exp(load_lanes<V>(x + i) - top);
    if (out != nullptr) store(out + i, e);
    sum += e;
  }
  if (i < n) {
    const V e = first_lanes(exp(load_lanes<V>(x + i, n - i) - top), V{}, n - i);
    if (out != nullptr) store_partial(out + i, e, n - i);
    sum += e;
  }
  return sum_across(sum);
}

// y = F(x) over a row.
template <class S, class F>
VEC_FN void map_row(S* y, const S* x, int64_t n, F f) noexcept {
  using V = Vec<Math<S>>;
  constexpr int64_t L = kLanesOf<V>;
  int64_t i = 0;
  for (; i + L <= n; i += L) store_lanes(y + i, f.apply(load_lanes<V>(x + i)));
  if (i < n) {
    S last[L];
    store_lanes(last, f.apply(load_lanes<V>(x + i, n - i)));
    __builtin_memcpy(y + i, last, size_t(n - i) * sizeof(S));
  }
}
template <class V>
struct Scale {
  V factor;
  VEC_FN V apply(V v) const noexcept { return v * factor; }
};
template <class V>
struct Shift {
  V top, log_sum;
  VEC_FN V apply(V v) const noexcept { return (v - top) - log_sum; }
};
template <class V>
struct Probability {
  V top, factor;
  VEC_FN V apply(V v) const noexcept { return exp(v - top) * factor; }
};

template <class T>
VEC_FN T log_of(T x) noexcept {
  return log(splat<Vec<T>>(x))[0];
}

template <class S>
static void softmax_row(bool logarithm, S* y, const S* x, int64_t n) noexcept {
  using T = Math<S>;
  using V = Vec<T>;
  const T top = row_max(x, n);
  if (logarithm) {
    const T sum = exp_sum<S>(x, top, n, nullptr);
    map_row(y, x, n, Shift<V>{splat<V>(top), splat<V>(log_of(sum))});
  } else if constexpr (std::is_same_v<S, T>) {
    const T sum = exp_sum<S>(x, top, n, y);
    map_row(y, y, n, Scale<V>{splat<V>(T(1) / sum)});
  } else {
    const T sum = exp_sum<S>(x, top, n, nullptr);
    map_row(y, x, n, Probability<V>{splat<V>(top), splat<V>(T(1) / sum)});
  }
}

template <class S>
static void rows_of(bool logarithm, void* y, const void* x, int64_t rows, int64_t depth) noexcept {
  for (int64_t r = 0; r < rows; ++r) {
    softmax_row(logarithm, static_cast<S*>(y) + r * depth, static_cast<const S*>(x) + r * depth,
                depth);
  }
}

// Up to a vector of columns, walked down three times.
template <class S>
static void column_block(bool logarithm, S* y, const S* x, int64_t depth, int64_t inner,
                         int64_t n) noexcept {
  using T = Math<S>;
  using V = Vec<T>;
  constexpr int64_t L = kLanesOf<V>;
  V top = lowest<V>(), sum{};
  for (int64_t d = 0; d < depth; ++d) {
    const S* row = x + d * inner;
    top = max(n == L ? load_lanes<V>(row) : load_lanes<V>(row, n), top);
  }
  for (int64_t d = 0; d < depth; ++d) {
    const S* row = x + d * inner;
    sum += exp((n == L ? load_lanes<V>(row) : load_lanes<V>(row, n)) - top);
  }
  const V log_sum = log(sum), factor = T(1) / sum;
  for (int64_t d = 0; d < depth; ++d) {
    const S* row = x + d * inner;
    const V shifted = (n == L ? load_lanes<V>(row) : load_lanes<V>(row, n)) - top;
    const V result = logarithm ? shifted - log_sum : exp(shifted) * factor;
    S out[L];
    store_lanes(out, result);
    __builtin_memcpy(y + d * inner, out, size_t(n) * sizeof(S));
  }
}
template <class S>
static void columns_of(bool logarithm, void* y, const void* x, int64_t depth, int64_t inner,
                       int64_t begin, int64_t end) noexcept {
  constexpr int64_t L = kLanes<Math<S>>;
  for (int64_t c = begin; c < end; c += L) {
    column_block(logarithm, static_cast<S*>(y) + c, static_cast<const S*>(x) + c, depth, inner,
                 end - c < L ? end - c : L);
  }
}

template <class S>
static void cross_entropy_row(S* loss, S* backprop, const S* logits, const S* labels,
                              int64_t n) noexcept {
  using T = Math<S>;
  using V = Vec<T>;
  constexpr int64_t L = kLanesOf<V>;
  const T top = row_max(logits, n);
  const T sum = exp_sum<S>(logits, top, n, nullptr);
  const V log_sum = splat<V>(log_of(sum)), factor = splat<V>(T(1) / sum);
  V total{};
  for (int64_t i = 0; i < n; i += L) {
    const int64_t m = n - i < L ? n - i : L;
    const V label = m == L ? load_lanes<V>(labels + i) : load_lanes<V>(labels + i, m);
    const V shifted = (m == L ? load_lanes<V>(logits + i) : load_lanes<V>(logits + i, m)) - top;
    total += label == T(0) ? V{} : label * (log_sum - shifted);
    S out[L];
    store_lanes(out, exp(shifted) * factor - label);
    __builtin_memcpy(backprop + i, out, size_t(m) * sizeof(S));
  }
  S result[L];
  store_lanes(result, splat<V>(sum_across(total)));
  *loss = result[0];
}
template <class S>
static void cross_entropies_of(void* loss, void* backprop, const void* logits, const void* labels,
                               int64_t rows, int64_t depth) noexcept {
  for (int64_t r = 0; r < rows; ++r) {
    cross_entropy_row(static_cast<S*>(loss) + r, static_cast<S*>(backprop) + r * depth,
                      static_cast<const S*>(logits) + r * depth,
                      static_cast<const S*>(labels) + r * depth, depth);
  }
}

template <class S>
static void sparse_of(void* loss, void* backprop, const void* logits, const int64_t* labels,
                      int64_t rows, int64_t depth) noexcept {
  using T = Math<S>;
  using V = Vec<T>;
  constexpr int64_t L = kLanesOf<V>;
  for (int64_t r = 0; r < rows; ++r) {
    const S* x = static_cast<const S*>(logits) + r * depth;
    S* b = static_cast<S*>(backprop) + r * depth;
    const T top = row_max(x, depth);
    const T sum = exp_sum<S>(x, top, depth, nullptr);
    const V at_label = load_lanes<V>(x + labels[r], 1);
    S out[L];
    store_lanes(out, log(splat<V>(sum)) - (splat<V>(at_label[0]) - top));
    static_cast<S*>(loss)[r] = out[0];
    const T p = exp(splat<V>(at_label[0]) - top)[0] * (T(1) / sum) - T(1);
    map_row(b, x, depth, Probability<V>{splat<V>(top), splat<V>(T(1) / sum)});
    store_lanes(out, splat<V>(p));
    b[labels[r]] = out[0];
  }
}

#define SOFTMAX_ENTRY(Name, function)                     \
  template <class S>                                      \
  struct Name {                                           \
    template <class... Args>                              \
    static void run(Args... args) noexcept { function<S>(args...); } \
  };
SOFTMAX_ENTRY(Rows, rows_of)
SOFTMAX_ENTRY(Columns, columns_of)
SOFTMAX_ENTRY(Cross, cross_entropies_of)
SOFTMAX_ENTRY(Sparse, sparse_of)
#undef SOFTMAX_ENTRY

static void rows_any(DType dtype, bool logarithm, void* y, const void* x, int64_t rows,
                     int64_t depth) noexcept {
  by_storage<Rows>(dtype, logarithm, y, x, rows, depth);
}
static void columns_any(DType dtype, bool logarithm, void* y, const void* x, int64_t depth,
                        int64_t inner, int64_t begin, int64_t end) noexcept {
  by_storage<Columns>(dtype, logarithm, y, x, depth, inner, begin, end);
}
static void cross_any(DType dtype, void* loss, void* backprop, const void* logits,
                      const void* labels, int64_t rows, int64_t depth) noexcept {
  by_storage<Cross>(dtype, loss, backprop, logits, labels, rows, depth);
}
static void sparse_any(DType dtype, void* loss, void* backprop, const void* logits,
                       const int64_t* labels, int64_t rows, int64_t depth) noexcept {
  by_storage<Sparse>(dtype, loss, backprop, logits, labels, rows, depth);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void softmax_rows(DType dtype, bool logarithm, void* y, const void* x, std::int64_t rows,
                  std::int64_t depth) noexcept {
  KERNEL_SELECT(rows_any)(dtype, logarithm, y, x, rows, depth);
}
void softmax_columns(DType dtype, bool logarithm, void* y, const void* x, std::int64_t depth,
                     std::int64_t inner, std::int64_t begin, std::int64_t end) noexcept {
  KERNEL_SELECT(columns_any)(dtype, logarithm, y, x, depth, inner, begin, end);
}
void cross_entropy_rows(DType dtype, void* loss, void* backprop, const void* logits,
                        const void* labels, std::int64_t rows, std::int64_t depth) noexcept {
  KERNEL_SELECT(cross_any)(dtype, loss, backprop, logits, labels, rows, depth);
}
void sparse_cross_entropy_rows(DType dtype, void* loss, void* backprop, const void* logits,
                               const std::int64_t* labels, std::int64_t rows,
                               std::int64_t depth) noexcept {
  KERNEL_SELECT(sparse_any)(dtype, loss, backprop, logits, labels, rows, depth);
}

}  // namespace tw
#endif
