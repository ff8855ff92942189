#pragma once

#include <limits>
#include <vector>

#include "graph/op_context.h"
#include "graph/pass_context.h"
#include "graph/shape_context.h"
#include "kernels/recurrent.h"

namespace tw {

// What LSTM, GRU and RNN have in common: ONNX's operands, attributes and layouts.
//   x [steps, batch, inputs], w [directions, gates * hidden, inputs],
//   r [directions, gates * hidden, hidden], b [directions, 2 * gates * hidden],
//   sequence_lens [batch], initial_h, initial_c [directions, batch, hidden];
//   y [steps, directions, batch, hidden], y_h, y_c [directions, batch, hidden].
// layout 1 puts batch first: x [batch, steps, ...], y [batch, steps, directions, hidden],
// states [batch, directions, hidden].
namespace recurrent {

// A kind of cell. The recurrent product is done in parts that need nothing of each other: `parts`
// are their widths in units of hidden.
struct Cell {
  int gates;
  std::vector<int> parts;
  std::vector<Activation> activations;  // when the attr is empty; for one direction
};
const Cell& lstm_cell();
const Cell& gru_cell();
const Cell& rnn_cell();

// Checks the operands and sets the output shapes; c0 and p are inputs of LSTM alone.
void infer_shapes(ShapeContext& c, const Cell& cell);

// Packs constant w and r into panels; the node's attr _packed tells which (1: w, 2: r).
void pack(PackContext& p, const Cell& cell);

struct Sizes {
  std::int64_t steps, batch, inputs, hidden, directions, gates;
  bool batch_first;

  std::int64_t width() const noexcept { return gates * hidden; }
  // Row numbers of x, of y and of a state.
  std::int64_t x_row(std::int64_t t, std::int64_t b) const noexcept {
    return batch_first ? b * steps + t : t * batch + b;
  }
  std::int64_t y_row(std::int64_t t, std::int64_t d, std::int64_t b) const noexcept {
    return batch_first ? (b * steps + t) * directions + d : (t * directions + d) * batch + b;
  }
  std::int64_t state_row(std::int64_t d, std::int64_t b) const noexcept {
    return batch_first ? b * directions + d : d * batch + b;
  }
};

// The activations of all directions, in order; throws kInvalidArgument for unknown names.
std::vector<CellActivation> activations_of(const Attrs& attrs, const Cell& cell);
// Infinite when the attr is absent.
double clip_of(const Attrs& attrs);

// One direction of part of the batch, all of whose rows are at the same step of the sequence.
template <class T>
struct Step {
  std::int64_t rows;
  const T* const* h_before;  // [rows]
  T* const* gates;           // [rows]: sums of the input projection and biases, `width` long
  T* const* h;               // [rows]: to be written
  T* const* c;               // [rows] of LSTM, else null
  std::int64_t hidden;
  const T* packed;           // r, all parts
  const T* hidden_bias;      // gates * hidden: the second half of b, or null
  const T* peepholes;        // LSTM: 3 * hidden in the order i, o, f, or null
  const CellActivation* activations;
  double clip;
  bool input_forget;         // LSTM: f is 1 - i
  bool last_panel_first;     // in turn from step to step
  const T** rows_scratch;    // [rows]
  T* scratch;                // [rows][scratch_width * hidden]
};

// out[row] += or = in[row] * part of r. Part number `part` of the cell. A single row is bound by
// reading r: going through its panels to and fro finds in the nearest cache what was read last.
template <class T>
void multiply_part(const Cell& cell, int part, const Step<T>& step, const T* const* in,
                   T* const* out, const T* bias, bool accumulate) noexcept;

template <class T>
using StepFn = void (*)(const Step<T>& step) noexcept;

// How a cell takes part: its step, which gates get only the input's half of the bias in the
// projection (as the other half goes elsewhere), and the scratch that a row of the step needs.
template <class T>
struct Work {
  StepFn<T> step;
  std::int64_t first_split_gate;
  std::int64_t scratch_width;
};

// Runs the whole op; T is float or double, or what Half and BFloat16 inputs are converted to.
template <class T>
void run(OpContext& c, const Cell& cell, const Work<T>& work);

}  // namespace recurrent
}  // namespace tw
