#pragma once

#include "graph/attr.h"
#include "kernels/conv_shape.h"
#include "ops/nn/window_spec.h"

namespace tw {

// What the two gradients of a convolution share.

// The geometry of the convolution of an input of shape x; checks that dy fits it.
ConvShape gradient_geometry(const WindowSpec& spec, const Shape& x, const Shape& filter,
                            const Shape& dy);

// A depthwise filter [height, width, channels, multiplier] holds its elements as a filter of one
// channel per group, [height, width, 1, channels * multiplier], does.
Shape grouped_filter(const Shape& filter);

// The attrs of the forward op, for its gradients.
AttrMap window_attrs(const Attrs& attrs);

}  // namespace tw
