#include <algorithm>
#include <functional>
#include <optional>

#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/nn/conv.h"

namespace tw {
namespace {

bool is_transposed(const Node& conv) {
  return conv.op->name == "Conv2DBackpropInput" || conv.op->name == "Conv3DBackpropInputV2";
}

// The convolution that alone makes `output`, with a constant filter; else null.
const Node* scalable(RewriteContext& c, Output output) {
  for (const char* op : {"Conv1D", "Conv2D", "Conv3D", "DepthwiseConv2dNative",
                         "Conv2DBackpropInput", "Conv3DBackpropInputV2"}) {
    const Node* conv = c.match_single(output, op);
    if (conv == nullptr) continue;
    const Tensor* filter = c.constant_value(conv->inputs[1]);
    return filter != nullptr && is_floating(filter->dtype()) ? conv : nullptr;
  }
  return nullptr;
}

// The elements of a constant as one per channel of the convolution, when it broadcasts like that.
std::optional<std::vector<double>> per_channel(RewriteContext& c, const Node& conv, Output k) {
  const Tensor* value = c.constant_value(k);
  const Shape& y = conv.outputs[0].shape;
  if (value == nullptr || !y.has_rank() || value->rank() > y.rank()) return std::nullopt;
  const int axis = window_spec(conv.attrs()).channel_axis(), at = axis - (y.rank() - value->rank());
  const std::int64_t channels = y[axis], size = value->size();
  const bool along = at >= 0 && value->dim(at) == size && size == channels;
  if (channels == kUnknownDim || (size != 1 && !along)) return std::nullopt;
  std::vector<double> all(static_cast<std::size_t>(channels));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t from = size == 1 ? 0 : i;
    if (value->dtype() == DType::kFloat32) {
      all[i] = static_cast<double>(value->data<float>()[from]);
    } else if (value->dtype() == DType::kFloat64) {
      all[i] = value->data<double>()[from];
    } else {
      return std::nullopt;
    }
  }
  return all;
}

template <class T>
Tensor scaled(const Node& conv, const Tensor& filter, const std::vector<double>& k) {
  Tensor out = Tensor::allocate(filter.dtype(), filter.shape());
  const int rank = filter.rank();
  const std::int64_t last = filter.dim(rank - 1), before = filter.dim(rank - 2);
  const auto channels = static_cast<std::int64_t>(k.size());
  const std::int64_t each = is_transposed(conv) ? std::max<std::int64_t>(1, last * before / channels)
                                                : 0;
  for (std::int64_t i = 0; i < filter.size(); ++i) {
    // Of a transposed convolution the outputs are the last axis but one, group by group.
    const std::int64_t channel =
        is_transposed(conv) ? i % last / each * before + i / last % before : i % channels;
    const double product = static_cast<double>(filter.data<T>()[i]) *
                           k[static_cast<std::size_t>(channel)];
    out.mutable_data<T>()[i] = static_cast<T>(product);
  }
  return out;
}

// The convolution with filter * k, and nothing else changed.
Output scaled_conv(RewriteContext& c, const Node& conv, const std::vector<double>& k) {
  const Node copy = conv;  // adding nodes moves the graph's
  const Tensor filter = *c.constant_value(copy.inputs[1]);
  std::vector<Output> inputs = copy.inputs;
  inputs[1] = c.constant(filter.dtype() == DType::kFloat64 ? scaled<double>(copy, filter, k)
                                                           : scaled<float>(copy, filter, k));
  return c.copy_with(copy, std::move(inputs));
}

// What a constant per channel becomes, in the shape that broadcasts over the convolution's output.
template <class Op>
Tensor combined(const Node& conv, const std::vector<double>& a, const std::vector<double>& b,
                Op op) {
  const WindowSpec spec = window_spec(conv.attrs());
  Shape shape{static_cast<std::int64_t>(a.size())};
  for (int d = 0; spec.channels_first && d < spec.spatial; ++d) shape.push_back(1);
  Tensor out = Tensor::allocate(conv.outputs[0].dtype, shape);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double value = op(a[i], b[i]);
    if (out.dtype() == DType::kFloat64) {
      out.mutable_data<double>()[i] = value;
    } else {
      out.mutable_data<float>()[i] = static_cast<float>(value);
    }
  }
  return out;
}

// conv + constant, of which nobody else uses either.
struct Biased {
  Node conv;  // a copy: adding nodes moves the graph's
  Output product;
  std::vector<double> bias;
};

std::optional<Biased> biased_conv(RewriteContext& c, Output output) {
  const Node* sum = c.match_single(output, "AddV2");
  for (int i = 0; sum != nullptr && i < 2; ++i) {
    const Node* conv = scalable(c, sum->inputs[i]);
    if (conv == nullptr) continue;
    if (auto bias = per_channel(c, *conv, sum->inputs[1 - i])) {
      return Biased{*conv, sum->inputs[i], std::move(*bias)};
    }
  }
  return std::nullopt;
}

bool scale_filter(RewriteContext& c) {
  const std::vector<Output> factors = c.node().inputs;
  for (std::size_t i : {0u, 1u}) {
    if (const Node* conv = scalable(c, factors[i])) {
      const auto k = per_channel(c, *conv, factors[1 - i]);
      if (!k) continue;
      c.replace(scaled_conv(c, *conv, *k));
      return true;
    }
    const auto biased = biased_conv(c, factors[i]);
    const auto k = biased ? per_channel(c, biased->conv, factors[1 - i]) : std::nullopt;
    if (!k) continue;
    const Output bias = c.constant(combined(biased->conv, biased->bias, *k, std::multiplies<>()));
    c.replace(c.add("AddV2", {scaled_conv(c, biased->conv, *k), bias}));
    return true;
  }
  return false;
}

bool join_biases(RewriteContext& c) {
  const std::vector<Output> terms = c.node().inputs;
  for (std::size_t i : {0u, 1u}) {
    const auto biased = biased_conv(c, terms[i]);
    const auto term = biased ? per_channel(c, biased->conv, terms[1 - i]) : std::nullopt;
    if (!term) continue;
    const Output bias = c.constant(combined(biased->conv, biased->bias, *term, std::plus<>()));
    c.replace(c.add("AddV2", {biased->product, bias}));
    return true;
  }
  return false;
}

}  // namespace

// Batch normalisation after a convolution, once its statistics are constants: the scale goes into
// the filter, and what is added joins the bias.
ROUNDING_REWRITE(scale_of_convolution, "Mul", scale_filter);
ROUNDING_REWRITE(biases_of_convolution, "AddV2", join_biases);

}  // namespace tw
