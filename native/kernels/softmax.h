#pragma once

#include <cstdint>

#include "tensor/dtype.h"

namespace tw {

// All of float16, bfloat16, float32 and float64; half types are computed in float. The maximum is
// subtracted first, so that exp never overflows; NaN in a row makes all of it NaN.

// y = softmax of each row of x, or its logarithm; y may be x.
void softmax_rows(DType dtype, bool logarithm, void* y, const void* x, std::int64_t rows,
                  std::int64_t depth) noexcept;

// The same down the first axis of [depth, inner], for columns [begin, end).
void softmax_columns(DType dtype, bool logarithm, void* y, const void* x, std::int64_t depth,
                     std::int64_t inner, std::int64_t begin, std::int64_t end) noexcept;

// loss[r] = -sum(labels * log softmax(logits)) and backprop = softmax(logits) - labels. A label of
// 0 adds nothing, whatever its logit. backprop may be logits or labels.
void cross_entropy_rows(DType dtype, void* loss, void* backprop, const void* logits,
                        const void* labels, std::int64_t rows, std::int64_t depth) noexcept;
// The same where labels[r], in [0, depth), names the one label that is 1.
void sparse_cross_entropy_rows(DType dtype, void* loss, void* backprop, const void* logits,
                               const std::int64_t* labels, std::int64_t rows,
                               std::int64_t depth) noexcept;

}  // namespace tw
