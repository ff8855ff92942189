#include <algorithm>

#include "graph/op_registry.h"
#include "ops/rnn/gradient.h"
#include "ops/rnn/recurrent.h"

namespace tw {
namespace {

using recurrent::lstm_cell;
using recurrent::Step;

bool plain(const CellActivation* a, double clip) {
  return a[0].kind == Activation::kSigmoid && a[1].kind == Activation::kTanh &&
         a[2].kind == Activation::kTanh && clip == std::numeric_limits<double>::infinity();
}

// Gates in the order i, o, f, g; peepholes look at the cell, that of o at the new one.
template <class T>
void full_row(const Step<T>& s, T* gates, T* cell, T* h) noexcept {
  const std::int64_t n = s.hidden;
  T *i = gates, *o = gates + n, *f = gates + 2 * n, *g = gates + 3 * n;
  if (s.peepholes != nullptr) {
    multiply_add(s.peepholes, cell, i, n);
    multiply_add(s.peepholes + 2 * n, cell, f, n);
  }
  activate(s.activations[0], s.clip, i, n);
  if (s.input_forget) {
    complement(i, f, n);
  } else {
    activate(s.activations[0], s.clip, f, n);
  }
  activate(s.activations[1], s.clip, g, n);
  multiply_rows(f, cell, cell, n);
  multiply_add(i, g, cell, n);
  if (s.peepholes != nullptr) multiply_add(s.peepholes + n, cell, o, n);
  activate(s.activations[0], s.clip, o, n);
  std::copy_n(cell, n, g);
  activate(s.activations[2], std::numeric_limits<double>::infinity(), g, n);
  multiply_rows(o, g, h, n);
}

template <class T>
void lstm_step(const Step<T>& s) noexcept {
  recurrent::multiply_part<T>(lstm_cell(), 0, s, s.h_before, s.gates, nullptr, true);
  const bool fast = s.peepholes == nullptr && plain(s.activations, s.clip) && !s.input_forget;
  for (std::int64_t row = 0; row < s.rows; ++row) {
    if (fast) {
      lstm_row(s.gates[row], s.c[row], s.h[row], s.hidden);
    } else {
      full_row(s, s.gates[row], s.c[row], s.h[row]);
    }
  }
}

template <class T>
constexpr recurrent::Work<T> kWork = {lstm_step<T>, 4, 0};

void lstm_kernel(OpContext& c) {
  if (c.input(0).dtype() == DType::kFloat64) return recurrent::run(c, lstm_cell(), kWork<double>);
  recurrent::run(c, lstm_cell(), kWork<float>);
}

}  // namespace

OP(LSTM)
    .doc("A long short-term memory over a whole sequence, as ONNX defines it. Gates are in the "
         "order i, o, f, c. sequence_lens, initial_h, initial_c and the peepholes p may be left "
         "out. x is [steps, batch, inputs], with layout 1 [batch, steps, inputs].")
    .input("x: T").input("w: T").input("r: T").input("b?: T").input("sequence_lens?: int32")
    .input("initial_h?: T").input("initial_c?: T").input("p?: T")
    .output("y: T").output("y_h: T").output("y_c: T")
    .attr("T: floating").attr("hidden_size: int?")
    .attr("direction: {forward, reverse, bidirectional} = forward")
    .attr("activations: list(string) = []").attr("activation_alpha: list(float) = []")
    .attr("activation_beta: list(float) = []").attr("clip: float?")
    .attr("input_forget: bool = false").attr("layout: int = 0")
    .attr("_packed: int = 0").attr("_hidden: int = 0")
    .shape([](ShapeContext& c) { recurrent::infer_shapes(c, lstm_cell()); })
    .gradient(recurrent::lstm_gradient)
    .pack([](PackContext& p) { recurrent::pack(p, lstm_cell()); })
    .kernel(Device::kCpu, lstm_kernel);

}  // namespace tw
