#pragma once

#include "kernels/recurrent.h"

namespace tw {

// For float and double. Rows may not overlap unless said so.

// y[i] += a[i]
template <class T>
void add_rows(const T* a, T* y, std::int64_t n) noexcept;

// What `activate` does to x, and in slope[i] its derivative by x[i].
template <class T>
void activate_with_slope(const CellActivation& activation, double clip, T* x, T* slope,
                         std::int64_t n) noexcept;

// One unit row of an LSTM, backwards. All rows hold n elements, but for those of the four gates
// i, o, f, g and of the peepholes i, o, f, which follow one another.
template <class T>
struct LstmGradient {
  const T *gates, *slopes;            // activated, and the derivatives by the sums
  const T *c_before, *cell, *cell_slope;  // cell: the activation of the new c
  const T* c_after;
  const T* dh;
  const T* peepholes;                 // or null, and then so is dp
  T* dp;                              // is added to
  T* dc;                              // of c_after, becomes that of c_before
  T* sums;                            // the result
  bool input_forget;                  // f is 1 - i
};
template <class T>
void lstm_gradient_row(const LstmGradient<T>& row, std::int64_t n) noexcept;

// The update gate and the candidate of one unit row of a GRU, h = (1 - z) g + z before, with their
// slopes: dz and dg are the gradients of their sums, dh becomes what flows past the gates.
template <class T>
void gru_gradient_row(const T* z, const T* z_slope, const T* g, const T* g_slope, const T* before,
                      T* dh, T* dz, T* dg, std::int64_t n) noexcept;

}  // namespace tw
