#pragma once

#include "kernels/conv.h"

namespace tw {

// The transpose of a convolution: the gradient of its input, or a transposed convolution. `shape`
// is that of the convolution: dy has its output pixels and out_channels, dx its input pixels and
// in_channels. Input pixels fall into phases by their place modulo the stride; each phase is a
// convolution of stride 1 over dy, with the taps that reach it, whose outputs lie apart in dx.

std::int64_t transposed_phases(const ConvShape& shape) noexcept;

// Phases along the width that are computed as one, their channels side by side: the epilogue's bias
// has to come that many times in a row. May be more than 1 only where transposed_may_repeat, which
// looks at kernel, stride, dilation and groups alone; the rest depends on in, out and pad.
std::int64_t transposed_repeats(const ConvShape& shape) noexcept;
bool transposed_may_repeat(const ConvShape& shape) noexcept;

// The plan of one phase, for conv_task with x = dy, y = dx and packed = the whole packed filter
// plus transposed_offset. A phase that no tap reaches fills its part of dx with the bias.
template <class T>
ConvPlan transposed_plan(const ConvShape& shape, std::int64_t phase) noexcept;
template <class T>
std::int64_t transposed_offset(const ConvShape& shape, std::int64_t phase) noexcept;

template <class T>
std::int64_t transposed_packed_size(const ConvShape& shape) noexcept;
// weights [kernel..., in_channels / groups, out_channels], as the convolution has them.
template <class T>
void transposed_pack(const ConvShape& shape, const T* weights, T* packed) noexcept;

}  // namespace tw
