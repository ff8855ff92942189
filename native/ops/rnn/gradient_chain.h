#pragma once

#include "ops/rnn/recurrent.h"

namespace tw::recurrent {

// The gradients of the sums that the gates of a whole sequence take, from the last step to the
// first. All that does not need the order of the steps, the products with x and w and those that
// give the gradients of the weights, is left to other ops.
//
// Rows are those of x (Sizes::x_row), for each direction:
//   projected [directions, rows, width], x * w'; h_before [directions, rows, hidden];
//   sums like projected: the gradients, zeros beyond the ends of sequences.
// GRU alone, [directions, rows, hidden]: the gradient of the candidate's recurrent product and
// what it multiplies, since the reset gate stands before the product or after it.
template <class T>
struct Backwards {
  OpContext& c;
  const Cell& cell;
  Sizes s;
  const T *projected, *r, *b, *h_before, *dy, *dy_h, *dy_c, *c0, *p;  // b, dy_c, c0, p may be null
  T *sums, *dh, *dc, *dp;                                             // dc, dp: LSTM
  T *hidden_grads = nullptr, *hidden_inputs = nullptr;                // GRU
  std::vector<std::int64_t> lengths;
  std::vector<CellActivation> activations;
  double clip;
  bool backwards;      // the first direction
  bool input_forget = false, linear_before_reset = false;
};

template <class T>
void run_backwards(const Backwards<T>& q);

}  // namespace tw::recurrent
