#include "kernels/conv_filter_grad.h"

#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/depthwise.h"
#include "ops/nn/channels_last.h"
#include "ops/nn/conv.h"
#include "ops/nn/conv_gradient.h"

namespace tw {

ConvShape gradient_geometry(const WindowSpec& spec, const Shape& x, const Shape& filter,
                            const Shape& dy) {
  check(x.rank() == spec.rank() && filter.rank() == spec.rank(), Code::kInvalidArgument,
        "expected rank ", spec.rank(), ", got an input of shape ", x, " and a filter of shape ",
        filter);
  const ConvShape s = conv_geometry(spec, x, filter);
  const Shape expected = spec.shape_of(s.batch, s.out.data() + (3 - spec.spatial), s.out_channels);
  check(dy == expected, Code::kInvalidArgument, "out_backprop has shape ", dy,
        ", the convolution gives ", expected);
  return s;
}

Shape grouped_filter(const Shape& filter) {
  if (!filter.has_rank()) return filter;
  const bool known = filter[2] != kUnknownDim && filter[3] != kUnknownDim;
  return {filter[0], filter[1], 1, known ? filter[2] * filter[3] : kUnknownDim};
}

AttrMap window_attrs(const Attrs& attrs) {
  AttrMap map;
  for (const char* name : {"strides", "dilations", "explicit_paddings"}) {
    map.emplace_back(name, attrs.integers(name));
  }
  for (const char* name : {"padding", "data_format"}) map.emplace_back(name, attrs.string(name));
  return map;
}

namespace {

void filter_grad_shape(ShapeContext& c) {
  const int rank = window_spec(c.attrs()).rank();
  c.with_rank(0, rank);
  c.with_rank(2, rank);
  c.set_output(0, merge(c.shape_from(1), Shape::unknown_dims(rank)));
}

template <class T>
void run_depthwise(OpContext& c, const ConvShape& s, const T* x, const T* dy, T* dw) {
  const std::int64_t block = 64;
  c.parallel_for((s.in_channels + block - 1) / block, [&](std::int64_t task, int) {
    const std::int64_t channel = task * block;
    depthwise_filter_grad(s, x, dy, channel, std::min(block, s.in_channels - channel), dw);
  });
}

template <class T>
void run_products(OpContext& c, const ConvShape& s, const T* x, const T* dy, T* dw) {
  const FilterGradPlan plan = filter_grad_plan<T>(s, c.threads());
  const std::int64_t scratch = (plan.scratch + 15) / 16 * 16;
  T* partial = c.temporary_of<T>(plan.partial + scratch * c.threads());
  T* workspace = partial + plan.partial;
  c.parallel_for(plan.tasks, [&](std::int64_t task, int worker) {
    filter_grad_task(plan, x, dy, task, dw, partial, workspace + worker * scratch);
  });
  add_filter_segments(plan, partial, dw);
}

// `filter` is the shape of the output, seen as a filter of Conv2D.
void filter_grad_of(OpContext& c, const Shape& filter) {
  if (c.output(0).size() == 0) return;
  const WindowSpec spec = window_spec(c.attrs());
  const ConvShape s = gradient_geometry(spec, c.input(0).shape(), filter, c.input(2).shape());
  visit_compute(c.output(0).dtype(), [&]<class T>() {
    const T* x = channels_last_input<T>(c, c.input(0), spec.channels_first);
    const T* dy = channels_last_input<T>(c, c.input(2), spec.channels_first);
    T* dw = compute_output<T>(c, c.output(0));
    if (is_depthwise(s) && s.group_out() == 1) {
      run_depthwise(c, s, x, dy, dw);
    } else {
      run_products(c, s, x, dy, dw);
    }
    finish_output(c, dw, c.output(0));
  });
}

Shape sizes_of(OpContext& c) {
  const std::vector<std::int64_t> dims = c.input(1).to_int64s();
  for (std::int64_t dim : dims) {
    check(dim >= 0, Code::kInvalidArgument, "filter_sizes has a negative dim: ", dim);
  }
  return Shape(std::span<const std::int64_t>(dims));
}

void filter_grad_kernel(OpContext& c) {
  filter_grad_of(c, c.allocate_output(0, sizes_of(c)).shape());
}

void depthwise_filter_grad_kernel(OpContext& c) {
  const Shape filter = c.allocate_output(0, sizes_of(c)).shape();
  check(filter.rank() == 4, Code::kInvalidArgument, "filter_sizes has ", filter.rank(),
        " numbers, expected 4");
  filter_grad_of(c, grouped_filter(filter));
}

// By the names of the convolution and of its input's gradient.
void filter_grad_gradient(GradientContext& g, const char* conv, const char* input_grad) {
  const Output dw = g.output_grad(0);
  g.input(0) = g.op(input_grad, {g.shape_of(g.input_value(0)), dw, g.input_value(2)},
                    window_attrs(g.attrs()));
  g.input(2) = g.op(conv, {g.input_value(0), dw}, window_attrs(g.attrs()));
}

}  // namespace

#define TW_FILTER_GRAD(formats)                                                                  \
  internal()                                                                                     \
      .input("input: T").input("filter_sizes: Tsizes").input("out_backprop: T").output("output: T") \
      .attr("T: floating").attr("Tsizes: int32|int64 = int32")                                   \
      .attr("strides: list(int) = []").attr("padding: {SAME, VALID, EXPLICIT} = VALID")          \
      .attr("explicit_paddings: list(int) = []").attr("data_format: " formats)                   \
      .attr("dilations: list(int) = []")                                                         \
      .shape(filter_grad_shape)

OP(Conv2DBackpropFilter)
    .doc("The gradient of Conv2D's filter, whose shape is filter_sizes.")
    .TW_FILTER_GRAD("{NHWC, NCHW} = NHWC")
    .gradient([](GradientContext& g) {
      filter_grad_gradient(g, "Conv2D", "Conv2DBackpropInput");
    })
    .kernel(Device::kCpu, filter_grad_kernel);

OP(Conv3DBackpropFilterV2)
    .doc("The gradient of Conv3D's filter, whose shape is filter_sizes.")
    .TW_FILTER_GRAD("{NDHWC, NCDHW} = NDHWC")
    .gradient([](GradientContext& g) {
      filter_grad_gradient(g, "Conv3D", "Conv3DBackpropInputV2");
    })
    .kernel(Device::kCpu, filter_grad_kernel);

OP(DepthwiseConv2dNativeBackpropFilter)
    .doc("The gradient of DepthwiseConv2dNative's filter, whose shape is filter_sizes.")
    .TW_FILTER_GRAD("{NHWC, NCHW} = NHWC")
    .gradient([](GradientContext& g) {
      filter_grad_gradient(g, "DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput");
    })
    .kernel(Device::kCpu, depthwise_filter_grad_kernel);

}  // namespace tw
