#include "kernels/top_k.h"

#include <algorithm>
#include <numeric>
#include <type_traits>

namespace tw {
namespace {

template <class T>
struct Key {
  using type = T;
  static T of(T x) noexcept { return x; }
};
template <>
struct Key<Half> {
  using type = float;
  static float of(Half x) noexcept { return to_float(x); }
};
template <>
struct Key<BFloat16> {
  using type = float;
  static float of(BFloat16 x) noexcept { return to_float(x); }
};

// Whether a comes strictly before b by value.
template <bool kLargest, class K>
bool first(K a, K b) noexcept {
  if constexpr (std::is_floating_point_v<K>) {
    if (a != a || b != b) return kLargest ? a != a && b == b : a == a && b != b;
  }
  return kLargest ? a > b : a < b;
}

template <bool kLargest, class T>
struct Before {
  const T* x;
  bool operator()(std::int64_t i, std::int64_t j) const noexcept {
    const auto a = Key<T>::of(x[i]), b = Key<T>::of(x[j]);
    if (first<kLargest>(a, b)) return true;
    return !first<kLargest>(b, a) && i < j;
  }
};

// A heap of the best k so far with the last of them on top: one comparison per further element
// when there are many of them.
template <bool kLargest, class T>
void select_by_heap(const T* x, std::int64_t n, std::int64_t k, std::int64_t* heap) noexcept {
  const Before<kLargest, T> before{x};
  std::make_heap(heap, heap + k, before);
  auto last = Key<T>::of(x[heap[0]]);
  for (std::int64_t i = k; i < n; ++i) {
    if (!first<kLargest>(Key<T>::of(x[i]), last)) continue;
    std::pop_heap(heap, heap + k, before);
    heap[k - 1] = i;
    std::push_heap(heap, heap + k, before);
    last = Key<T>::of(x[heap[0]]);
  }
}

template <bool kLargest, class T>
void take(const T* x, std::int64_t n, std::int64_t k, T* values, std::int64_t* indices) noexcept {
  const Before<kLargest, T> before{x};
  const bool few = k <= n / 8;
  std::iota(indices, indices + (few ? k : n), std::int64_t{0});
  if (few && k > 0) {
    select_by_heap<kLargest>(x, n, k, indices);
  } else if (k < n) {
    std::nth_element(indices, indices + k, indices + n, before);
  }
  std::sort(indices, indices + k, before);
  for (std::int64_t i = 0; i < k; ++i) values[i] = x[indices[i]];
}

template <class T>
void row(const void* x, std::int64_t n, std::int64_t k, bool largest, void* values,
         std::int64_t* indices) noexcept {
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(values);
  if (largest) {
    take<true>(from, n, k, to, indices);
  } else {
    take<false>(from, n, k, to, indices);
  }
}

}  // namespace

TopKRow top_k_row(DType dtype) noexcept {
  switch (dtype) {
    case DType::kFloat32: return row<float>;
    case DType::kFloat64: return row<double>;
    case DType::kFloat16: return row<Half>;
    case DType::kBFloat16: return row<BFloat16>;
    case DType::kInt8: return row<std::int8_t>;
    case DType::kInt16: return row<std::int16_t>;
    case DType::kInt32: return row<std::int32_t>;
    case DType::kInt64: return row<std::int64_t>;
    case DType::kUint8: return row<std::uint8_t>;
    case DType::kUint16: return row<std::uint16_t>;
    case DType::kUint32: return row<std::uint32_t>;
    default: return row<std::uint64_t>;
  }
}

}  // namespace tw
