#include "ops/nn/conv.h"

#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "kernels/integer_depthwise.h"
#include "ops/nn/channels_last.h"
#include "ops/quant/quantized.h"

namespace tw {
namespace {

IntegerInputs inputs_of(const Node& node) {
  if (node.op->name == "ConvInteger") return {.x = 0, .x_zero = 2, .w = 1, .w_zero = 3};
  return {.x = 0, .x_zero = 2, .w = 3, .w_zero = 5, .x_scale = 1, .w_scale = 4, .y_scale = 6,
          .y_zero = 7, .bias = 8};
}

void integer_conv_shape(ShapeContext& c) {
  const IntegerInputs in = inputs_of(c.node());
  check_scalars(c, {in.x_zero, in.x_scale, in.y_scale, in.y_zero});
  const bool packed = c.attrs().given("_packed");
  const int rank = window_spec(c.attrs()).rank();
  conv_shape_of(c, packed ? c.attrs().get<Shape>("_packed") : c.with_rank(in.w, rank));
}

bool one_per_channel(const ConvShape& s) {
  return s.groups > 1 && s.groups == s.in_channels && s.groups == s.out_channels;
}

// Whether all zero points of weights of this dtype are 0 as packed; not when they are not constant.
bool without_zeros(const Tensor* zeros, bool given, DType weights) {
  const std::uint8_t zero = flip_of(weights) ^ 0x80;
  if (!given) return zero == 0;
  if (zeros == nullptr) return false;
  const auto* data = zeros->data<std::uint8_t>();
  return std::all_of(data, data + zeros->size(), [&](std::uint8_t z) { return z == zero; });
}

// Weights of a depthwise convolution less their zero points: pairs of taps as IntegerDepthwise
// takes them, and the sums by channel.
std::int64_t pairs_bytes(const ConvShape& s) { return (s.taps() + 1) / 2 * s.out_channels * 4; }

void pack_pairs(const ConvShape& s, const std::uint8_t* weights, std::uint8_t flip,
                const WeightZeros& zeros, std::int16_t* pairs, std::int32_t* sums) {
  const std::int64_t channels = s.out_channels, taps = s.taps();
  std::fill_n(sums, channels, 0);
  for (std::int64_t tap = 0; tap < taps + taps % 2; ++tap) {
    std::int16_t* out = pairs + tap / 2 * channels * 2 + tap % 2;
    for (std::int64_t j = 0; j < channels; ++j) {
      const int byte = tap < taps ? static_cast<std::int8_t>(weights[tap * channels + j] ^ flip)
                                  : zeros[j];
      const int value = byte - zeros[j];
      out[2 * j] = static_cast<std::int16_t>(value);
      sums[j] += value;
    }
  }
}

// The geometry of a packed filter, as far as packing needs it: an image that just holds it.
ConvShape filter_geometry(const WindowSpec& spec, const Shape& filter, std::int64_t channels) {
  std::array<std::int64_t, 3> sizes{1, 1, 1};
  for (int d = 0; d < spec.spatial; ++d) {
    sizes[static_cast<std::size_t>(d)] = spec.reach(d, filter[d]);
  }
  return conv_geometry(spec, spec.shape_of(1, sizes.data(), channels), filter);
}

void integer_conv_pack(PackContext& c) {
  const IntegerInputs in = inputs_of(c.node());
  const Tensor* filter = c.constant(in.w);
  if (filter == nullptr || c.attrs().given("_packed") || filter->size() == 0) return;
  const WindowSpec spec = window_spec(c.attrs());
  const Shape& x = c.shape(in.x);
  if (!x.has_rank() || x[spec.channel_axis()] == kUnknownDim) return;
  const ConvShape s = filter_geometry(spec, filter->shape(), x[spec.channel_axis()]);
  const std::int64_t n = s.out_channels;
  const std::uint8_t flip = flip_of(filter->dtype()) ^ 0x80;
  if (one_per_channel(s)) {
    const auto& inputs = c.node().inputs;
    const auto at = static_cast<std::size_t>(in.w_zero);
    const bool given = at < inputs.size() && inputs[at].valid();
    if (!without_zeros(given ? c.constant(in.w_zero) : nullptr, given, filter->dtype())) return;
    const std::int64_t size = depthwise_packed_size(s.taps(), n);
    Tensor packed = Tensor::allocate(filter->dtype(), {packed_bytes(size, n)});
    const IntegerWeights parts = weights_in(packed, n);
    depthwise_pack(filter->data<std::uint8_t>(), s.taps(), n, flip,
                   const_cast<std::int8_t*>(parts.panels), const_cast<std::int32_t*>(parts.sums));
    c.set_attr("_packed", filter->shape());
    c.replace_input(in.w, packed);
    return;
  }
  const IntegerPlan plan = integer_plan(s);
  Tensor packed = Tensor::allocate(filter->dtype(), {packed_bytes(integer_weights_size(plan), n)});
  const IntegerWeights parts = weights_in(packed, n);
  integer_weights(plan, {filter->data<std::uint8_t>(), n, 1, flip},
                  const_cast<std::int8_t*>(parts.panels), const_cast<std::int32_t*>(parts.sums));
  c.set_attr("_packed", filter->shape());
  c.replace_input(in.w, packed);
}

bool integer_conv_permute(PermuteContext& c) {
  if (!permute_data_format(c, {"strides", "dilations", "explicit_paddings"})) return false;
  c.permute_input(0);
  return true;
}

struct ConvState {
  WindowSpec spec;
  ConvShape shape;
  IntegerPlan plan;
};

// A row of taps with all its channels, each the zero point.
const std::uint8_t* padding_row(OpContext& c, const ConvShape& s, std::int32_t zero) {
  const std::int64_t size = s.kernel[2] * s.in_channels;
  auto* row = c.temporary_of<std::uint8_t>(std::max<std::int64_t>(1, size));
  std::fill_n(row, size, static_cast<std::uint8_t>(zero));
  return row;
}

void run_depthwise(OpContext& c, const ConvShape& s, const IntegerInputs& in, IntegerDepthwise x) {
  const std::int32_t* sums = nullptr;
  if (c.attrs().given("_packed")) {
    const IntegerWeights w = weights_in(c.input(in.w), s.out_channels);
    x.blocks = w.panels;
    sums = w.sums;
  } else {
    auto* pairs = c.temporary_of<std::int16_t>(pairs_bytes(s) / 2);
    auto* own = c.temporary_of<std::int32_t>(s.out_channels);
    const std::uint8_t flip = flip_of(c.input(in.w).dtype()) ^ 0x80;
    pack_pairs(s, c.input(in.w).data<std::uint8_t>(), flip, WeightZeros(c, in), pairs, own);
    x.pairs = pairs;
    sums = own;
  }
  x.y_size = static_cast<std::int64_t>(size_of(c.output(0).dtype()));
  x.finish = finish_of(c, in, sums, s.out_channels, s.taps(), true);
  const std::int64_t lines = s.batch * s.out[0] * s.out[1], pointers = s.taps() * s.out[2];
  const std::int64_t work = lines * s.out[2] * s.out_channels * s.taps();
  const std::int64_t parts = std::max<std::int64_t>(1, work >> 18);
  const std::int64_t block = (lines + parts - 1) / parts;
  const auto tables = c.temporary_of<const std::uint8_t*>(pointers * c.threads());
  c.parallel_for((lines + block - 1) / block, [&](std::int64_t task, int worker) {
    const std::int64_t line = task * block, count = std::min(block, lines - line);
    integer_depthwise(s, x, line, count, tables + worker * pointers);
  });
}

void run_product(OpContext& c, const ConvState& s, const IntegerInputs& in, IntegerOperands x) {
  const std::int64_t n = s.shape.out_channels;
  IntegerWeights w{};
  if (c.attrs().given("_packed")) {
    w = weights_in(c.input(in.w), n);
  } else {
    auto* panels = c.temporary_of<std::int8_t>(integer_weights_size(s.plan));
    auto* sums = c.temporary_of<std::int32_t>(n);
    const std::uint8_t flip = flip_of(c.input(in.w).dtype()) ^ 0x80;
    integer_weights(s.plan, {c.input(in.w).data<std::uint8_t>(), n, 1, flip}, panels, sums);
    w = {panels, sums};
  }
  x.packed = w.panels;
  x.finish = finish_of(c, in, w.sums, n, s.shape.taps() * s.shape.group_in(), false);
  run_integer(c, s.plan, x);
}

template <class T>
void run(OpContext& c) {
  const IntegerInputs in = inputs_of(c.node());
  const auto& s = c.prepared<ConvState>([&] {
    const Shape filter = c.attrs().given("_packed") ? c.attrs().get<Shape>("_packed")
                                                    : c.input(in.w).shape();
    const WindowSpec spec = window_spec(c.attrs());
    const ConvShape shape = conv_geometry(spec, c.input(in.x).shape(), filter);
    return ConvState{spec, shape, integer_plan(shape)};
  });
  check_parts(c, in, s.shape.out_channels);
  const Tensor& x = c.input(in.x);
  const Tensor bytes(DType::kUint8, x.shape(), const_cast<std::uint8_t*>(unsigned_bytes(c, x)));
  const auto* rows = channels_last_input<std::uint8_t>(c, bytes, s.spec.channels_first);
  const auto* outside =
      padding_row(c, s.shape, quantization_of(c, -1, in.x_zero, x.dtype()).zero);
  ChannelsLastOutput<T> y(c, c.output(0), s.spec.channels_first);
  if (one_per_channel(s.shape)) {
    IntegerDepthwise operands{};
    operands.x = rows, operands.outside = outside, operands.y = y.data();
    run_depthwise(c, s.shape, in, operands);
  } else {
    IntegerOperands operands{};
    operands.x = rows, operands.outside = outside, operands.y = y.data();
    run_product(c, s, in, operands);
  }
  y.finish();
}

void integer_conv(OpContext& c) {
  if (c.output(0).size() == 0) return;
  if (c.output(0).dtype() == DType::kInt32) return run<std::int32_t>(c);
  run<std::uint8_t>(c);
}

}  // namespace

#define TW_INTEGER_CONV_CLAUSES                                                                \
  attr("strides: list(int) = []")                                                              \
      .attr("padding: {SAME, VALID, EXPLICIT} = VALID").attr("explicit_paddings: list(int) = []") \
      .attr("data_format: {NHWC, NCHW, NWC, NCW, NDHWC, NCDHW} = NHWC")                        \
      .attr("dilations: list(int) = []").attr("_packed: shape?")                               \
      .shape(integer_conv_shape).permute(integer_conv_permute).pack(integer_conv_pack)         \
      .no_gradient("integer inputs").kernel(Device::kCpu, integer_conv)

OP(ConvInteger)
    .doc("Convolution of (input - input_zero_point) with (filter - filter_zero_point) on bytes, "
         "in one to three dims as data_format says, with sums of 32 bits that wrap. The filter is "
         "[spatial..., channels / groups, outputs]; its zero point may be by output. Padding has "
         "the value of the zero point.")
    .input("input: Tx").input("filter: Tw").input("input_zero_point?: Tx")
    .input("filter_zero_point?: Tw").output("output: Ty")
    .attr("Tx: uint8|int8").attr("Tw: uint8|int8").attr("Ty: int32 = int32")
    .TW_INTEGER_CONV_CLAUSES;

OP(QLinearConv)
    .doc("Convolution of quantized bytes, quantized again: the sums of ConvInteger plus a bias in "
         "units of input_scale * filter_scale, times input_scale * filter_scale / output_scale in "
         "float32, rounded (ties to even). filter_scale and filter_zero_point may be by output.")
    .input("input: Tx").input("input_scale: T").input("input_zero_point: Tx")
    .input("filter: Tw").input("filter_scale: T").input("filter_zero_point: Tw")
    .input("output_scale: T").input("output_zero_point: Ty").input("bias?: int32")
    .output("output: Ty")
    .attr("Tx: uint8|int8").attr("Tw: uint8|int8").attr("Ty: uint8|int8").attr("T: float32")
    .TW_INTEGER_CONV_CLAUSES;

}  // namespace tw
