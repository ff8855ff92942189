#include "ops/rnn/gradient_weights.h"

#include "kernels/pack.h"

namespace tw::recurrent {

template <class T>
static Packed<T> packed(OpContext& c, const MatrixView<T>& matrix, std::int64_t depth,
                        std::int64_t columns) {
  T* panels = c.temporary_of<T>(packed_size<T>(depth, columns));
  pack_matrix<T>(matrix, depth, columns, panels);
  return {panels, depth, columns};
}

template <class T>
Weights<T> weights_of(OpContext& c, const Cell& cell, const T* r, std::int64_t hidden) {
  Weights<T> weights;
  for (int part : cell.parts) {
    weights.forwards.push_back(packed<T>(c, {r, hidden, true}, hidden, part * hidden));
    weights.backwards.push_back(packed<T>(c, {r, hidden, false}, part * hidden, hidden));
    r += part * hidden * hidden;
  }
  return weights;
}

template Weights<float> weights_of(OpContext&, const Cell&, const float*, std::int64_t);
template Weights<double> weights_of(OpContext&, const Cell&, const double*, std::int64_t);

}  // namespace tw::recurrent
