#pragma once

#include "graph/op_context.h"
#include "graph/pass_context.h"
#include "graph/shape_context.h"
#include "kernels/conv_shape.h"
#include "ops/nn/window_spec.h"

namespace tw {

// Conv1D, Conv2D and Conv3D: input, filter [spatial..., channels / groups, outputs].

// The geometry of a convolution of shape x with that filter; checks channels and groups.
ConvShape conv_geometry(const WindowSpec& spec, const Shape& x, const Shape& filter);
// True when each channel is convolved by itself, by the kernels of depthwise.h; when it gives more
// than one output, these work on repeated channels.
bool is_depthwise(const ConvShape& shape);

// The output's shape for a filter of this shape; conv_shape_fn takes that of input 1, or of what
// it was before it was packed (attr _packed).
void conv_shape_of(ShapeContext& c, const Shape& filter);
void conv_shape_fn(ShapeContext& c);
void conv_pack_filter(PackContext& c);
bool conv_permute(PermuteContext& c);
void conv_kernel(OpContext& c);
// As conv_kernel, for a filter whose elements are to be seen under another shape.
void conv_kernel_of(OpContext& c, const Shape& filter);
// Channel j of every row comes `times` times, one after the other.
template <class T>
const T* repeated_channels(OpContext& c, const T* x, std::int64_t rows, std::int64_t channels,
                           std::int64_t times);

// Flips data_format between channels first and last, as the permutation asks; false when the
// permutation is another one. Also permutes the window attrs that name all dims.
bool permute_data_format(PermuteContext& c, std::initializer_list<const char*> lists);

}  // namespace tw
