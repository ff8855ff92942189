#pragma once

#include "graph/op_context.h"
#include "kernels/pack.h"

namespace tw {

// Products compute float16 and bfloat16 in float32: calls visit.template operator()<T>() with
// float or double.
template <class Visitor>
decltype(auto) visit_compute(DType dtype, Visitor&& visit) {
  if (dtype == DType::kFloat64) return visit.template operator()<double>();
  check(is_floating(dtype), Code::kUnimplemented, "expected a floating dtype, got ",
        name_of(dtype));
  return visit.template operator()<float>();
}

// True when elements of this dtype are computed as they are stored.
inline bool computes_directly(DType dtype) {
  return dtype == DType::kFloat32 || dtype == DType::kFloat64;
}

// The elements of x as T: x itself, or a temporary.
template <class T>
const T* compute_input(OpContext& c, const Tensor& x);

// Where to compute the elements of y: y itself, or a temporary that finish_output rounds into y.
template <class T>
T* compute_output(OpContext& c, Tensor& y);
template <class T>
void finish_output(OpContext& c, const T* computed, Tensor& y);

// out[b] = transpose of in[b], each rows x columns, shared among the threads. Rows of out are
// `stride` elements apart; 0 stands for `rows`.
template <class T>
void transpose_all(OpContext& c, const T* in, std::int64_t batch, std::int64_t rows,
                   std::int64_t columns, T* out, std::int64_t stride = 0);

// Packs a k x n matrix, panel by panel, shared among the threads.
template <class T>
void pack_all(OpContext& c, const MatrixView<T>& matrix, std::int64_t k, std::int64_t n, T* out);

}  // namespace tw
