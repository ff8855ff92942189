#include "kernels/reduce.h"

#include <cmath>
#include <limits>
#include <type_traits>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/reduce.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"
#include "kernels/storage.h"
#include "kernels/reduce_ops.h"

namespace tw::KERNEL_ISA {

constexpr std::int64_t kRowBlock = 512;  // rows between two transfers to the state

// One run of n elements in a row, added to the state.
template <class Op, class S>
static void reduce_run(const S* x, std::int64_t n, typename Op::State& state) noexcept {
  using L = typename Op::L;
  using V = Vec<L>;
  constexpr std::int64_t kStep = 4 * kLanes<L>;
  std::int64_t i = 0;
  while (i + kStep <= n) {
    V a0 = splat<V>(Op::kStart), a1 = a0, a2 = a0, a3 = a0;
    const std::int64_t end = i + kStep * kBlock < n ? i + kStep * kBlock : n;
    for (; i + kStep <= end; i += kStep) {
      a0 = Op::step(a0, load_lanes<V>(x + i));
      a1 = Op::step(a1, load_lanes<V>(x + i + kLanes<L>));
      a2 = Op::step(a2, load_lanes<V>(x + i + 2 * kLanes<L>));
      a3 = Op::step(a3, load_lanes<V>(x + i + 3 * kLanes<L>));
    }
    const V all = Op::step(Op::step(a0, a1), Op::step(a2, a3));
    typename Op::State block = all[0];
    for (int k = 1; k < kLanes<L>; ++k) {
      block = Op::join(block, static_cast<typename Op::State>(all[k]));
    }
    state = Op::join(state, block);
  }
  for (; i < n; ++i) state = Op::join(state, static_cast<typename Op::State>(load_one<L>(x[i])));
}

// R rows of `columns` elements, combined with each other and then added to the sums: four rows at a
// time load and store each sum a fourth as often, and leave it a fourth of the roundings.
template <class Op, int R, class S>
static void add_rows(const S* x, std::int64_t stride, std::int64_t columns,
                     typename Op::L* sums) noexcept {
  using L = typename Op::L;
  using V = Vec<L>;
  std::int64_t c = 0;
  for (; c + kLanes<L> <= columns; c += kLanes<L>) {
    V rows = load_lanes<V>(x + c);
    for (int r = 1; r < R; ++r) rows = Op::step(rows, load_lanes<V>(x + r * stride + c));
    store(sums + c, Op::step(load<V>(sums + c), rows));
  }
  for (; c < columns; ++c) {
    V rows = splat<V>(load_one<L>(x[c]));
    for (int r = 1; r < R; ++r) {
      rows = Op::step(rows, splat<V>(load_one<L>(x[r * stride + c])));
    }
    sums[c] = Op::step(splat<V>(sums[c]), rows)[0];
  }
}

// n rows of `columns` elements, added to one state per column.
template <class Op, class S>
static void reduce_rows(const S* x, std::int64_t n, std::int64_t stride, std::int64_t columns,
                        typename Op::State* states) noexcept {
  using L = typename Op::L;
  L sums[ReduceGeometry::kChunk];
  for (std::int64_t row = 0; row < n;) {
    const std::int64_t end = row + kRowBlock < n ? row + kRowBlock : n;
    for (std::int64_t c = 0; c < columns; ++c) sums[c] = Op::kStart;
    for (; row + 4 <= end; row += 4) add_rows<Op, 4>(x + row * stride, stride, columns, sums);
    if (row + 2 <= end) add_rows<Op, 2>(x + row * stride, stride, columns, sums), row += 2;
    if (row < end) add_rows<Op, 1>(x + row * stride, stride, columns, sums), ++row;
    for (std::int64_t c = 0; c < columns; ++c) {
      states[c] = Op::join(states[c], static_cast<typename Op::State>(sums[c]));
    }
  }
}

// Where a unit begins in x: its kept indices, and the first of its columns.
static std::int64_t unit_offset(const ReduceGeometry& g, std::int64_t unit) noexcept {
  std::int64_t offset = unit % g.chunks * ReduceGeometry::kChunk, rest = unit / g.chunks;
  for (int i = g.kept_rank - 1; i >= 0; --i) {
    offset += rest % g.kept_dims[i] * g.kept_strides[i];
    rest /= g.kept_dims[i];
  }
  return offset;
}

static std::int64_t outer_offset(const ReduceGeometry& g, std::int64_t outer) noexcept {
  std::int64_t offset = 0;
  for (int i = g.outer_rank - 1; i >= 0; --i) {
    offset += outer % g.outer_dims[i] * g.outer_strides[i];
    outer /= g.outer_dims[i];
  }
  return offset;
}

template <class Op, class S>
static void part_of(const ReduceGeometry& g, const void* x, std::int64_t task,
                    ReduceState* out) noexcept {
  using State = typename Op::State;
  const std::int64_t unit = task / g.parts, part = task % g.parts;
  const std::int64_t columns = g.unit_columns(unit);
  const std::int64_t first = g.main * part / g.parts, last = g.main * (part + 1) / g.parts;
  State states[ReduceGeometry::kChunk];
  for (std::int64_t c = 0; c < columns; ++c) states[c] = static_cast<State>(Op::kStart);
  const S* base = static_cast<const S*>(x) + unit_offset(g, unit) + first * g.main_stride;
  for (std::int64_t outer = 0; outer < g.outer; ++outer) {
    const S* p = base + outer_offset(g, outer);
    if (g.columns == 1 && g.main_stride == 1) {
      reduce_run<Op>(p, last - first, states[0]);
    } else {
      reduce_rows<Op>(p, last - first, g.main_stride, columns, states);
    }
  }
  for (std::int64_t c = 0; c < columns; ++c) __builtin_memcpy(out + c, states + c, sizeof(State));
}

template <class Op, class S>
static void finish_of(const ReduceGeometry& g, std::int64_t unit, const ReduceState* states,
                      std::int64_t stride, void* y) noexcept {
  using State = typename Op::State;
  S* out = static_cast<S*>(y) + unit / g.chunks * g.columns + unit % g.chunks * ReduceGeometry::kChunk;
  for (std::int64_t c = 0; c < g.unit_columns(unit); ++c) {
    State total;
    __builtin_memcpy(&total, states + c, sizeof(State));
    for (std::int64_t part = 1; part < g.parts; ++part) {
      State next;
      __builtin_memcpy(&next, states + part * stride + c, sizeof(State));
      total = Op::join(total, next);
    }
    out[c] = Op::finish(total, g.count);
  }
}

template <class S>
static void exp_part(const ReduceGeometry& g, const void* x, std::int64_t task,
                     ReduceState* out) noexcept {
  const std::int64_t unit = task / g.parts, part = task % g.parts;
  const std::int64_t first = g.main * part / g.parts, last = g.main * (part + 1) / g.parts;
  const S* base = static_cast<const S*>(x) + unit_offset(g, unit) + first * g.main_stride;
  for (std::int64_t c = 0; c < g.unit_columns(unit); ++c) {
    ExpState state{-std::numeric_limits<double>::infinity(), 0};
    for (std::int64_t outer = 0; outer < g.outer; ++outer) {
      const S* p = base + outer_offset(g, outer) + c;
      state = join_exp(state, exp_of_run(p, last - first, g.main_stride));
    }
    __builtin_memcpy(out + c, &state, sizeof(state));
  }
}

template <class S>
static void exp_finish(const ReduceGeometry& g, std::int64_t unit, const ReduceState* states,
                       std::int64_t stride, void* y) noexcept {
  S* out = static_cast<S*>(y) + unit / g.chunks * g.columns + unit % g.chunks * ReduceGeometry::kChunk;
  for (std::int64_t c = 0; c < g.unit_columns(unit); ++c) {
    ExpState total;
    __builtin_memcpy(&total, states + c, sizeof(total));
    for (std::int64_t part = 1; part < g.parts; ++part) {
      ExpState next;
      __builtin_memcpy(&next, states + part * stride + c, sizeof(next));
      total = join_exp(total, next);
    }
    out[c] = store_one<S>(total.sum == 0 ? total.maximum : total.maximum + std::log(total.sum));
  }
}

struct PartFn {
  template <class Op, class S>
  static void apply(const ReduceGeometry& g, const void* x, std::int64_t task, ReduceState* states,
                    std::int64_t, void*) noexcept {
    part_of<Op, S>(g, x, task, states);
  }
  template <class S>
  static void apply_exp(const ReduceGeometry& g, const void* x, std::int64_t task,
                        ReduceState* states, std::int64_t, void*) noexcept {
    exp_part<S>(g, x, task, states);
  }
};
struct FinishFn {
  template <class Op, class S>
  static void apply(const ReduceGeometry& g, const void*, std::int64_t unit, ReduceState* states,
                    std::int64_t stride, void* y) noexcept {
    finish_of<Op, S>(g, unit, states, stride, y);
  }
  template <class S>
  static void apply_exp(const ReduceGeometry& g, const void*, std::int64_t unit,
                        ReduceState* states, std::int64_t stride, void* y) noexcept {
    exp_finish<S>(g, unit, states, stride, y);
  }
};

template <class Fn, class S, class... Args>
static void by_kind(Reduce kind, Args... args) noexcept {
  switch (kind) {
    case Reduce::kSum: return Fn::template apply<Sum<S>, S>(args...);
    case Reduce::kMean: return Fn::template apply<Mean<S>, S>(args...);
    case Reduce::kProd: return Fn::template apply<Prod<S>, S>(args...);
    case Reduce::kMin: return Fn::template apply<Min<S>, S>(args...);
    case Reduce::kMax: return Fn::template apply<Max<S>, S>(args...);
    case Reduce::kLogSumExp:
      if constexpr (std::is_same_v<Wide<S>, double>) return Fn::template apply_exp<S>(args...);
  }
}

template <class Fn, class... Args>
static void by_dtype(Reduce kind, DType dtype, Args... args) noexcept {
  switch (dtype) {
    case DType::kFloat32: return by_kind<Fn, float>(kind, args...);
    case DType::kFloat64: return by_kind<Fn, double>(kind, args...);
    case DType::kFloat16: return by_kind<Fn, Half>(kind, args...);
    case DType::kBFloat16: return by_kind<Fn, BFloat16>(kind, args...);
    case DType::kInt8: return by_kind<Fn, std::int8_t>(kind, args...);
    case DType::kInt16: return by_kind<Fn, std::int16_t>(kind, args...);
    case DType::kInt32: return by_kind<Fn, std::int32_t>(kind, args...);
    case DType::kInt64: return by_kind<Fn, std::int64_t>(kind, args...);
    case DType::kBool:
    case DType::kUint8: return by_kind<Fn, std::uint8_t>(kind, args...);
    case DType::kUint16: return by_kind<Fn, std::uint16_t>(kind, args...);
    case DType::kUint32: return by_kind<Fn, std::uint32_t>(kind, args...);
    case DType::kUint64: return by_kind<Fn, std::uint64_t>(kind, args...);
    default: return;
  }
}

static void part(Reduce kind, DType dtype, const ReduceGeometry& g, const void* x,
                 std::int64_t task, ReduceState* states) noexcept {
  by_dtype<PartFn, const ReduceGeometry&>(kind, dtype, g, x, task, states, std::int64_t{0},
                                          static_cast<void*>(nullptr));
}
static void finish(Reduce kind, DType dtype, const ReduceGeometry& g, std::int64_t unit,
                   const ReduceState* states, std::int64_t stride, void* y) noexcept {
  by_dtype<FinishFn, const ReduceGeometry&>(kind, dtype, g, static_cast<const void*>(nullptr), unit,
                                            const_cast<ReduceState*>(states), stride, y);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void reduce_part(Reduce kind, DType dtype, const ReduceGeometry& g, const void* x,
                 std::int64_t task, ReduceState* states) noexcept {
  KERNEL_SELECT(part)(kind, dtype, g, x, task, states);
}
void reduce_finish(Reduce kind, DType dtype, const ReduceGeometry& g, std::int64_t unit,
                   const ReduceState* states, std::int64_t stride, void* y) noexcept {
  KERNEL_SELECT(finish)(kind, dtype, g, unit, states, stride, y);
}

}  // namespace tw
#endif
