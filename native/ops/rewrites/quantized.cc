#include <algorithm>
#include <cmath>
#include <cstring>

#include "ops/rewrites/quantized.h"

namespace tw {

static bool is_byte(DType dtype) { return dtype == DType::kUint8 || dtype == DType::kInt8; }

std::optional<Quantized> dequantized(const RewriteContext& c, Output output) {
  const Node* node = c.match(output, "DequantizeLinear");
  if (node == nullptr || !is_byte(c.info(node->inputs[0]).dtype)) return std::nullopt;
  if (node->inputs.size() < 3 || !node->inputs[2].valid()) return std::nullopt;
  const Shape &x = c.info(node->inputs[0]).shape, &scale = c.info(node->inputs[1]).shape;
  if (!x.has_rank() || !scale.fully_known()) return std::nullopt;
  if (!(c.info(node->inputs[2]).shape == scale)) return std::nullopt;
  const bool one = scale.size() == 1;
  const int axis = one ? -1 : normal_axis(node->attrs().integer("axis"), x.rank());
  return Quantized{node->inputs[0], node->inputs[1], node->inputs[2], axis};
}

namespace {

bool is_scalar(const RewriteContext& c, Output output) {
  const Shape& shape = c.info(output).shape;
  return shape.fully_known() && shape.size() == 1;
}

// Whether the quantization of the anchor maps 0 to the least byte, and its top not above `high`:
// negative values, and those above, saturate by themselves.
bool saturates(const RewriteContext& c, double high) {
  const Node& q = c.node();
  const Tensor* zero = c.constant_value(q.inputs[2]);
  const auto scale = c.scalar(q.inputs[1]);
  if (zero == nullptr || !scale || zero->size() != 1) return false;
  const bool is_signed = zero->dtype() == DType::kInt8;
  const int value = is_signed ? *zero->data<std::int8_t>() : *zero->data<std::uint8_t>();
  return value == (is_signed ? -128 : 0) && high >= 255 * *scale * (1 - 1e-6);
}

// What the anchor quantizes, without activations that its saturation does as well.
Output quantized_value(const RewriteContext& c) {
  const Output x = c.node().inputs[0];
  if (const Node* relu = c.match_single(x, "Relu")) {
    return saturates(c, HUGE_VAL) ? relu->inputs[0] : x;
  }
  if (const Node* clip = c.match_single(x, "ClipByValue")) {
    const auto low = c.scalar(clip->inputs[1]), high = c.scalar(clip->inputs[2]);
    if (low && high && *low == 0 && saturates(c, *high)) return clip->inputs[0];
  }
  return x;
}

// The elements of a float constant, or of a constant that is dequantized.
std::optional<std::vector<double>> known_floats(const RewriteContext& c, Output output) {
  std::vector<double> all;
  if (const Tensor* value = c.constant_value(output)) {
    if (value->dtype() != DType::kFloat32) return std::nullopt;
    for (std::int64_t i = 0; i < value->size(); ++i) {
      all.push_back(static_cast<double>(value->data<float>()[i]));
    }
    return all;
  }
  const Node* node = c.match(output, "DequantizeLinear");
  if (node == nullptr) return std::nullopt;
  const Tensor* words = c.constant_value(node->inputs[0]);
  const auto scales = known_floats(c, node->inputs[1]);
  if (words == nullptr || !scales || words->dtype() != DType::kInt32) return std::nullopt;
  if (node->inputs.size() > 2 && node->inputs[2].valid()) {
    const Tensor* zero = c.constant_value(node->inputs[2]);
    if (zero == nullptr) return std::nullopt;
    for (std::int64_t z : zero->to_int64s()) {
      if (z != 0) return std::nullopt;
    }
  }
  const std::size_t count = scales->size(), size = static_cast<std::size_t>(words->size());
  if (count != 1 && count != size) return std::nullopt;
  for (std::size_t i = 0; i < size; ++i) {
    all.push_back(words->data<std::int32_t>()[i] * (*scales)[count == 1 ? 0 : i]);
  }
  return all;
}

// A bias of n floats in units of x_scale * w_scale, by column; invalid when it is not constant.
Output whole_bias(RewriteContext& c, Output bias, const Quantized& x, const Quantized& w,
                  std::int64_t n) {
  const auto values = known_floats(c, bias), scales = known_floats(c, w.scale);
  const auto x_scale = c.scalar(x.scale);
  if (!values || !scales || !x_scale) return {};
  if (static_cast<std::int64_t>(values->size()) != n) return {};
  std::vector<std::int32_t> whole;
  for (std::size_t i = 0; i < values->size(); ++i) {
    const double unit = *x_scale * (*scales)[scales->size() == 1 ? 0 : i];
    const double rounded = std::nearbyint((*values)[i] / unit);
    if (!(std::fabs(rounded) < 2147483648.0)) return {};
    whole.push_back(static_cast<std::int32_t>(rounded));
  }
  return c.constant(Tensor::vector(whole));
}

// A product or convolution and the bias that is added to it, if any.
struct Biased {
  const Node* product = nullptr;
  Output bias;
};

Biased biased(const RewriteContext& c, Output output, std::initializer_list<const char*> ops) {
  const auto product = [&](Output of) -> const Node* {
    for (const char* op : ops) {
      if (const Node* node = c.match_single(of, op)) return node;
    }
    return nullptr;
  };
  if (const Node* node = product(output)) return {node, {}};
  if (const Node* sum = c.match_single(output, "BiasAdd")) {
    return {product(sum->inputs[0]), sum->inputs[1]};
  }
  if (const Node* sum = c.match_single(output, "AddV2")) {
    for (std::size_t i : {0u, 1u}) {
      if (const Node* node = product(sum->inputs[i])) return {node, sum->inputs[1 - i]};
    }
  }
  return {};
}

// The inputs that all products take: x, its quantization, w, its quantization, that of the anchor.
std::vector<Output> product_inputs(const RewriteContext& c, const Quantized& x,
                                   const Quantized& w) {
  const Node& q = c.node();
  return {x.bytes, x.scale, x.zero, w.bytes, w.scale, w.zero, q.inputs[1], q.inputs[2]};
}

AttrMap window_attrs_of(const Node& conv) {
  const Attrs attrs = conv.attrs();
  AttrMap map;
  for (const char* name : {"strides", "dilations", "explicit_paddings"}) {
    map.emplace_back(name, attrs.integers(name));
  }
  for (const char* name : {"padding", "data_format"}) map.emplace_back(name, attrs.string(name));
  return map;
}

bool quantized_conv(RewriteContext& c) {
  const auto [conv, bias] =
      biased(c, quantized_value(c), {"Conv1D", "Conv2D", "Conv3D", "DepthwiseConv2dNative"});
  if (conv == nullptr) return false;
  const bool depthwise = conv->op->name == "DepthwiseConv2dNative";
  const auto x = dequantized(c, conv->inputs[0]);
  auto w = dequantized(c, conv->inputs[1]);
  if (!x || !w || x->axis >= 0) return false;
  const Shape filter = c.info(w->bytes).shape;
  if (!filter.fully_known()) return false;
  const int last = filter.rank() - 1;
  const std::int64_t n = depthwise ? filter[last] * filter[last - 1] : filter[last];
  const int along = depthwise && filter[last] == 1 ? last - 1 : last;
  if (w->axis >= 0 && (w->axis != along || c.info(w->scale).shape.size() != n)) return false;
  const AttrMap attrs = window_attrs_of(*conv);
  Output whole;
  if (bias.valid()) {
    whole = whole_bias(c, bias, *x, *w, n);
    if (!whole.valid()) return false;
  }
  if (depthwise) {
    const std::vector<std::int64_t> dims = {filter[0], filter[1], 1, n};
    w->bytes = c.add("Reshape", {w->bytes, c.constant(Tensor::vector(dims))});
  }
  std::vector<Output> inputs = product_inputs(c, *x, *w);
  if (whole.valid()) inputs.push_back(whole);
  c.replace(c.add("QLinearConv", inputs, attrs));
  return true;
}

bool quantized_product(RewriteContext& c) {
  const auto [product, bias] = biased(c, quantized_value(c), {"MatMul", "BatchMatMulV2"});
  if (product == nullptr) return false;
  const bool batch = product->op->name == "BatchMatMulV2";
  const Attrs given = product->attrs();
  const bool transpose_b = given.flag(batch ? "adj_y" : "transpose_b");
  if (given.flag(batch ? "adj_x" : "transpose_a")) return false;
  const auto x = dequantized(c, product->inputs[0]), w = dequantized(c, product->inputs[1]);
  if (!x || !w || x->axis >= 0) return false;
  const Shape &a = c.info(x->bytes).shape, b = c.info(w->bytes).shape;
  const int last = b.rank() - 1;
  const std::int64_t n = last < 1 ? kUnknownDim : b[transpose_b ? last - 1 : last];
  if (n == kUnknownDim || a.rank() < 2) return false;
  if (w->axis >= 0 && (b.rank() != 2 || w->axis != (transpose_b ? 0 : 1))) return false;
  for (int i = 0; b.rank() > 2 && i < b.rank() - 2; ++i) {
    if (b.rank() != a.rank() || a[i] != b[i] || a[i] == kUnknownDim) return false;
  }
  std::vector<Output> inputs = product_inputs(c, *x, *w);
  if (bias.valid()) {
    const Output whole = whole_bias(c, bias, *x, *w, n);
    if (!whole.valid()) return false;
    inputs.push_back(whole);
  }
  c.replace(c.add("QLinearMatMul", inputs, {{"transpose_b", transpose_b}}));
  return true;
}

bool quantized_pair(RewriteContext& c) {
  const Output value = quantized_value(c);
  const Node* sum = c.match_single(value, "AddV2");
  const Node* node = sum != nullptr ? sum : c.match_single(value, "Mul");
  if (node == nullptr) return false;
  const char* op = sum != nullptr ? "QLinearAdd" : "QLinearMul";
  const auto a = dequantized(c, node->inputs[0]), b = dequantized(c, node->inputs[1]);
  if (!a || !b || a->axis >= 0 || b->axis >= 0) return false;
  const OutputInfo &x = c.info(a->bytes), &y = c.info(b->bytes);
  if (!(x.shape == y.shape) || x.dtype != y.dtype) return false;
  if (x.dtype != c.node().outputs[0].dtype) return false;
  c.replace(c.add(op, product_inputs(c, *a, *b)));
  return true;
}

// The mean over all spatial dims, which it keeps.
bool quantized_average(RewriteContext& c) {
  const Node* mean = c.match_single(quantized_value(c), "Mean");
  if (mean == nullptr || !mean->attrs().flag("keep_dims") || mean->inputs.size() < 2) return false;
  const auto x = dequantized(c, mean->inputs[0]);
  const Tensor* axes = c.constant_value(mean->inputs[1]);
  if (!x || x->axis >= 0 || axes == nullptr) return false;
  const int rank = c.info(x->bytes).shape.rank();
  if (rank < 3 || rank > 5 || axes->size() != rank - 2) return false;
  if (c.info(x->bytes).dtype != c.node().outputs[0].dtype) return false;
  std::vector<std::int64_t> sorted;
  for (std::int64_t axis : axes->to_int64s()) sorted.push_back(normal_axis(axis, rank));
  std::sort(sorted.begin(), sorted.end());
  const std::int64_t first = sorted.front();
  if (sorted.back() - first != rank - 3 || first < 1) return false;
  const char* formats[][2] = {{"NWC", "NCW"}, {"NHWC", "NCHW"}, {"NDHWC", "NCDHW"}};
  const Node& q = c.node();
  c.replace(c.add("QLinearGlobalAveragePool",
                  {x->bytes, x->scale, x->zero, q.inputs[1], q.inputs[2]},
                  {{"data_format", std::string(formats[rank - 3][first == 2])}}));
  return true;
}

bool same_constant(const RewriteContext& c, Output a, Output b) {
  if (a == b) return true;
  const Tensor *x = c.constant_value(a), *y = c.constant_value(b);
  return x != nullptr && y != nullptr && x->dtype() == y->dtype() && x->size() == y->size() &&
         std::memcmp(x->raw(), y->raw(), x->bytes()) == 0;
}

// Quantizing what was dequantized from the same quantization gives the bytes back.
bool requantized(RewriteContext& c) {
  const Output value = quantized_value(c);
  const auto x = dequantized(c, value);
  const Node& q = c.node();
  if (!x || x->axis >= 0 || c.info(x->bytes).dtype != q.outputs[0].dtype) return false;
  if (!same_constant(c, x->scale, q.inputs[1]) || !same_constant(c, x->zero, q.inputs[2])) {
    return false;
  }
  c.replace(x->bytes);
  return true;
}

bool integer_kernels(RewriteContext& c) {
  const Node& q = c.node();
  if (!is_scalar(c, q.inputs[1]) || !is_scalar(c, q.inputs[2])) return false;
  return requantized(c) || quantized_conv(c) || quantized_product(c) || quantized_pair(c) ||
         quantized_average(c);
}

}  // namespace

// What is dequantized, computed and quantized again is computed on the integers.
ROUNDING_REWRITE(integer_kernels, "QuantizeLinear", integer_kernels);

}  // namespace tw
