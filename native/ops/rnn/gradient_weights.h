#pragma once

#include "ops/rnn/recurrent.h"

namespace tw::recurrent {

// A matrix in panels, as tile_block takes them.
template <class T>
struct Packed {
  const T* panels;
  std::int64_t depth, columns;
};

// The recurrent weights of one direction for both ways, by parts as in Cell.
template <class T>
struct Weights {
  std::vector<Packed<T>> forwards, backwards;
};

// In memory that lives until the kernel returns.
template <class T>
Weights<T> weights_of(OpContext& c, const Cell& cell, const T* r, std::int64_t hidden);

}  // namespace tw::recurrent
