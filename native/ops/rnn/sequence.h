#pragma once

#include "ops/rnn/recurrent.h"

namespace tw::recurrent {

// One execution: the operands in plain memory, and what was derived from them.
template <class T>
struct Sequence {
  OpContext& c;
  const Cell& cell;
  const Work<T>& work;
  Sizes s;
  const T *x, *w, *r, *b, *h0, *c0, *p;
  T *y, *y_h, *y_c;
  std::int64_t packed;      // bits of the attr
  T* sums;                  // [directions][rows of x][width]
  std::vector<std::int64_t> lengths;
  std::vector<CellActivation> activations;
};

// Makes the sums of the input projection for all steps.
template <class T>
void project(const Sequence<T>& q);

// Goes through the steps of all directions, once the sums of the input projection are made.
template <class T>
void recur(const Sequence<T>& q);

}  // namespace tw::recurrent
