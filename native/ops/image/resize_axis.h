#pragma once

#include <string>
#include <vector>

#include "graph/op_context.h"
#include "graph/pass_context.h"
#include "graph/shape_context.h"
#include "kernels/resize.h"

namespace tw {

// What the resize ops share: which places of the input belong to a place of the output.

// The attrs that say so, as one clause each for OP(...); see the ops' docs.
#define TW_RESIZE_ATTRS                                                                    \
  attr("align_corners: bool = false")                                                      \
      .attr("half_pixel_centers: bool = false")                                            \
      .attr("data_format: {NHWC, NCHW} = NHWC")                                            \
      .attr("coordinate_transformation_mode: {default, asymmetric, half_pixel, "           \
            "pytorch_half_pixel, align_corners} = default")                                \
      .attr("scales: list(float) = []")

// An image batch seen as planes of pixels: NHWC has one plane per image and pixels of C elements,
// NCHW one plane per image and channel and pixels of one.
struct Planes {
  std::int64_t count, in_height, in_width, out_height, out_width, channels;
};

bool channels_first(const Attrs& attrs);
// The result's shape for images and an output size; dims may be unknown.
Shape resized_shape(const Shape& images, const Attrs& attrs, std::int64_t height,
                    std::int64_t width);
Planes planes_of(const Shape& images, const Shape& resized, const Attrs& attrs);

// Inputs images and size: the shape function, and the size as given to the kernel.
void resize_shape(ShapeContext& c);
Shape size_from(const Tensor& size, const Shape& images, const Attrs& attrs);
bool resize_permute(PermuteContext& c);

// The nearest place for each output along axis 0 (height) or 1 (width).
std::vector<std::int64_t> nearest_places(const Attrs& attrs, int axis, std::int64_t in,
                                         std::int64_t out);

// The two places and the weight of the second one.
struct LinearPlaces {
  std::vector<std::int64_t> lower, upper;
  std::vector<float> weight;
  // Places times `step`.
  ResizeAxis scaled(std::int64_t step);
};
LinearPlaces linear_places(const Attrs& attrs, int axis, std::int64_t in, std::int64_t out);

// The attrs of a resize node, for its gradient's.
AttrMap resize_attrs(const Attrs& attrs);

}  // namespace tw
