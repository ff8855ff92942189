#include "kernels/ctc.h"

#include <algorithm>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/ctc.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"

namespace tw::KERNEL_ISA {

// Before and behind each row of states, for vectors that begin or end outside of it: the widest.
constexpr int64_t kMargin = 8;
constexpr double kNever = -std::numeric_limits<double>::infinity();

// States are blanks and labels in turn, a blank first and last. Rows of logarithms of
// probabilities, -inf around the states.
struct Lattice {
  int64_t steps, states, stride;
  double* emissions;    // [steps]: of each state at each step
  double* forward;      // [steps]: of all beginnings that end there
  double* skips;        // 0 where the blank before may be left out, else -inf
  double* backward;     // of all ends that go on from there
  double* next;
  double* row(double* first, int64_t t) const noexcept { return first + t * stride + kMargin; }
};

static int64_t stride_of(int64_t count) noexcept {
  const int64_t states = 2 * count + 1;
  return (states + kMargin - 1) / kMargin * kMargin + 2 * kMargin;
}

static int64_t workspace_of(int64_t steps, int64_t count) noexcept {
  return (2 * steps + 3) * stride_of(count);
}

static Lattice make_lattice(int64_t steps, const CtcTarget& target, double* workspace) noexcept {
  const int64_t stride = stride_of(target.count), rows = steps * stride;
  std::fill_n(workspace, workspace_of(steps, target.count), kNever);
  Lattice lattice{steps, 2 * target.count + 1, stride, workspace, workspace + rows,
                  workspace + 2 * rows, workspace + 2 * rows + stride,
                  workspace + 2 * rows + 2 * stride};
  double* skips = lattice.row(lattice.skips, 0);
  for (int64_t k = 1; k < target.count; ++k) {
    if (target.labels[k] != target.labels[k - 1]) skips[2 * k + 1] = 0;
  }
  return lattice;
}

// log(e^a + e^b + e^c), also where all are -inf.
template <class V>
VEC_FN V log_sum(V a, V b, V c) noexcept {
  const V top = max(max(a, b), max(c, splat<V>(std::numeric_limits<double>::lowest())));
  return top + log(exp(a - top) + exp(b - top) + exp(c - top));
}

template <class T>
static void emit(const Lattice& l, const T* log_p, int64_t classes, const CtcTarget& y) noexcept {
  for (int64_t t = 0; t < l.steps; ++t) {
    double* row = l.row(l.emissions, t);
    const T* p = log_p + t * classes;
    for (int64_t k = 0; k < y.count; ++k) {
      row[2 * k] = double(p[y.blank]);
      row[2 * k + 1] = double(p[y.labels[k]]);
    }
    row[l.states - 1] = double(p[y.blank]);
  }
}

// The logarithm of the probability of all alignments.
static double go_forward(const Lattice& l) noexcept {
  using V = Vec<double>;
  const double* skips = l.row(l.skips, 0);
  std::copy_n(l.row(l.emissions, 0), std::min<int64_t>(2, l.states), l.row(l.forward, 0));
  for (int64_t t = 1; t < l.steps; ++t) {
    const double *before = l.row(l.forward, t - 1), *emissions = l.row(l.emissions, t);
    double* now = l.row(l.forward, t);
    for (int64_t s = 0; s < l.states; s += kLanesOf<V>) {
      const V stay = load<V>(before + s), step = load<V>(before + s - 1);
      const V skip = load<V>(before + s - 2) + load<V>(skips + s);
      store(now + s, load<V>(emissions + s) + log_sum(stay, step, skip));
    }
  }
  const double* last = l.row(l.forward, l.steps - 1) + l.states - 1;
  const double blank = last[0], label = l.states > 1 ? last[-1] : kNever;
  return log_sum(splat<V>(blank), splat<V>(label), splat<V>(kNever))[0];
}

// The backward row of the step before the one whose emissions these are.
static void go_back(const Lattice& l, const double* emissions) noexcept {
  using V = Vec<double>;
  double *backward = l.row(l.backward, 0), *next = l.row(l.next, 0);
  const double* skips = l.row(l.skips, 0);
  for (int64_t s = 0; s < l.states; s += kLanesOf<V>) {
    store(next + s, load<V>(backward + s) + load<V>(emissions + s));
  }
  for (int64_t s = 0; s < l.states; s += kLanesOf<V>) {
    const V skip = load<V>(next + s + 2) + load<V>(skips + s + 2);
    store(backward + s, log_sum(load<V>(next + s), load<V>(next + s + 1), skip));
  }
}

// p = scale times e^p minus the share of the alignments that are in each class at this step.
template <class T>
static void make_slopes(const Lattice& l, int64_t t, double total, T* p, int64_t classes,
                        const CtcTarget& y, double scale) noexcept {
  using V = Vec<double>;
  using W = Vec<T>;
  int64_t i = 0;
  for (; i + kLanesOf<W> <= classes; i += kLanesOf<W>) store(p + i, exp(load<W>(p + i)) * T(scale));
  if (i < classes) {
    store_partial(p + i, exp(load_partial<W>(p + i, classes - i)) * T(scale), classes - i);
  }
  const double *forward = l.row(l.forward, t), *backward = l.row(l.backward, 0);
  double* shares = l.row(l.next, 0);
  for (int64_t s = 0; s < l.states; s += kLanesOf<V>) {
    store(shares + s, exp(load<V>(forward + s) + load<V>(backward + s) - total) * scale);
  }
  double blanks = shares[l.states - 1];
  for (int64_t k = 0; k < y.count; ++k) {
    blanks += shares[2 * k];
    p[y.labels[k]] -= T(shares[2 * k + 1]);
  }
  p[y.blank] -= T(blanks);
}

template <class T>
static double loss_of(T* log_p, int64_t steps, int64_t classes, const CtcTarget& target,
                      bool slopes, double scale, double* workspace) noexcept {
  const Lattice l = make_lattice(steps, target, workspace);
  emit(l, log_p, classes, target);
  const double total = go_forward(l);
  if (!slopes) return -total;
  if (total == kNever) {
    std::fill_n(log_p, steps * classes, T(0));
    return -total;
  }
  double* last = l.row(l.backward, 0) + l.states - 1;
  std::fill_n(last - std::min<int64_t>(1, l.states - 1), std::min<int64_t>(2, l.states), 0.0);
  for (int64_t t = steps - 1; t >= 0; --t) {
    make_slopes(l, t, total, log_p + t * classes, classes, target, scale);
    // Shares lie where the rows of the next step are made.
    if (t > 0) go_back(l, l.row(l.emissions, t));
  }
  return -total;
}

static double loss_any(DType dtype, void* log_p, int64_t steps, int64_t classes,
                       const CtcTarget& target, bool slopes, double scale,
                       double* workspace) noexcept {
  if (dtype == DType::kFloat64) {
    return loss_of(static_cast<double*>(log_p), steps, classes, target, slopes, scale, workspace);
  }
  return loss_of(static_cast<float*>(log_p), steps, classes, target, slopes, scale, workspace);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

std::int64_t ctc_workspace(std::int64_t steps, std::int64_t count) noexcept {
  return baseline::workspace_of(steps, count);
}

double ctc_loss(DType dtype, void* log_p, std::int64_t steps, std::int64_t classes,
                const CtcTarget& target, bool slopes, double scale, double* workspace) noexcept {
  return KERNEL_SELECT(loss_any)(dtype, log_p, steps, classes, target, slopes, scale, workspace);
}

}  // namespace tw
#endif
