#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "kernels/conv_transpose.h"
#include "kernels/depthwise.h"
#include "ops/linalg/epilogue.h"
#include "ops/nn/channels_last.h"
#include "ops/nn/conv.h"
#include "ops/nn/conv_gradient.h"

namespace tw {
namespace {

// The shape of the output that input 0 spells out, in the order of data_format. When the layout
// pass turned the node around, input_sizes still has channels first.
Shape in_format(const Attrs& attrs, Shape sizes) {
  if (!attrs.flag("_sizes_channels_first") || !sizes.has_rank() || sizes.rank() < 3) return sizes;
  Shape turned{sizes[0]};
  for (int axis = 2; axis < sizes.rank(); ++axis) turned.push_back(sizes[axis]);
  turned.push_back(sizes[1]);
  return turned;
}

// Strides divide the output into so many phases, each with a plan of its own.
constexpr double kMostPhases = 4096;

void check_phases(const WindowSpec& spec) {
  double phases = 1;
  for (int d = 0; d < spec.spatial; ++d) {
    phases *= static_cast<double>(spec.stride[static_cast<std::size_t>(d)]);
  }
  check(phases <= kMostPhases, Code::kUnimplemented, "the product of the strides is ", phases,
        ", expected at most ", kMostPhases);
}

void input_grad_shape(ShapeContext& c) {
  const WindowSpec spec = window_spec(c.attrs());
  check_phases(spec);
  const int rank = spec.rank();
  c.with_rank(2, rank);
  if (!c.attrs().given("_packed")) {
    const Shape& filter = c.with_rank(1, rank);
    for (int d = 0; d + 2 < rank && filter.has_rank(); ++d) {
      check(filter[d] != 0, Code::kInvalidArgument,
            "the filter has no elements along spatial dim ", d);
    }
  }
  c.set_output(0, merge(in_format(c.attrs(), c.shape_from(0)), Shape::unknown_dims(rank)));
}

bool input_grad_permute(PermuteContext& c) {
  if (!permute_data_format(c, {"strides", "dilations", "explicit_paddings"})) return false;
  c.set_attr("_sizes_channels_first", !c.attrs().flag("_sizes_channels_first"));
  c.permute_input(2);
  return true;
}

template <class T>
Tensor packed_tensor(const ConvShape& s, const Tensor& filter) {
  Tensor packed = Tensor::allocate(filter.dtype(), {transposed_packed_size<T>(s)});
  transposed_pack(s, filter.data<T>(), packed.mutable_data<T>());
  return packed;
}

void input_grad_pack(PackContext& c) {
  const Tensor* filter = c.constant(1);
  if (filter == nullptr || c.attrs().given("_packed") || filter->size() == 0) return;
  const WindowSpec spec = window_spec(c.attrs());
  const Shape& dx = c.node().outputs[0].shape;
  if (!dx.has_rank() || dx[spec.channel_axis()] == kUnknownDim) return;
  const bool is_float = filter->dtype() == DType::kFloat32;
  if (!is_float && filter->dtype() != DType::kFloat64) return;
  ConvShape s;
  for (int d = 0; d < spec.spatial; ++d) {
    const auto k = static_cast<std::size_t>(3 - spec.spatial + d), i = static_cast<std::size_t>(d);
    s.kernel[k] = filter->dim(d), s.stride[k] = spec.stride[i], s.dilation[k] = spec.dilation[i];
  }
  s.in_channels = dx[spec.channel_axis()];
  s.out_channels = filter->dim(spec.spatial + 1);
  s.groups = s.in_channels / filter->dim(spec.spatial);
  if (s.groups == 0 || is_depthwise(s)) return;
  if (transposed_may_repeat(s)) {
    // How the filter is packed depends on the sizes along the width.
    const int d = spec.spatial - 1, axis = spec.axis(d);
    const Shape& dy = c.shape(2);
    if (!dy.has_rank() || dy[axis] == kUnknownDim || dx[axis] == kUnknownDim) return;
    s.in[2] = dx[axis], s.out[2] = dy[axis];
    s.pad[2] = spec.pad_before(d, s.in[2], s.kernel[2]);
  }
  c.set_attr("_packed", filter->shape());
  c.replace_input(1, is_float ? packed_tensor<float>(s, *filter)
                              : packed_tensor<double>(s, *filter));
}

struct InputGradState {
  Shape output;  // comes from a value, so it may change from run to run
  WindowSpec spec;
  ConvShape shape;
  std::vector<ConvPlan> plans;  // by phase
  std::vector<std::int64_t> offsets, first_task;
  std::int64_t tasks = 0, scratch = 0;
  EpiloguePlan epilogue;
};

template <class T>
InputGradState make_state(OpContext& c, const Shape& filter) {
  InputGradState s{};
  s.output = c.output(0).shape();
  s.epilogue = epilogue_plan(c);
  s.spec = window_spec(c.attrs());
  s.shape = gradient_geometry(s.spec, c.output(0).shape(), filter, c.input(2).shape());
  if (is_depthwise(s.shape) && s.shape.group_out() == 1) return s;
  for (std::int64_t phase = 0; phase < transposed_phases(s.shape); ++phase) {
    s.plans.push_back(transposed_plan<T>(s.shape, phase));
    s.offsets.push_back(transposed_offset<T>(s.shape, phase));
    s.first_task.push_back(s.tasks);
    s.tasks += s.plans.back().tasks;
    s.scratch = std::max(s.scratch, s.plans.back().scratch);
  }
  return s;
}

template <class T>
void run_phases(OpContext& c, const InputGradState& s, const T* dy,
                BlockEpilogue<T> epilogue, T* dx) {
  const T* packed = nullptr;
  if (c.attrs().given("_packed")) {
    packed = c.input(1).data<T>();
  } else {
    T* made = c.temporary_of<T>(transposed_packed_size<T>(s.shape));
    transposed_pack(s.shape, compute_input<T>(c, c.input(1)), made);
    packed = made;
  }
  if (const auto times = transposed_repeats(s.shape); times > 1 && epilogue.bias != nullptr) {
    const std::int64_t channels = s.shape.in_channels;
    T* bias = c.temporary_of<T>(times * channels);
    for (std::int64_t i = 0; i < times; ++i) {
      std::copy_n(epilogue.bias, channels, bias + i * channels);
    }
    epilogue.bias = bias;
  }
  const std::int64_t scratch = (s.scratch + 15) / 16 * 16;
  T* workspace = c.temporary_of<T>(scratch * c.threads() + 1);
  c.parallel_for(s.tasks, [&](std::int64_t task, int worker) {
    const auto after = std::upper_bound(s.first_task.begin(), s.first_task.end(), task);
    const auto phase = static_cast<std::size_t>(after - s.first_task.begin() - 1);
    const ConvOperands<T> operands{dy, packed + s.offsets[phase], dx, epilogue};
    conv_task(s.plans[phase], operands, task - s.first_task[phase], workspace + worker * scratch);
  });
}

template <class T>
void run(OpContext& c, const Shape& filter) {
  const auto& kept = c.prepared<InputGradState>([&] { return make_state<T>(c, filter); });
  const bool fits = kept.output == c.output(0).shape();
  const InputGradState& s = fits ? kept : make_state<T>(c, filter);
  const T* dy = channels_last_input<T>(c, c.input(2), s.spec.channels_first);
  ChannelsLastOutput<T> dx(c, c.output(0), s.spec.channels_first);
  // Phases write rows that lie apart: what is more than bias and clamp waits for all of them.
  const bool direct = !s.plans.empty() && s.epilogue.rest == nullptr && !s.spec.channels_first;
  Epilogue epilogue(c, s.epilogue, direct);
  if (s.plans.empty()) {
    const T* weights = compute_input<T>(c, c.input(1));
    c.parallel_for(s.shape.batch * s.shape.in[0] * s.shape.in[1], [&](std::int64_t line, int) {
      depthwise_input_grad(s.shape, dy, weights, line, 1, dx.data());
    });
  } else {
    run_phases(c, s, dy, epilogue.block<T>(), dx.data());
  }
  dx.finish();
  epilogue.finish();
}

void input_grad_of(OpContext& c, const Shape& filter) {
  const std::vector<std::int64_t> dims = c.input(0).to_int64s();
  for (std::int64_t dim : dims) {
    check(dim >= 0, Code::kInvalidArgument, "input_sizes has a negative dim: ", dim);
  }
  c.allocate_output(0, in_format(c.attrs(), Shape(std::span<const std::int64_t>(dims))));
  if (c.output(0).size() == 0) return;
  visit_compute(c.output(0).dtype(), [&]<class T>() { run<T>(c, filter); });
}

void input_grad_kernel(OpContext& c) {
  const Attrs attrs = c.attrs();
  input_grad_of(c, attrs.given("_packed") ? attrs.get<Shape>("_packed") : c.input(1).shape());
}

void depthwise_input_grad_kernel(OpContext& c) {
  input_grad_of(c, grouped_filter(c.input(1).shape()));
}

// By the names of the convolution and of its filter's gradient.
void input_grad_gradient(GradientContext& g, const char* conv, const char* filter_grad) {
  const Output dx = g.output_grad(0);
  g.input(1) = g.op(filter_grad, {dx, g.shape_of(g.input_value(1)), g.input_value(2)},
                    window_attrs(g.attrs()));
  g.input(2) = g.op(conv, {dx, g.input_value(1)}, window_attrs(g.attrs()));
}

}  // namespace

#define TW_INPUT_GRAD(formats)                                                                  \
  input("input_sizes: Tsizes").input("filter: T").input("out_backprop: T").output("output: T")  \
      .attr("T: floating").attr("Tsizes: int32|int64 = int32")                                  \
      .attr("strides: list(int) = []").attr("padding: {SAME, VALID, EXPLICIT} = VALID")         \
      .attr("explicit_paddings: list(int) = []").attr("data_format: " formats)                  \
      .attr("dilations: list(int) = []")                                                        \
      .attr("_packed: shape?").attr("_sizes_channels_first: bool = false")                      \
      .shape(input_grad_shape).permute(input_grad_permute)

OP(Conv2DBackpropInput)
    .doc("The gradient of Conv2D's input, whose shape is input_sizes; also the transposed "
         "convolution of out_backprop, with strides that spread it. filter is as Conv2D has it.")
    .TW_INPUT_GRAD("{NHWC, NCHW} = NHWC")
    .gradient([](GradientContext& g) {
      input_grad_gradient(g, "Conv2D", "Conv2DBackpropFilter");
    })
    .pack(input_grad_pack)
    .epilogue()
    .kernel(Device::kCpu, input_grad_kernel);

OP(Conv3DBackpropInputV2)
    .doc("The gradient of Conv3D's input, and the transposed convolution in three dims; see "
         "Conv2DBackpropInput.")
    .api("conv3DBackpropInput")
    .TW_INPUT_GRAD("{NDHWC, NCDHW} = NDHWC")
    .gradient([](GradientContext& g) {
      input_grad_gradient(g, "Conv3D", "Conv3DBackpropFilterV2");
    })
    .pack(input_grad_pack)
    .epilogue()
    .kernel(Device::kCpu, input_grad_kernel);

OP(DepthwiseConv2dNativeBackpropInput)
    .doc("The gradient of DepthwiseConv2dNative's input, whose shape is input_sizes.")
    .internal()
    .TW_INPUT_GRAD("{NHWC, NCHW} = NHWC")
    .gradient([](GradientContext& g) {
      input_grad_gradient(g, "DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropFilter");
    })
    .kernel(Device::kCpu, depthwise_input_grad_kernel);

}  // namespace tw
