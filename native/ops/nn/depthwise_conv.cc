#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/nn/conv.h"
#include "ops/nn/conv_gradient.h"

namespace tw {
namespace {

void depthwise_shape(ShapeContext& c) {
  const int axis = window_spec(c.attrs()).channel_axis();
  const Shape& x = c.with_rank(0, 4);
  const Shape& filter = c.with_rank(1, 4);
  if (x.has_rank() && filter.has_rank()) {
    check(x[axis] == filter[2] || x[axis] == kUnknownDim || filter[2] == kUnknownDim,
          Code::kInvalidArgument, "the input has ", x[axis], " channels, the filter ", filter[2]);
  }
  conv_shape_of(c, grouped_filter(filter));
}

void depthwise_kernel(OpContext& c) { conv_kernel_of(c, grouped_filter(c.input(1).shape())); }

void depthwise_gradient(GradientContext& g) {
  const Output x = g.input_value(0), filter = g.input_value(1), dy = g.output_grad(0);
  const AttrMap attrs = window_attrs(g.attrs());
  g.input(0) = g.op("DepthwiseConv2dNativeBackpropInput", {g.shape_of(x), filter, dy}, attrs);
  g.input(1) = g.op("DepthwiseConv2dNativeBackpropFilter", {x, g.shape_of(filter), dy}, attrs);
}

}  // namespace

OP(DepthwiseConv2dNative)
    .doc("Convolution of each channel by itself: filter [height, width, channels, multiplier], "
         "output channel j * multiplier + m from input channel j.")
    .api("depthwiseConv2d")
    .input("input: T").input("filter: T").output("output: T")
    .attr("T: floating").attr("strides: list(int) = []")
    .attr("padding: {SAME, VALID, EXPLICIT} = VALID").attr("explicit_paddings: list(int) = []")
    .attr("data_format: {NHWC, NCHW} = NHWC").attr("dilations: list(int) = []")
    .attr("_packed: shape?").attr("_winograd: bool = false").attr("_side: int = 0")
    .shape(depthwise_shape)
    .gradient(depthwise_gradient)
    .permute(conv_permute)
    .epilogue()
    .kernel(Device::kCpu, depthwise_kernel);

}  // namespace tw
