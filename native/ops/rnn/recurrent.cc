#include "kernels/pack.h"
#include "ops/rnn/sequence.h"

namespace tw::recurrent {
namespace {

// Tensors of the node as T: its own memory, or a converted copy for float16 and bfloat16.
template <class T>
class Operands {
 public:
  explicit Operands(OpContext& c) : c_(c), same_(c.input(0).dtype() == dtype_of<T>) {}

  // null: input i is not given.
  const T* input(int i) {
    if (i >= c_.inputs() || !c_.has_input(i)) return nullptr;
    const Tensor& x = c_.input(i);
    if (same_) return x.data<T>();
    T* copy = c_.temporary_of<T>(x.size());
    const auto* bits = x.data<std::uint16_t>();
    const bool half = x.dtype() == DType::kFloat16;
    for (std::int64_t k = 0; k < x.size(); ++k) {
      copy[k] = half ? to_float(Half{bits[k]}) : to_float(BFloat16{bits[k]});
    }
    return copy;
  }

  T* output(int i, const Shape& shape) {
    if (i >= c_.outputs()) return c_.temporary_of<T>(shape.size());
    Tensor& y = c_.allocate_output(i, shape);
    if (same_) return y.mutable_data<T>();
    results_.push_back({i, c_.temporary_of<T>(y.size())});
    return results_.back().values;
  }

  void finish() {
    for (const Result& result : results_) {
      const Tensor& y = c_.output(result.index);
      auto* bits = y.mutable_data<std::uint16_t>();
      const bool half = y.dtype() == DType::kFloat16;
      for (std::int64_t k = 0; k < y.size(); ++k) {
        const auto value = static_cast<float>(result.values[k]);
        bits[k] = half ? to_half(value).bits : to_bfloat16(value).bits;
      }
    }
  }

 private:
  struct Result {
    int index;
    T* values;
  };
  OpContext& c_;
  const bool same_;
  std::vector<Result> results_;
};

Sizes sizes_of(const OpContext& c, const Cell& cell) {
  const Tensor& x = c.input(0);
  const bool batch_first = c.attrs().integer("layout") == 1;
  const bool packed = c.attrs().integer("_packed") != 0;
  const std::int64_t hidden = packed ? c.attrs().integer("_hidden") : c.input(2).dim(2);
  const std::int64_t directions = c.attrs().string("direction") == "bidirectional" ? 2 : 1;
  return {x.dim(batch_first ? 1 : 0), x.dim(batch_first ? 0 : 1), x.dim(2), hidden,
          directions, cell.gates, batch_first};
}

std::vector<std::int64_t> lengths_of(const OpContext& c, const Sizes& s) {
  if (!c.has_input(4)) return std::vector<std::int64_t>(static_cast<std::size_t>(s.batch), s.steps);
  std::vector<std::int64_t> lengths = c.input(4).to_int64s();
  for (std::int64_t length : lengths) {
    check(length >= 0 && length <= s.steps, Code::kInvalidArgument, "sequence_lens holds ", length,
          ", expected [0, ", s.steps, "]");
  }
  return lengths;
}

}  // namespace

template <class T>
void run(OpContext& c, const Cell& cell, const Work<T>& work) {
  const Sizes s = sizes_of(c, cell);
  const std::int64_t packed = c.attrs().integer("_packed");
  check((packed & 1) == 0 ||
            c.input(1).size() == s.directions * packed_size<T>(s.inputs, s.width()),
        Code::kInvalidArgument, "x has ", s.inputs, " inputs for each step, w another number");
  const Shape state = s.batch_first ? Shape{s.batch, s.directions, s.hidden}
                                    : Shape{s.directions, s.batch, s.hidden};
  const Shape whole = s.batch_first ? Shape{s.batch, s.steps, s.directions, s.hidden}
                                    : Shape{s.steps, s.directions, s.batch, s.hidden};
  Operands<T> operands(c);
  const bool lstm = cell.gates == 4;
  Sequence<T> q{.c = c,
                .cell = cell,
                .work = work,
                .s = s,
                .x = operands.input(0),
                .w = operands.input(1),
                .r = operands.input(2),
                .b = operands.input(3),
                .h0 = operands.input(5),
                .c0 = lstm ? operands.input(6) : nullptr,
                .p = lstm ? operands.input(7) : nullptr,
                .y = operands.output(0, whole),
                .y_h = operands.output(1, state),
                .y_c = lstm ? operands.output(2, state) : nullptr,
                .packed = packed,
                .sums = c.temporary_of<T>(s.directions * s.steps * s.batch * s.width()),
                .lengths = lengths_of(c, s),
                .activations = activations_of(c.attrs(), cell)};
  project(q);
  recur(q);
  operands.finish();
}

template void run(OpContext&, const Cell&, const Work<float>&);
template void run(OpContext&, const Cell&, const Work<double>&);

}  // namespace tw::recurrent
