// What the reductions of reduce.cc combine, and how. Included after kernels/storage.h, once per pass,
// so it has no include guard.

namespace tw::KERNEL_ISA {

constexpr std::int64_t kBlock = 64;  // steps of one lane between two transfers to the state

template <class S>
using Wide = std::conditional_t<
    std::is_floating_point_v<Math<S>> || std::is_same_v<S, Half> || std::is_same_v<S, BFloat16>,
    double, std::conditional_t<std::is_signed_v<S>, std::int64_t, std::uint64_t>>;
// Integers are summed in 64 bits at once; floating elements in their own type within a block.
template <class S>
using SumLane = std::conditional_t<std::is_same_v<Wide<S>, double>, Math<S>, Wide<S>>;

template <class S>
struct Sum {
  using L = SumLane<S>;
  using State = Wide<S>;
  static constexpr L kStart = L(0);
  template <class V>
  static VEC_FN V step(V a, V x) noexcept { return a + x; }
  static VEC_FN State join(State a, State b) noexcept { return a + b; }
  static VEC_FN S finish(State a, std::int64_t) noexcept { return store_one<S>(a); }
};

template <class S>
struct Mean : Sum<S> {
  using State = typename Sum<S>::State;
  static VEC_FN S finish(State a, std::int64_t count) noexcept {
    if constexpr (std::is_same_v<State, double>) return store_one<S>(a / double(count));
    return store_one<S>(count == 0 ? 0 : a / State(count));
  }
};

template <class S>
struct Prod {
  using L = SumLane<S>;
  using State = Wide<S>;
  static constexpr L kStart = L(1);
  template <class V>
  static VEC_FN V step(V a, V x) noexcept { return a * x; }
  static VEC_FN State join(State a, State b) noexcept { return a * b; }
  static VEC_FN S finish(State a, std::int64_t) noexcept { return store_one<S>(a); }
};

template <class S, bool kMaximum>
struct Extreme {
  using L = Math<S>;
  using State = L;
  using Limits = std::numeric_limits<L>;
  static constexpr L kLow = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  static constexpr L kHigh = Limits::has_infinity ? Limits::infinity() : Limits::max();
  static constexpr L kStart = kMaximum ? kLow : kHigh;
  template <class V>
  static VEC_FN V step(V a, V x) noexcept {
    return kMaximum ? KERNEL_ISA::max(a, x) : KERNEL_ISA::min(a, x);
  }
  static VEC_FN State join(State a, State b) noexcept {
    if (a != a) return a;
    if (b != b) return b;
    return kMaximum ? (a > b ? a : b) : (a < b ? a : b);
  }
  static VEC_FN S finish(State a, std::int64_t) noexcept { return store_one<S>(a); }
};
template <class S>
using Min = Extreme<S, false>;
template <class S>
using Max = Extreme<S, true>;

// log of a sum of exponentials: the maximum so far, and the sum of exp(x - maximum).
struct ExpState {
  double maximum, sum;
};

static VEC_FN ExpState join_exp(ExpState a, ExpState b) noexcept {
  if (a.maximum != a.maximum || a.sum == 0) return a.maximum != a.maximum ? a : b;
  if (b.maximum != b.maximum || b.sum == 0) return b.maximum != b.maximum ? b : a;
  const double m = a.maximum > b.maximum ? a.maximum : b.maximum;
  const double scale_a = a.maximum == m ? 1.0 : std::exp(a.maximum - m);
  const double scale_b = b.maximum == m ? 1.0 : std::exp(b.maximum - m);
  return {m, a.sum * scale_a + b.sum * scale_b};
}

template <class S>
static ExpState exp_of_run(const S* x, std::int64_t n, std::int64_t stride) noexcept {
  ExpState state{-std::numeric_limits<double>::infinity(), 0};
  for (std::int64_t i = 0; i < n; i += kBlock) {
    const std::int64_t count = n - i < kBlock ? n - i : kBlock;
    double block[kBlock], m = -std::numeric_limits<double>::infinity();
    for (std::int64_t k = 0; k < count; ++k) {
      block[k] = load_one<double>(x[(i + k) * stride]);
      m = m != m || m > block[k] ? m : block[k];
    }
    double sum = 0;
    if (m - m != 0) {  // infinite: each element as large counts once; NaN stays
      for (std::int64_t k = 0; k < count; ++k) sum += block[k] == m ? 1 : 0;
      state = join_exp(state, {m, m == -std::numeric_limits<double>::infinity() ? 0 : sum});
      continue;
    }
    for (std::int64_t k = count; k < kBlock; ++k) block[k] = -std::numeric_limits<double>::infinity();
    using V = Vec<double>;
    V sums{};
    for (std::int64_t k = 0; k < kBlock; k += kLanes<double>) {
      sums = sums + exp(load<V>(block + k) - splat<V>(m));
    }
    state = join_exp(state, {m, sum_across(sums)});
  }
  return state;
}

}  // namespace tw::KERNEL_ISA
