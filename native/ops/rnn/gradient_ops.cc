#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/linalg/compute.h"
#include "ops/rnn/gradient_chain.h"

namespace tw {
namespace {

using recurrent::Backwards;
using recurrent::Cell;
using recurrent::Sizes;

void no_second(GradientContext& g) {
  fail(Code::kUnimplemented, "No second derivatives of recurrent networks (op type: ",
       g.attrs().op().name, ")");
}

bool batch_first(const Attrs& attrs) { return attrs.integer("layout") == 1; }
std::int64_t directions_of(const Attrs& attrs) {
  return attrs.string("direction") == "bidirectional" ? 2 : 1;
}

// The sizes by y, [steps, directions, batch, hidden] or batch first.
Sizes sizes_by(const Tensor& y, const Attrs& attrs, std::int64_t gates) {
  check(y.rank() == 4, Code::kInvalidArgument, "y must have 4 dims, got ", y.shape());
  const bool first = batch_first(attrs);
  const Sizes s{y.dim(first ? 1 : 0), y.dim(first ? 0 : 2), 0, y.dim(3), directions_of(attrs),
                gates, first};
  check(y.dim(first ? 2 : 1) == s.directions, Code::kInvalidArgument, "y of ", s.directions,
        " directions has shape ", y.shape());
  return s;
}

std::vector<std::int64_t> lengths_by(const OpContext& c, int i, const Sizes& s) {
  if (!c.has_input(i)) return std::vector<std::int64_t>(static_cast<std::size_t>(s.batch), s.steps);
  std::vector<std::int64_t> lengths = c.input(i).to_int64s();
  check(static_cast<std::int64_t>(lengths.size()) == s.batch, Code::kInvalidArgument,
        "sequence_lens has ", lengths.size(), " elements for a batch of ", s.batch);
  for (std::int64_t length : lengths) {
    check(length >= 0 && length <= s.steps, Code::kInvalidArgument, "sequence_lens holds ", length,
          ", expected [0, ", s.steps, "]");
  }
  return lengths;
}

template <class T>
void give_states(OpContext& c, const Sizes& s, const std::vector<std::int64_t>& lengths) {
  const T* y = c.input(0).data<T>();
  const T* initial = c.has_input(2) ? c.input(2).data<T>() : nullptr;
  T* out = c.output(0).mutable_data<T>();
  const std::int64_t n = s.hidden;
  for (std::int64_t d = 0; d < s.directions; ++d) {
    const bool reverse = d == 1 || c.attrs().string("direction") == "reverse";
    for (std::int64_t b = 0; b < s.batch; ++b) {
      const std::int64_t length = lengths[static_cast<std::size_t>(b)];
      for (std::int64_t t = 0; t < s.steps; ++t) {
        T* row = out + (d * s.steps * s.batch + s.x_row(t, b)) * n;
        const std::int64_t before = reverse ? t + 1 : t - 1;
        if (t < length && before >= 0 && before < length) {
          std::copy_n(y + s.y_row(before, d, b) * n, n, row);
        } else if (t < length && initial != nullptr) {
          std::copy_n(initial + s.state_row(d, b) * n, n, row);
        } else {
          std::fill_n(row, n, T(0));
        }
      }
    }
  }
}

void states_kernel(OpContext& c) {
  const Sizes s = sizes_by(c.input(0), c.attrs(), 1);
  c.allocate_output(0, {s.directions, s.steps * s.batch, s.hidden});
  const auto lengths = lengths_by(c, 1, s);
  visit_compute(c.input(0).dtype(), [&]<class T>() { give_states<T>(c, s, lengths); });
}

void states_shape(ShapeContext& c) {
  const Shape& y = c.with_rank(0, 4);
  c.set_output(0, {directions_of(c.attrs()), kUnknownDim, y.has_rank() ? y[3] : kUnknownDim});
}

// Where an op has its operands after projected, r, h_before, dy and dy_h.
struct Places {
  int dy_c, b, lengths, c0, p;
};
constexpr Places kLstm = {5, 6, 7, 8, 9}, kOthers = {-1, 5, 6, -1, -1};

template <class T>
const T* data_of(const OpContext& c, int i) {
  return i >= 0 && c.has_input(i) ? c.input(i).data<T>() : nullptr;
}

template <class T>
T* result(OpContext& c, int i, const Shape& shape) {
  return c.allocate_output(i, shape).mutable_data<T>();
}

template <class T>
void run(OpContext& c, const Cell& cell) {
  const bool lstm = cell.gates == 4, gru = cell.gates == 3;
  const Places at = lstm ? kLstm : kOthers;
  const Sizes s = sizes_by(c.input(3), c.attrs(), cell.gates);
  const std::int64_t rows = s.steps * s.batch;
  const Shape units = {s.directions, rows, s.hidden};
  check(c.input(0).shape() == Shape{s.directions, rows, s.width()}, Code::kInvalidArgument,
        "projected has shape ", c.input(0).shape(), ", expected [", s.directions, ", ", rows, ", ",
        s.width(), "]");
  check(c.input(2).shape() == units, Code::kInvalidArgument, "h_before has shape ",
        c.input(2).shape(), ", expected ", units);
  const Shape state = c.input(4).shape();
  Backwards<T> q{.c = c,
                 .cell = cell,
                 .s = s,
                 .projected = c.input(0).data<T>(),
                 .r = c.input(1).data<T>(),
                 .b = data_of<T>(c, at.b),
                 .h_before = c.input(2).data<T>(),
                 .dy = c.input(3).data<T>(),
                 .dy_h = c.input(4).data<T>(),
                 .dy_c = data_of<T>(c, at.dy_c),
                 .c0 = data_of<T>(c, at.c0),
                 .p = data_of<T>(c, at.p),
                 .sums = result<T>(c, 0, c.input(0).shape()),
                 .dh = result<T>(c, 1, state),
                 .dc = lstm ? result<T>(c, 2, state) : nullptr,
                 .dp = lstm ? result<T>(c, 3, {s.directions, 3 * s.hidden}) : nullptr,
                 .hidden_grads = gru ? result<T>(c, 2, units) : nullptr,
                 .hidden_inputs = gru ? result<T>(c, 3, units) : nullptr,
                 .lengths = lengths_by(c, at.lengths, s),
                 .activations = recurrent::activations_of(c.attrs(), cell),
                 .clip = recurrent::clip_of(c.attrs()),
                 .backwards = c.attrs().string("direction") == "reverse"};
  if (lstm) q.input_forget = c.attrs().flag("input_forget");
  if (gru) q.linear_before_reset = c.attrs().flag("linear_before_reset");
  recurrent::run_backwards(q);
}

template <const Cell& (*cell)()>
void grad_kernel(OpContext& c) {
  if (c.input(0).dtype() == DType::kFloat64) return run<double>(c, cell());
  run<float>(c, cell());
}

template <const Cell& (*cell)()>
void grad_shape(ShapeContext& c) {
  c.with_rank(3, 4);
  c.set_output(0, c.with_rank(0, 3));
  c.set_output(1, c.with_rank(4, 3));
  const Shape& r = c.with_rank(1, 3);
  const std::int64_t hidden = r.has_rank() ? r[2] : kUnknownDim;
  const bool known = hidden != kUnknownDim;
  if (cell().gates == 4) {
    c.set_output(2, c.with_rank(5, 3));
    c.set_output(3, {directions_of(c.attrs()), known ? 3 * hidden : kUnknownDim});
  }
  if (cell().gates == 3) {
    c.set_output(2, c.with_rank(2, 3));
    c.set_output(3, c.with_rank(2, 3));
  }
}

}  // namespace

#define TW_CELL_ATTRS                                                                         \
  attr("T: float32|float64").attr("direction: {forward, reverse, bidirectional} = forward")   \
      .attr("activations: list(string) = []").attr("activation_alpha: list(float) = []")      \
      .attr("activation_beta: list(float) = []").attr("clip: float?").attr("layout: int = 0")
#define TW_CELL_INPUTS                                                                        \
  internal()                                                                                  \
      .input("projected: T").input("r: T").input("h_before: T").input("dy: T").input("dy_h: T")

OP(RecurrentStates)
    .doc("The state that each step of a recurrent network sees, [directions, rows, hidden] with "
         "the rows of its x: that of the step before it in y, or the initial one; zeros beyond "
         "the end of a sequence.")
    .internal()
    .input("y: T").input("sequence_lens?: int32").input("initial_h?: T").output("states: T")
    .attr("T: float32|float64").attr("direction: {forward, reverse, bidirectional} = forward")
    .attr("layout: int = 0")
    .shape(states_shape)
    .gradient(no_second)
    .kernel(Device::kCpu, states_kernel);

OP(LSTMGrad)
    .doc("The gradients of the sums of LSTM's gates for all steps, of its first states and of its "
         "peepholes, from x * w', the states before each step and the gradients of the outputs.")
    .TW_CELL_INPUTS.input("dy_c: T")
    .input("b?: T").input("sequence_lens?: int32").input("initial_c?: T").input("p?: T")
    .output("sums: T").output("dh: T").output("dc: T").output("dp: T")
    .TW_CELL_ATTRS.attr("input_forget: bool = false")
    .shape(grad_shape<recurrent::lstm_cell>)
    .gradient(no_second)
    .kernel(Device::kCpu, grad_kernel<recurrent::lstm_cell>);

OP(GRUGrad)
    .doc("As LSTMGrad, of GRU: also the gradients of the candidate's recurrent product, and what "
         "that multiplies.")
    .TW_CELL_INPUTS
    .input("b?: T").input("sequence_lens?: int32")
    .output("sums: T").output("dh: T").output("hidden_grads: T").output("hidden_inputs: T")
    .TW_CELL_ATTRS.attr("linear_before_reset: bool = false")
    .shape(grad_shape<recurrent::gru_cell>)
    .gradient(no_second)
    .kernel(Device::kCpu, grad_kernel<recurrent::gru_cell>);

OP(RNNGrad)
    .doc("As LSTMGrad, of RNN.")
    .TW_CELL_INPUTS
    .input("b?: T").input("sequence_lens?: int32")
    .output("sums: T").output("dh: T")
    .TW_CELL_ATTRS
    .shape(grad_shape<recurrent::rnn_cell>)
    .gradient(no_second)
    .kernel(Device::kCpu, grad_kernel<recurrent::rnn_cell>);

}  // namespace tw
