#pragma once

#include <cstdint>

#include "kernels/recurrent.h"

namespace tw::recurrent {

// One step of one batch entry in one direction, backwards: rows of `hidden` elements, or of as
// many for each gate.
template <class T>
struct CellStep {
  std::int64_t hidden;
  const CellActivation* activations;
  double clip;
  bool input_forget, linear_before_reset;
  const T* peepholes;                // LSTM, or null
  const T *h_before, *c_before;
  T* c_after;                        // LSTM
  T* sums;                           // of the gates; becomes their gradients
  T *dh, *dc, *dp;                   // states; dp is null without peepholes
  T *gates, *slopes;                 // work space, for each gate
  T *work, *d_reset;                 // work space
  T* product;                        // GRU: of the candidate, after which the reset gate comes
  T* candidate_grad;                 // GRU: of that product
};

// c_after, from the sums.
template <class T>
void lstm_cell_forward(const CellStep<T>& step) noexcept;
// The sums' gradients, dc and dp from dh, which includes that of the output.
template <class T>
void lstm_cell_backward(const CellStep<T>& step) noexcept;
template <class T>
void rnn_cell_backward(const CellStep<T>& step) noexcept;

// The gradients of the update gate and of the candidate, and candidate_grad; dh becomes what flows
// past the gates. With linear_before_reset also that of the reset gate; otherwise gru_reset_backward
// gives it once d_reset is the gradient of reset * h_before, and adds to dh.
template <class T>
void gru_cell_backward(const CellStep<T>& step) noexcept;
template <class T>
void gru_reset_backward(const CellStep<T>& step) noexcept;

}  // namespace tw::recurrent
