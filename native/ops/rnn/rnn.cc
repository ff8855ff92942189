#include <algorithm>

#include "graph/op_registry.h"
#include "ops/rnn/gradient.h"
#include "ops/rnn/recurrent.h"

namespace tw {
namespace {

using recurrent::rnn_cell;
using recurrent::Step;

template <class T>
void rnn_step(const Step<T>& s) noexcept {
  recurrent::multiply_part<T>(rnn_cell(), 0, s, s.h_before, s.gates, nullptr, true);
  for (std::int64_t k = 0; k < s.rows; ++k) {
    activate(s.activations[0], s.clip, s.gates[k], s.hidden);
    std::copy_n(s.gates[k], s.hidden, s.h[k]);
  }
}

template <class T>
constexpr recurrent::Work<T> kWork = {rnn_step<T>, 1, 0};

void rnn_kernel(OpContext& c) {
  if (c.input(0).dtype() == DType::kFloat64) return recurrent::run(c, rnn_cell(), kWork<double>);
  recurrent::run(c, rnn_cell(), kWork<float>);
}

}  // namespace

OP(RNN)
    .doc("A simple recurrent network over a whole sequence, as ONNX defines it: "
         "h = activation(x w' + h r' + b). sequence_lens and initial_h may be left out. x is "
         "[steps, batch, inputs], with layout 1 [batch, steps, inputs].")
    .input("x: T").input("w: T").input("r: T").input("b?: T").input("sequence_lens?: int32")
    .input("initial_h?: T")
    .output("y: T").output("y_h: T")
    .attr("T: floating").attr("hidden_size: int?")
    .attr("direction: {forward, reverse, bidirectional} = forward")
    .attr("activations: list(string) = []").attr("activation_alpha: list(float) = []")
    .attr("activation_beta: list(float) = []").attr("clip: float?").attr("layout: int = 0")
    .attr("_packed: int = 0").attr("_hidden: int = 0")
    .shape([](ShapeContext& c) { recurrent::infer_shapes(c, rnn_cell()); })
    .gradient(recurrent::rnn_gradient)
    .pack([](PackContext& p) { recurrent::pack(p, rnn_cell()); })
    .kernel(Device::kCpu, rnn_kernel);

}  // namespace tw
