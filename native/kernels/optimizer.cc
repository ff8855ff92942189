#include "kernels/optimizer.h"

#include <cstring>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/optimizer.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/element_format.h"

namespace tw::KERNEL_ISA {

// The constants of a step in the registers of a loop.
template <class V>
struct StepConstants {
  explicit StepConstants(const OptimizerStep& s) noexcept
      : rate(splat<V>(Lane<V>(s.rate))),
        keep(splat<V>(Lane<V>(s.keep))),
        first(splat<V>(Lane<V>(s.first))),
        second(splat<V>(Lane<V>(s.second))),
        first_rest(splat<V>(Lane<V>(1 - s.first))),
        second_rest(splat<V>(Lane<V>(1 - s.second))),
        epsilon(splat<V>(Lane<V>(s.epsilon))) {}
  V rate, keep, first, second, first_rest, second_rest, epsilon;
};

// A rule gives the new value of p, which `keep` has been applied to, and moves its slots.
struct Descent {
  static constexpr int kSlots = 0;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V*) noexcept {
    return p - s.rate * g;
  }
};
struct Momentum {
  static constexpr int kSlots = 1;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = s.first * slots[0] + g;
    return p - s.rate * slots[0];
  }
};
struct Nesterov {
  static constexpr int kSlots = 1;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = s.first * slots[0] + g;
    return p - s.rate * (g + s.first * slots[0]);
  }
};
struct Adagrad {
  static constexpr int kSlots = 1;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = slots[0] + g * g;
    return p - s.rate * g / (sqrt(slots[0]) + s.epsilon);
  }
};
struct Adadelta {
  static constexpr int kSlots = 2;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = s.first * slots[0] + s.first_rest * g * g;
    const V update = g * sqrt(slots[1] + s.epsilon) / sqrt(slots[0] + s.epsilon);
    slots[1] = s.first * slots[1] + s.first_rest * update * update;
    return p - s.rate * update;
  }
};
struct RmsProp {
  static constexpr int kSlots = 2;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = s.first * slots[0] + s.first_rest * g * g;
    slots[1] = s.second * slots[1] + s.rate * g / sqrt(slots[0] + s.epsilon);
    return p - slots[1];
  }
};
struct Centered {
  static constexpr int kSlots = 3;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = s.first * slots[0] + s.first_rest * g * g;
    slots[2] = s.first * slots[2] + s.first_rest * g;
    const V variance = slots[0] - slots[2] * slots[2];
    slots[1] = s.second * slots[1] + s.rate * g / sqrt(variance + s.epsilon);
    return p - slots[1];
  }
};
struct Adam {
  static constexpr int kSlots = 2;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = s.first * slots[0] + s.first_rest * g;
    slots[1] = s.second * slots[1] + s.second_rest * g * g;
    return p - s.rate * slots[0] / (sqrt(slots[1]) + s.epsilon);
  }
};
struct Nadam {
  static constexpr int kSlots = 2;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    slots[0] = s.first * slots[0] + s.first_rest * g;
    slots[1] = s.second * slots[1] + s.second_rest * g * g;
    const V ahead = s.first * slots[0] + s.first_rest * g;
    return p - s.rate * ahead / (sqrt(slots[1]) + s.epsilon);
  }
};
struct Ftrl {
  static constexpr int kSlots = 2;
  template <class V>
  static VEC_FN V apply(const StepConstants<V>& s, V p, V g, V* slots) noexcept {
    const V root = sqrt(slots[0] + g * g);
    slots[1] = slots[1] + g - (root - sqrt(slots[0])) / s.rate * p;
    slots[0] = slots[0] + g * g;
    const V moved = (copysign(s.first, slots[1]) - slots[1]) /
                    (root / s.rate + (s.second + s.second));
    // Not "where above": a NaN in the slot stays one.
    return select<V>(abs(slots[1]) <= s.first, V{}, moved);
  }
};

template <class Rule, class Format>
static void step_run(const OptimizerStep& step, void* parameters, void* const* slots,
                     const void* gradients, std::int64_t n) noexcept {
  using V = typename Format::V;
  using Element = typename Format::Element;
  using Slot = PlainFormat<Lane<V>>;
  constexpr int L = kLanesOf<V>;
  const StepConstants<V> constants(step);
  auto* p = static_cast<Element*>(parameters);
  const auto* g = static_cast<const Element*>(gradients);
  Lane<V>* at[3] = {};
  for (int k = 0; k < Rule::kSlots; ++k) at[k] = static_cast<Lane<V>*>(slots[k]);
  V held[3] = {};
  std::int64_t i = 0;
  for (; i + L <= n; i += L) {
    for (int k = 0; k < Rule::kSlots; ++k) held[k] = Slot::load(at[k] + i);
    const V kept = constants.keep * Format::load(p + i);
    Format::store(p + i, Rule::apply(constants, kept, Format::load(g + i), held));
    for (int k = 0; k < Rule::kSlots; ++k) Slot::store(at[k] + i, held[k]);
  }
  if (i == n) return;
  for (int k = 0; k < Rule::kSlots; ++k) held[k] = load_tail<Slot>(at[k] + i, n - i);
  const V kept = constants.keep * load_tail<Format>(p + i, n - i);
  const V moved = Rule::apply(constants, kept, load_tail<Format>(g + i, n - i), held);
  store_tail<Format>(p + i, moved, n - i);
  for (int k = 0; k < Rule::kSlots; ++k) store_tail<Slot>(at[k] + i, held[k], n - i);
}

template <class Format>
static LambNorms direction_run(const LambStep& step, const void* parameters, void* const* slots,
                               const void* gradients, void* direction, std::int64_t n) noexcept {
  using V = typename Format::V;
  using Element = typename Format::Element;
  using Slot = PlainFormat<Lane<V>>;
  constexpr int L = kLanesOf<V>;
  const auto constant = [](double value) { return Lane<V>(value); };
  const Lane<V> first = constant(step.first), first_rest = constant(1 - step.first);
  const Lane<V> second = constant(step.second), second_rest = constant(1 - step.second);
  const Lane<V> first_scale = constant(1 / step.first_correction);
  const Lane<V> second_scale = constant(1 / step.second_correction);
  const Lane<V> epsilon = constant(step.epsilon), decay = constant(step.weight_decay);
  const auto* p = static_cast<const Element*>(parameters);
  const auto* g = static_cast<const Element*>(gradients);
  auto *a = static_cast<Lane<V>*>(slots[0]), *b = static_cast<Lane<V>*>(slots[1]);
  auto* u = static_cast<Lane<V>*>(direction);
  V parameter_squares{}, direction_squares{};
  for (std::int64_t i = 0; i < n; i += L) {
    const std::int64_t count = n - i < L ? n - i : L;
    const bool whole = count == L;
    const V value = whole ? Format::load(p + i) : load_tail<Format>(p + i, count);
    const V gradient = whole ? Format::load(g + i) : load_tail<Format>(g + i, count);
    const V old_first = whole ? Slot::load(a + i) : load_tail<Slot>(a + i, count);
    const V old_second = whole ? Slot::load(b + i) : load_tail<Slot>(b + i, count);
    const V new_first = old_first * first + gradient * first_rest;
    const V new_second = old_second * second + gradient * gradient * second_rest;
    const V root = sqrt(new_second * second_scale) + epsilon;
    V move = new_first * first_scale / root + value * decay;
    if (whole) {
      Slot::store(a + i, new_first);
      Slot::store(b + i, new_second);
      Slot::store(u + i, move);
    } else {
      store_tail<Slot>(a + i, new_first, count);
      store_tail<Slot>(b + i, new_second, count);
      store_tail<Slot>(u + i, move, count);
      move = load_tail<Slot>(u + i, count);  // lanes beyond the end may be 0 / 0
    }
    parameter_squares = parameter_squares + value * value;
    direction_squares = direction_squares + move * move;
  }
  return {double(sum_across(parameter_squares)), double(sum_across(direction_squares))};
}

template <class Format>
static void move_run(double rate, void* parameters, const void* direction,
                     std::int64_t n) noexcept {
  using V = typename Format::V;
  using Slot = PlainFormat<Lane<V>>;
  constexpr int L = kLanesOf<V>;
  const V r = splat<V>(Lane<V>(rate));
  auto* p = static_cast<typename Format::Element*>(parameters);
  const auto* u = static_cast<const Lane<V>*>(direction);
  std::int64_t i = 0;
  for (; i + L <= n; i += L) Format::store(p + i, Format::load(p + i) - r * Slot::load(u + i));
  if (i == n) return;
  const V last = load_tail<Format>(p + i, n - i) - r * load_tail<Slot>(u + i, n - i);
  store_tail<Format>(p + i, last, n - i);
}

// Calls visit with the format of a floating dtype.
template <class Visit>
static auto visit_format(DType dtype, Visit visit) noexcept {
  switch (dtype) {
    case DType::kFloat64: return visit.template operator()<PlainFormat<double>>();
    case DType::kFloat16: return visit.template operator()<Float16Format>();
    case DType::kBFloat16: return visit.template operator()<BFloat16Format>();
    default: return visit.template operator()<PlainFormat<float>>();
  }
}

static void run_step(const OptimizerStep& step, DType dtype, void* parameters, void* const* slots,
                     const void* gradients, std::int64_t n) noexcept {
  visit_format(dtype, [&]<class Format>() noexcept {
    const auto run = [&]<class Rule>(Rule) noexcept {
      step_run<Rule, Format>(step, parameters, slots, gradients, n);
    };
    switch (step.rule) {
      case OptimizerRule::kDescent: return run(Descent{});
      case OptimizerRule::kMomentum: return run(Momentum{});
      case OptimizerRule::kNesterov: return run(Nesterov{});
      case OptimizerRule::kAdagrad: return run(Adagrad{});
      case OptimizerRule::kAdadelta: return run(Adadelta{});
      case OptimizerRule::kRmsProp: return run(RmsProp{});
      case OptimizerRule::kCentered: return run(Centered{});
      case OptimizerRule::kAdam: return run(Adam{});
      case OptimizerRule::kNadam: return run(Nadam{});
      case OptimizerRule::kFtrl: return run(Ftrl{});
    }
  });
}

static LambNorms run_direction(const LambStep& step, DType dtype, const void* parameters,
                               void* const* slots, const void* gradients, void* direction,
                               std::int64_t n) noexcept {
  return visit_format(dtype, [&]<class Format>() noexcept {
    return direction_run<Format>(step, parameters, slots, gradients, direction, n);
  });
}

static void run_move(double rate, DType dtype, void* parameters, const void* direction,
                     std::int64_t n) noexcept {
  visit_format(dtype, [&]<class Format>() noexcept {
    move_run<Format>(rate, parameters, direction, n);
  });
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void optimizer_step(const OptimizerStep& step, DType dtype, void* parameters, void* const* slots,
                    const void* gradients, std::int64_t n) noexcept {
  KERNEL_SELECT(run_step)(step, dtype, parameters, slots, gradients, n);
}

LambNorms lamb_direction(const LambStep& step, DType dtype, const void* parameters,
                         void* const* slots, const void* gradients, void* direction,
                         std::int64_t n) noexcept {
  return KERNEL_SELECT(run_direction)(step, dtype, parameters, slots, gradients, direction, n);
}

void lamb_move(double rate, DType dtype, void* parameters, const void* direction,
               std::int64_t n) noexcept {
  KERNEL_SELECT(run_move)(rate, dtype, parameters, direction, n);
}

}  // namespace tw
#endif
