#include "ops/nn/pool.h"

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/nn/conv.h"

namespace tw {

PoolShape pool_geometry(const Attrs& attrs, const WindowSpec& spec, const Shape& x) {
  const auto kernel = spatial_entries(attrs, "ksize", spec);
  PoolShape p;
  p.window = conv_shape(spec, x, kernel.data());
  p.count_pads = attrs.op().find_attr("count_include_pad") != nullptr &&
                 attrs.flag("count_include_pad");
  for (int d = 0; d < spec.spatial; ++d) {
    const auto k = static_cast<std::size_t>(3 - spec.spatial + d);
    p.pad_after[k] = spec.pad_total(d, p.window.in[k], p.window.kernel[k]) - p.window.pad[k];
  }
  return p;
}

static Shape pooled_shape(ShapeContext& c) {
  const WindowSpec spec = window_spec(c.attrs());
  const auto kernel = spatial_entries(c.attrs(), "ksize", spec);
  const Shape& x = c.with_rank(0, spec.rank());
  std::array<std::int64_t, 3> sizes{kUnknownDim, kUnknownDim, kUnknownDim};
  for (int d = 0; d < spec.spatial && x.has_rank(); ++d) {
    const auto i = static_cast<std::size_t>(d);
    sizes[i] = spec.output_size(d, x[spec.axis(d)], kernel[i]);
  }
  return spec.shape_of(x.has_rank() ? x[0] : kUnknownDim, sizes.data(),
                       x.has_rank() ? x[spec.channel_axis()] : kUnknownDim);
}

void pool_shape_fn(ShapeContext& c) { c.set_output(0, pooled_shape(c)); }

bool pool_permute(PermuteContext& c) {
  if (!permute_data_format(c, {"ksize", "strides", "dilations", "explicit_paddings"})) return false;
  c.permute_input(0);
  return true;
}

namespace {

AttrMap pool_attrs(const Attrs& attrs) {
  AttrMap map;
  for (const char* name : {"ksize", "strides", "dilations", "explicit_paddings"}) {
    map.emplace_back(name, attrs.integers(name));
  }
  for (const char* name : {"padding", "data_format"}) map.emplace_back(name, attrs.string(name));
  return map;
}

template <bool k3d>
void max_pool_gradient(GradientContext& g) {
  g.input(0) = g.op(k3d ? "MaxPool3DGrad" : "MaxPoolGrad",
                    {g.input_value(0), g.output_value(0), g.output_grad(0)}, pool_attrs(g.attrs()));
}

template <bool k3d>
void avg_pool_gradient(GradientContext& g) {
  AttrMap attrs = pool_attrs(g.attrs());
  attrs.emplace_back("count_include_pad", g.attrs().flag("count_include_pad"));
  g.input(0) = g.op(k3d ? "AvgPool3DGrad" : "AvgPoolGrad",
                    {g.shape_of(g.input_value(0)), g.output_grad(0)}, attrs);
}

// MaxPoolGrad and MaxPoolGradGrad are linear in their last inputs, and each is the other's gradient.
void max_pool_grad_gradient(GradientContext& g, const char* other) {
  g.input(2) = g.op(other, {g.input_value(0), g.input_value(1), g.output_grad(0)},
                    pool_attrs(g.attrs()));
}

void avg_pool_grad_gradient(GradientContext& g, const char* pool) {
  AttrMap attrs = pool_attrs(g.attrs());
  attrs.emplace_back("count_include_pad", g.attrs().flag("count_include_pad"));
  g.input(1) = g.op(pool, {g.output_grad(0)}, attrs);
}

void max_pool_grad_grad_shape(ShapeContext& c) {
  const Shape pooled = pooled_shape(c);
  check(compatible(c.input(1), pooled), Code::kInvalidArgument, "orig_output has shape ",
        c.input(1), ", pooling gives ", pooled);
  check(compatible(c.input(2), c.input(0)), Code::kInvalidArgument, "grad has shape ", c.input(2),
        ", orig_input ", c.input(0));
  c.set_output(0, merge(pooled, c.input(1)));
}

void max_pool_grad_shape(ShapeContext& c) {
  const Shape pooled = pooled_shape(c);
  for (int i : {1, 2}) {
    check(compatible(c.input(i), pooled), Code::kInvalidArgument, i == 1 ? "orig_output" : "grad",
          " has shape ", c.input(i), ", pooling gives ", pooled);
  }
  c.set_output(0, c.input(0));
}

void avg_pool_grad_shape(ShapeContext& c) {
  c.with_rank(1, window_spec(c.attrs()).rank());
  c.set_output(0, merge(c.shape_from(0), Shape::unknown_dims(window_spec(c.attrs()).rank())));
}

}  // namespace

#define TW_POOL_ATTRS(formats)                                                          \
  attr("ksize: list(int)").attr("strides: list(int) = []")                              \
      .attr("padding: {SAME, VALID, EXPLICIT} = VALID").attr("explicit_paddings: list(int) = []") \
      .attr("data_format: " formats).attr("dilations: list(int) = []")
#define TW_2D "{NHWC, NCHW} = NHWC"
#define TW_3D "{NDHWC, NCDHW} = NDHWC"
#define TW_COUNT attr("count_include_pad: bool = false")

OP(MaxPool)
    .doc("The maximum of each window of [batch, height, width, channels]; padding never wins, "
         "NaN propagates.")
    .input("input: T").output("output: T").attr("T: floating|signed|uint8|uint16")
    .TW_POOL_ATTRS(TW_2D)
    .shape(pool_shape_fn).gradient(max_pool_gradient<false>).permute(pool_permute)
    .kernel(Device::kCpu, max_pool_kernel);

OP(MaxPool3D)
    .doc("The maximum of each window of [batch, depth, height, width, channels].")
    .input("input: T").output("output: T").attr("T: floating|signed|uint8|uint16")
    .TW_POOL_ATTRS(TW_3D)
    .shape(pool_shape_fn).gradient(max_pool_gradient<true>).permute(pool_permute)
    .kernel(Device::kCpu, max_pool_kernel);

OP(AvgPool)
    .doc("The average of each window of [batch, height, width, channels]. Padding does not count "
         "as elements unless count_include_pad.")
    .input("value: T").output("output: T").attr("T: floating")
    .TW_POOL_ATTRS(TW_2D).TW_COUNT
    .shape(pool_shape_fn).gradient(avg_pool_gradient<false>).permute(pool_permute)
    .kernel(Device::kCpu, avg_pool_kernel);

OP(AvgPool3D)
    .doc("The average of each window of [batch, depth, height, width, channels]; see AvgPool.")
    .input("input: T").output("output: T").attr("T: floating")
    .TW_POOL_ATTRS(TW_3D).TW_COUNT
    .shape(pool_shape_fn).gradient(avg_pool_gradient<true>).permute(pool_permute)
    .kernel(Device::kCpu, avg_pool_kernel);

OP(MaxPoolGrad)
    .doc("The gradient of MaxPool: each gradient goes to the first element that holds the maximum.")
    .input("orig_input: T").input("orig_output: T").input("grad: T").output("output: T")
    .attr("T: floating").TW_POOL_ATTRS(TW_2D)
    .shape(max_pool_grad_shape).internal()
    .gradient([](GradientContext& g) { max_pool_grad_gradient(g, "MaxPoolGradGrad"); })
    .kernel(Device::kCpu, max_pool_grad_kernel);

OP(MaxPool3DGrad)
    .doc("The gradient of MaxPool3D; see MaxPoolGrad.")
    .input("orig_input: T").input("orig_output: T").input("grad: T").output("output: T")
    .attr("T: floating").TW_POOL_ATTRS(TW_3D)
    .shape(max_pool_grad_shape).internal()
    .gradient([](GradientContext& g) { max_pool_grad_gradient(g, "MaxPool3DGradGrad"); })
    .kernel(Device::kCpu, max_pool_grad_kernel);

OP(MaxPoolGradGrad)
    .doc("The gradient of MaxPoolGrad's grad: of each window, the element of grad at the first "
         "place that holds the maximum.")
    .input("orig_input: T").input("orig_output: T").input("grad: T").output("output: T")
    .attr("T: floating").TW_POOL_ATTRS(TW_2D)
    .shape(max_pool_grad_grad_shape).internal()
    .gradient([](GradientContext& g) { max_pool_grad_gradient(g, "MaxPoolGrad"); })
    .kernel(Device::kCpu, max_pool_grad_grad_kernel);

OP(MaxPool3DGradGrad)
    .doc("The gradient of MaxPool3DGrad's grad; see MaxPoolGradGrad.")
    .input("orig_input: T").input("orig_output: T").input("grad: T").output("output: T")
    .attr("T: floating").TW_POOL_ATTRS(TW_3D)
    .shape(max_pool_grad_grad_shape).internal()
    .gradient([](GradientContext& g) { max_pool_grad_gradient(g, "MaxPool3DGrad"); })
    .kernel(Device::kCpu, max_pool_grad_grad_kernel);

OP(AvgPoolGrad)
    .doc("The gradient of AvgPool for an input of the given shape.")
    .input("orig_input_shape: Tshape").input("grad: T").output("output: T")
    .attr("T: floating").attr("Tshape: int32|int64 = int32").TW_POOL_ATTRS(TW_2D).TW_COUNT
    .shape(avg_pool_grad_shape).internal()
    .gradient([](GradientContext& g) { avg_pool_grad_gradient(g, "AvgPool"); })
    .kernel(Device::kCpu, avg_pool_grad_kernel);

OP(AvgPool3DGrad)
    .doc("The gradient of AvgPool3D for an input of the given shape.")
    .input("orig_input_shape: Tshape").input("grad: T").output("output: T")
    .attr("T: floating").attr("Tshape: int32|int64 = int32").TW_POOL_ATTRS(TW_3D).TW_COUNT
    .shape(avg_pool_grad_shape).internal()
    .gradient([](GradientContext& g) { avg_pool_grad_gradient(g, "AvgPool3D"); })
    .kernel(Device::kCpu, avg_pool_grad_kernel);

}  // namespace tw
