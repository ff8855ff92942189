#pragma once

#include <cstdint>

namespace tw {

// The functions that ONNX names for recurrent cells, with their two parameters.
#define TW_ACTIVATIONS(X) \
  X(kSigmoid) X(kTanh) X(kRelu) X(kAffine) X(kLeakyRelu) X(kThresholdedRelu) \
  X(kScaledTanh) X(kHardSigmoid) X(kElu) X(kSoftsign) X(kSoftplus)

#define TW_NAME(kKind) kKind,
enum class Activation { TW_ACTIVATIONS(TW_NAME) };
#undef TW_NAME
struct CellActivation {
  Activation kind = Activation::kTanh;
  double alpha = 0, beta = 0;
};

// For float and double. Rows may not overlap unless said so.

// x[i] = activation(clip x[i] to [-clip, clip]); clip may be infinite.
template <class T>
void activate(const CellActivation& activation, double clip, T* x, std::int64_t n) noexcept;
// y[i] += a[i] * b[i]; y may be a or b.
template <class T>
void multiply_add(const T* a, const T* b, T* y, std::int64_t n) noexcept;
// y[i] = a[i] * b[i]; y may be a or b.
template <class T>
void multiply_rows(const T* a, const T* b, T* y, std::int64_t n) noexcept;
// y[i] = 1 - x[i]
template <class T>
void complement(const T* x, T* y, std::int64_t n) noexcept;
// h[i] = (1 - z[i]) * g[i] + z[i] * before[i]; h may be before.
template <class T>
void blend(const T* z, const T* g, const T* before, T* h, std::int64_t n) noexcept;

// One step of an LSTM with sigmoid gates and tanh: gates holds the four rows i, o, f, g of n sums;
// c is updated, h written.
template <class T>
void lstm_row(const T* gates, T* c, T* h, std::int64_t n) noexcept;

}  // namespace tw
