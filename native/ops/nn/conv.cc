#include "ops/nn/conv.h"

#include <algorithm>
#include <string_view>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "kernels/conv.h"
#include "kernels/winograd.h"
#include "ops/nn/conv_gradient.h"
#include "tensor/deferred.h"

namespace tw {

ConvShape conv_geometry(const WindowSpec& spec, const Shape& x, const Shape& filter) {
  const int n = spec.spatial;
  ConvShape s = conv_shape(spec, x, filter.begin());
  const std::int64_t per_group = filter[n];
  s.out_channels = filter[n + 1];
  s.groups = per_group > 0 ? s.in_channels / per_group : 1;
  check(per_group > 0 ? s.groups * per_group == s.in_channels : s.in_channels == 0,
        Code::kInvalidArgument, "the filter's ", per_group,
        " channels do not divide the input's ", s.in_channels);
  check(s.groups > 0 ? s.out_channels % s.groups == 0 : s.in_channels == 0, Code::kInvalidArgument,
        "the filter's ", s.out_channels, " outputs are not a multiple of the ", s.groups,
        " groups");
  s.groups = std::max<std::int64_t>(1, s.groups);
  return s;
}

bool is_depthwise(const ConvShape& s) {
  return s.groups > 1 && s.groups == s.in_channels;
}

void conv_shape_of(ShapeContext& c, const Shape& filter) {
  const WindowSpec spec = window_spec(c.attrs());
  const Shape& x = c.with_rank(0, spec.rank());
  std::array<std::int64_t, 3> sizes{kUnknownDim, kUnknownDim, kUnknownDim};
  for (int d = 0; d < spec.spatial && x.has_rank(); ++d) {
    const std::int64_t kernel = filter.has_rank() ? filter[d] : kUnknownDim;
    check(kernel != 0, Code::kInvalidArgument, "the filter has no elements along spatial dim ", d);
    sizes[static_cast<std::size_t>(d)] = spec.output_size(d, x[spec.axis(d)], kernel);
  }
  if (x.has_rank() && filter.has_rank() && x[spec.channel_axis()] >= 0 &&
      filter[spec.spatial] >= 0 && filter[spec.spatial + 1] >= 0) {
    Shape any = x, full = filter;
    for (std::int64_t i = 0; i < spec.rank(); ++i) {
      if (any[static_cast<int>(i)] == kUnknownDim) any[static_cast<int>(i)] = 0;
    }
    for (int d = 0; d < spec.spatial; ++d) full[d] = 1;
    conv_geometry(spec, any, full);
  }
  c.set_output(0, spec.shape_of(x.has_rank() ? x[0] : kUnknownDim, sizes.data(),
                                filter.has_rank() ? filter[spec.spatial + 1] : kUnknownDim));
}

void conv_shape_fn(ShapeContext& c) {
  const bool packed = c.attrs().given("_packed");
  const int rank = window_spec(c.attrs()).rank();
  conv_shape_of(c, packed ? c.attrs().get<Shape>("_packed") : c.with_rank(1, rank));
}

template <class T>
static Tensor packed_tensor(const ConvShape& s, const Tensor& given, int side, bool direct) {
  // Plain only for as long as it is looked at.
  const Tensor filter = given.deferred() != nullptr ? plain_copy(given) : given;
  const std::int64_t first = side != 0 ? winograd_packed_size(s, side) : 0;
  Tensor packed = Tensor::allocate(filter.dtype(), {first + (direct ? conv_packed_size<T>(s) : 0)});
  T* out = packed.mutable_data<T>();
  if constexpr (std::is_same_v<T, float>) {
    if (side != 0) winograd_pack(s, side, filter.data<T>(), 0, s.in_channels, out);
  }
  if (direct) conv_pack(s, filter.data<T>(), out + first);
  return packed;
}

// With a size for each unknown dim: one image, large in space.
static Shape typical_shape(const WindowSpec& spec, Shape x, const Shape& filter) {
  constexpr std::int64_t kLarge = 64;
  if (x[0] == kUnknownDim) x[0] = 1;
  for (int d = 0; d < spec.spatial; ++d) {
    std::int64_t& size = x[spec.axis(d)];
    if (size == kUnknownDim) size = kLarge + spec.reach(d, filter[d]);
  }
  return x;
}

// What the constant is stored as, when that is what a direct convolution reads.
static std::optional<Tensor> stored_filter(const ConvShape& s, const Tensor& filter) {
  const std::optional<PackedMatrix> stored = packed_form(filter);
  if (!stored || stored->outputs_first || s.groups != 1 || stored->n != s.out_channels) {
    return std::nullopt;
  }
  return stored->panels;
}

void conv_pack_filter(PackContext& c) {
  const Tensor* filter = c.constant(1);
  if (filter == nullptr || c.attrs().given("_packed") || filter->size() == 0) return;
  const WindowSpec spec = window_spec(c.attrs());
  const Shape& x = c.shape(0);
  if (!x.has_rank() || x[spec.channel_axis()] == kUnknownDim) return;
  const bool is_float = filter->dtype() == DType::kFloat32;
  if (!is_float && filter->dtype() != DType::kFloat64) return;
  const Shape typical = typical_shape(spec, x, filter->shape());
  const ConvShape s = conv_geometry(spec, typical, filter->shape());
  if (is_depthwise(s)) return;
  const bool tiles = is_float && c.attrs().flag("_winograd") && winograd_fits(s);
  const int side = tiles ? winograd_side(s, true) : 0;
  // An image of unknown size may be small and quicker without tiles: keep both forms.
  bool direct = side == 0;
  for (int d = 0; d < spec.spatial; ++d) direct |= x[spec.axis(d)] == kUnknownDim;
  c.set_attr("_packed", filter->shape());
  c.set_attr("_side", std::int64_t{side});
  if (side == 0) {
    if (auto stored = stored_filter(s, *filter)) return c.replace_input(1, *stored);
  }
  c.replace_input(1, is_float ? packed_tensor<float>(s, *filter, side, direct)
                              : packed_tensor<double>(s, *filter, side, direct));
}

bool permute_data_format(PermuteContext& c, std::initializer_list<const char*> lists) {
  const int rank = static_cast<int>(c.perm().size());
  const std::string format = c.attrs().string("data_format");
  if (static_cast<int>(format.size()) != rank) return false;
  const bool first = format[1] == 'C';
  std::string turned = format;
  std::rotate(turned.begin() + 1, first ? turned.begin() + 2 : turned.end() - 1, turned.end());
  for (std::size_t axis = 0; axis < format.size(); ++axis) {
    if (turned[axis] != format[static_cast<std::size_t>(c.perm()[axis])]) return false;
  }
  for (const char* name : lists) {
    const auto old = c.attrs().integers(name);
    // Lists by spatial dim stay: their order does not change.
    const std::size_t each = name == std::string_view("explicit_paddings") ? 2 : 1;
    if (each * format.size() != old.size()) continue;
    std::vector<std::int64_t> list;
    for (int axis : c.perm()) {
      const auto from = old.begin() + static_cast<std::ptrdiff_t>(axis * each);
      list.insert(list.end(), from, from + static_cast<std::ptrdiff_t>(each));
    }
    c.set_attr(name, list);
  }
  c.set_attr("data_format", turned);
  return true;
}

bool conv_permute(PermuteContext& c) {
  if (!permute_data_format(c, {"strides", "dilations", "explicit_paddings"})) return false;
  c.permute_input(0);
  return true;
}

namespace {

template <bool k3d>
void conv_gradient(GradientContext& g) {
  const Output x = g.input_value(0), filter = g.input_value(1), dy = g.output_grad(0);
  const AttrMap attrs = window_attrs(g.attrs());
  g.input(0) = g.op(k3d ? "Conv3DBackpropInputV2" : "Conv2DBackpropInput",
                    {g.shape_of(x), filter, dy}, attrs);
  g.input(1) = g.op(k3d ? "Conv3DBackpropFilterV2" : "Conv2DBackpropFilter",
                    {x, g.shape_of(filter), dy}, attrs);
}

// Lets a convolution of 3 x 3 taps take Winograd's algorithm where that pays.
bool allow_winograd(RewriteContext& c) {
  const Node& node = c.node();
  const Shape& filter = c.info(node.inputs[1]).shape;
  if (node.attrs().flag("_winograd") || !filter.has_rank()) return false;
  if (filter[0] != 3 || filter[1] != 3 || node.outputs[0].dtype == DType::kFloat64) return false;
  const WindowSpec spec = window_spec(node.attrs());
  const std::array<std::int64_t, 3> ones{1, 1, 1};
  if (spec.stride != ones || spec.dilation != ones) return false;
  c.replace(c.copy_with(node, node.inputs, {{"_winograd", true}}));
  return true;
}

// The attrs as those of a Conv2D over images of height 1.
AttrMap attrs_as_2d(const Attrs& attrs) {
  const WindowSpec spec = window_spec(attrs);
  using List = std::vector<std::int64_t>;
  const bool pads = spec.padding == WindowSpec::Padding::kExplicit;
  return {{"strides", List{1, spec.stride[0]}},
          {"dilations", List{1, spec.dilation[0]}},
          {"explicit_paddings", pads ? List{0, 0, spec.before[0], spec.after[0]} : List{}},
          {"padding", attrs.string("padding")},
          {"data_format", std::string(spec.channels_first ? "NCHW" : "NHWC")}};
}

void conv1d_gradient(GradientContext& g) {
  const AttrMap attrs = attrs_as_2d(g.attrs());
  const std::int64_t height = window_spec(g.attrs()).channels_first ? 2 : 1;
  const auto raised = [&](Output v, std::int64_t axis) {
    return g.op("ExpandDims", {v, g.scalar_like(static_cast<double>(axis), g.int_vector({0}))});
  };
  const auto lowered = [&](Output v, std::int64_t axis) {
    return g.op("Squeeze", {v}, {{"squeeze_dims", std::vector<std::int64_t>{axis}}});
  };
  const Output x = raised(g.input_value(0), height), filter = raised(g.input_value(1), 0);
  const Output dy = raised(g.output_grad(0), height);
  g.input(0) =
      lowered(g.op("Conv2DBackpropInput", {g.shape_of(x), filter, dy}, attrs), height);
  g.input(1) = lowered(g.op("Conv2DBackpropFilter", {x, g.shape_of(filter), dy}, attrs), 0);
}

}  // namespace

#define TW_CONV_CLAUSES(formats)                                                               \
  input("input: T").input("filter: T").output("output: T")                                     \
      .attr("T: floating").attr("strides: list(int) = []")                                     \
      .attr("padding: {SAME, VALID, EXPLICIT} = VALID").attr("explicit_paddings: list(int) = []")      \
      .attr("data_format: " formats).attr("dilations: list(int) = []")                         \
      .attr("_packed: shape?").attr("_winograd: bool = false").attr("_side: int = 0")          \
      .epilogue()                                                                              \
      .shape(conv_shape_fn).permute(conv_permute).pack(conv_pack_filter)                       \
      .kernel(Device::kCpu, conv_kernel)

OP(Conv1D)
    .doc("Convolution of [batch, width, channels] with a filter [width, channels / groups, "
         "outputs]; see Conv2D.")
    .gradient(conv1d_gradient)
    .TW_CONV_CLAUSES("{NWC, NCW} = NWC");

OP(Conv2D)
    .doc("Convolution of [batch, height, width, channels] with a filter [height, width, "
         "channels / groups, outputs]. The number of groups is the input's channels divided by "
         "the filter's. Sums run in the order of the filter, in float32 for the half types.")
    .gradient(conv_gradient<false>)
    .TW_CONV_CLAUSES("{NHWC, NCHW} = NHWC");

ROUNDING_REWRITE(conv_by_winograd, "Conv2D", allow_winograd);

OP(Conv3D)
    .doc("Convolution of [batch, depth, height, width, channels] with a filter [depth, height, "
         "width, channels / groups, outputs]; see Conv2D.")
    .gradient(conv_gradient<true>)
    .TW_CONV_CLAUSES("{NDHWC, NCDHW} = NDHWC");

}  // namespace tw
