#include "ops/rnn/gradient_cells.h"

#include <algorithm>
#include <limits>

#include "kernels/cell_gradient.h"

namespace tw::recurrent {
namespace {

// The sums as gates, with what peepholes see.
template <class T>
void copy_gates(const CellStep<T>& s, const T* after) {
  const std::int64_t n = s.hidden;
  std::copy_n(s.sums, 4 * n, s.gates);
  if (s.peepholes == nullptr) return;
  multiply_add(s.peepholes, s.c_before, s.gates, n);
  multiply_add(s.peepholes + n, after, s.gates + n, n);
  multiply_add(s.peepholes + 2 * n, s.c_before, s.gates + 2 * n, n);
}

}  // namespace

template <class T>
void lstm_cell_forward(const CellStep<T>& s) noexcept {
  const std::int64_t n = s.hidden;
  T *i = s.gates, *f = s.gates + 2 * n, *g = s.gates + 3 * n;
  copy_gates(s, s.c_before);  // the output gate is not looked at
  activate(s.activations[0], s.clip, i, n);
  if (s.input_forget) {
    complement(i, f, n);
  } else {
    activate(s.activations[0], s.clip, f, n);
  }
  activate(s.activations[1], s.clip, g, n);
  multiply_rows(f, s.c_before, s.c_after, n);
  multiply_add<T>(i, g, s.c_after, n);
}

template <class T>
void lstm_cell_backward(const CellStep<T>& s) noexcept {
  const std::int64_t n = s.hidden;
  copy_gates<T>(s, s.c_after);
  for (int gate = 0; gate < 4; ++gate) {
    activate_with_slope(s.activations[gate == 3 ? 1 : 0], s.clip, s.gates + gate * n,
                        s.slopes + gate * n, n);
  }
  if (s.input_forget) complement(s.gates, s.gates + 2 * n, n);
  std::copy_n(s.c_after, n, s.work);
  activate_with_slope(s.activations[2], std::numeric_limits<double>::infinity(), s.work,
                      s.d_reset, n);
  lstm_gradient_row<T>({.gates = s.gates,
                        .slopes = s.slopes,
                        .c_before = s.c_before,
                        .cell = s.work,
                        .cell_slope = s.d_reset,
                        .c_after = s.c_after,
                        .dh = s.dh,
                        .peepholes = s.peepholes,
                        .dp = s.dp,
                        .dc = s.dc,
                        .sums = s.sums,
                        .input_forget = s.input_forget},
                       n);
}

template <class T>
void rnn_cell_backward(const CellStep<T>& s) noexcept {
  activate_with_slope(s.activations[0], s.clip, s.sums, s.slopes, s.hidden);
  multiply_rows<T>(s.slopes, s.dh, s.sums, s.hidden);
}

template <class T>
void gru_cell_backward(const CellStep<T>& s) noexcept {
  const std::int64_t n = s.hidden;
  std::copy_n(s.sums, 3 * n, s.gates);
  for (int gate = 0; gate < 2; ++gate) {
    activate_with_slope(s.activations[0], s.clip, s.gates + gate * n, s.slopes + gate * n, n);
  }
  const T* reset = s.gates + n;
  T *candidate = s.gates + 2 * n, *candidate_sum = s.sums + 2 * n;
  if (s.linear_before_reset) multiply_add<T>(reset, s.product, candidate, n);
  activate_with_slope(s.activations[1], s.clip, candidate, s.slopes + 2 * n, n);
  gru_gradient_row<T>(s.gates, s.slopes, candidate, s.slopes + 2 * n, s.h_before, s.dh, s.sums,
                      candidate_sum, n);
  if (!s.linear_before_reset) {
    std::copy_n(candidate_sum, n, s.candidate_grad);
    return;
  }
  multiply_rows<T>(candidate_sum, reset, s.candidate_grad, n);
  multiply_rows<T>(candidate_sum, s.product, s.work, n);
  multiply_rows<T>(s.work, s.slopes + n, s.sums + n, n);
}

template <class T>
void gru_reset_backward(const CellStep<T>& s) noexcept {
  const std::int64_t n = s.hidden;
  multiply_add<T>(s.gates + n, s.d_reset, s.dh, n);
  multiply_rows<T>(s.d_reset, s.h_before, s.d_reset, n);
  multiply_rows<T>(s.d_reset, s.slopes + n, s.sums + n, n);
}

#define TW_CELLS(T)                                               \
  template void lstm_cell_forward(const CellStep<T>&) noexcept;   \
  template void lstm_cell_backward(const CellStep<T>&) noexcept;  \
  template void rnn_cell_backward(const CellStep<T>&) noexcept;   \
  template void gru_cell_backward(const CellStep<T>&) noexcept;   \
  template void gru_reset_backward(const CellStep<T>&) noexcept;
TW_CELLS(float)
TW_CELLS(double)
#undef TW_CELLS

}  // namespace tw::recurrent
