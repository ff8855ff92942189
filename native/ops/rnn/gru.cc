#include "graph/op_registry.h"
#include "ops/rnn/gradient.h"
#include "ops/rnn/recurrent.h"

namespace tw {
namespace {

using recurrent::gru_cell;
using recurrent::Step;

// The candidate sees r * h, or with linear_before_reset r * (h times its weights).
template <class T, bool kLinearFirst>
void gru_step(const Step<T>& s) noexcept {
  const std::int64_t n = s.hidden;
  recurrent::multiply_part<T>(gru_cell(), 0, s, s.h_before, s.gates, nullptr, true);
  T** rows = const_cast<T**>(s.rows_scratch);
  for (std::int64_t k = 0; k < s.rows; ++k) {
    activate(s.activations[0], s.clip, s.gates[k], n);
    activate(s.activations[0], s.clip, s.gates[k] + n, n);
    rows[k] = s.scratch + k * n;
    if (!kLinearFirst) multiply_rows(s.gates[k] + n, s.h_before[k], rows[k], n);
  }
  if (kLinearFirst) {
    const T* bias = s.hidden_bias != nullptr ? s.hidden_bias + 2 * n : nullptr;
    recurrent::multiply_part<T>(gru_cell(), 1, s, s.h_before, rows, bias, false);
    for (std::int64_t k = 0; k < s.rows; ++k) {
      multiply_add<T>(s.gates[k] + n, rows[k], s.gates[k] + 2 * n, n);
    }
  } else {
    T** third = const_cast<T**>(s.gates);  // moved to the third gate for the product
    for (std::int64_t k = 0; k < s.rows; ++k) third[k] += 2 * n;
    recurrent::multiply_part<T>(gru_cell(), 1, s, rows, third, nullptr, true);
    for (std::int64_t k = 0; k < s.rows; ++k) third[k] -= 2 * n;
  }
  for (std::int64_t k = 0; k < s.rows; ++k) {
    activate(s.activations[1], s.clip, s.gates[k] + 2 * n, n);
    blend<T>(s.gates[k], s.gates[k] + 2 * n, s.h_before[k], s.h[k], n);
  }
}

template <class T>
constexpr recurrent::Work<T> kPlain = {gru_step<T, false>, 3, 1};
template <class T>
constexpr recurrent::Work<T> kLinear = {gru_step<T, true>, 2, 1};

template <class T>
void run_gru(OpContext& c) {
  const bool linear = c.attrs().flag("linear_before_reset");
  recurrent::run(c, gru_cell(), linear ? kLinear<T> : kPlain<T>);
}

void gru_kernel(OpContext& c) {
  if (c.input(0).dtype() == DType::kFloat64) return run_gru<double>(c);
  run_gru<float>(c);
}

}  // namespace

OP(GRU)
    .doc("A gated recurrent unit over a whole sequence, as ONNX defines it. Gates are in the order "
         "z, r, h. sequence_lens and initial_h may be left out. x is [steps, batch, inputs], with "
         "layout 1 [batch, steps, inputs].")
    .input("x: T").input("w: T").input("r: T").input("b?: T").input("sequence_lens?: int32")
    .input("initial_h?: T")
    .output("y: T").output("y_h: T")
    .attr("T: floating").attr("hidden_size: int?")
    .attr("direction: {forward, reverse, bidirectional} = forward")
    .attr("activations: list(string) = []").attr("activation_alpha: list(float) = []")
    .attr("activation_beta: list(float) = []").attr("clip: float?")
    .attr("linear_before_reset: bool = false").attr("layout: int = 0")
    .attr("_packed: int = 0").attr("_hidden: int = 0")
    .shape([](ShapeContext& c) { recurrent::infer_shapes(c, gru_cell()); })
    .gradient(recurrent::gru_gradient)
    .pack([](PackContext& p) { recurrent::pack(p, gru_cell()); })
    .kernel(Device::kCpu, gru_kernel);

}  // namespace tw
