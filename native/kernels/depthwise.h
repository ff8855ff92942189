#pragma once

#include "kernels/block_epilogue.h"
#include "kernels/conv_shape.h"

namespace tw {

// Depthwise convolution with one output per channel: groups, in_channels and out_channels of the
// shape are equal. Weights are [taps][channels]. float and double.

// Output lines [line, line + count), counted through the whole batch (a line is out[2] pixels).
// The program of the epilogue is not run.
template <class T>
void depthwise(const ConvShape& shape, const T* x, const T* weights,
               const BlockEpilogue<T>& epilogue, std::int64_t line, std::int64_t count,
               T* y) noexcept;

// Input lines [line, line + count) of the gradient of x.
template <class T>
void depthwise_input_grad(const ConvShape& shape, const T* dy, const T* weights, std::int64_t line,
                          std::int64_t count, T* dx) noexcept;

// Channels [channel, channel + count) of the gradient of the weights.
template <class T>
void depthwise_filter_grad(const ConvShape& shape, const T* x, const T* dy, std::int64_t channel,
                           std::int64_t count, T* dw) noexcept;

}  // namespace tw
