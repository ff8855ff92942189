#include "graph/op_registry.h"
#include "ops/nn/conv.h"

namespace tw {
namespace {

// [height, width, channels, multiplier] holds its elements as a filter of one channel per group,
// [height, width, 1, channels * multiplier], does.
Shape grouped(const Shape& filter) {
  if (!filter.has_rank()) return filter;
  const bool known = filter[2] != kUnknownDim && filter[3] != kUnknownDim;
  return {filter[0], filter[1], 1, known ? filter[2] * filter[3] : kUnknownDim};
}

void depthwise_shape(ShapeContext& c) {
  const int axis = window_spec(c.attrs()).channel_axis();
  const Shape& x = c.with_rank(0, 4);
  const Shape& filter = c.with_rank(1, 4);
  if (x.has_rank() && filter.has_rank()) {
    check(x[axis] == filter[2] || x[axis] == kUnknownDim || filter[2] == kUnknownDim,
          Code::kInvalidArgument, "the input has ", x[axis], " channels, the filter ", filter[2]);
  }
  conv_shape_of(c, grouped(filter));
}

void depthwise_kernel(OpContext& c) { conv_kernel_of(c, grouped(c.input(1).shape())); }

}  // namespace

OP(DepthwiseConv2dNative)
    .doc("Convolution of each channel by itself: filter [height, width, channels, multiplier], "
         "output channel j * multiplier + m from input channel j.")
    .api("depthwiseConv2d")
    .input("input: T").input("filter: T").output("output: T")
    .attr("T: floating").attr("strides: list(int) = []")
    .attr("padding: {SAME, VALID, EXPLICIT} = VALID").attr("explicit_paddings: list(int) = []")
    .attr("data_format: {NHWC, NCHW} = NHWC").attr("dilations: list(int) = []")
    .attr("_packed: shape?")
    .shape(depthwise_shape)
    .no_gradient("pending")
    .permute(conv_permute)
    .kernel(Device::kCpu, depthwise_kernel);

}  // namespace tw
