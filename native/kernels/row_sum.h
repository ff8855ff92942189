// Sums over rows of a storage type, and access to their lanes. Included after kernels/storage.h,
// once per pass, so it has no include guard.

namespace tw::KERNEL_ISA {

constexpr int64_t kSteps = 64;  // vectors added up in their own type

struct Itself {
  template <class V>
  static VEC_FN V apply(V v, V) noexcept { return v; }
};
struct SquaredDistance {
  template <class V>
  static VEC_FN V apply(V v, V mean) noexcept { return (v - mean) * (v - mean); }
};

// The sum of Term::apply(x, mean) over a row.
template <class Term, class S>
static double sum_of(const S* x, Math<S> mean, int64_t n) noexcept {
  using V = Vec<Math<S>>;
  constexpr int64_t L = kLanesOf<V>;
  const V m = splat<V>(mean);
  double total = 0;
  int64_t i = 0;
  while (i + L <= n) {
    const int64_t stop = i + kSteps * L < n ? i + kSteps * L : n;
    V even{}, odd{};
    for (; i + 2 * L <= stop; i += 2 * L) {
      even += Term::apply(load_lanes<V>(x + i), m);
      odd += Term::apply(load_lanes<V>(x + i + L), m);
    }
    if (i + L <= stop) even += Term::apply(load_lanes<V>(x + i), m), i += L;
    total += double(sum_across(even + odd));
  }
  if (i < n) {
    const V last = Term::apply(load_lanes<V>(x + i, n - i), m);
    total += double(sum_across(iota<Mask<V>>() < Lane<Mask<V>>(n - i) ? last : V{}));
  }
  return total;
}

template <class S>
VEC_FN Vec<Math<S>> lanes_at(const S* p, int64_t i, int64_t n, Math<S> without) noexcept {
  using V = Vec<Math<S>>;
  if (p == nullptr) return splat<V>(without);
  return n == kLanesOf<V> ? load_lanes<V>(p + i) : load_lanes<V>(p + i, n);
}

}  // namespace tw::KERNEL_ISA
