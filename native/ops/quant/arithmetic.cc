#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/movement.h"
#include "ops/nn/conv.h"
#include "ops/quant/quantized.h"

namespace tw {
namespace {

constexpr std::int64_t kBlock = 1 << 15;

void binary_shape(ShapeContext& c) {
  check_scalars(c, {1, 2, 4, 5, 6, 7});
  const Shape &a = c.input(0), &b = c.input(3);
  check(!a.has_rank() || !b.has_rank() || a.rank() == b.rank(), Code::kInvalidArgument,
        "a has shape ", a, ", b has ", b, ", expected as many dims");
  c.set_output(0, broadcast(a, b));
}

bool binary_permute(PermuteContext& c) {
  c.permute_input(0);
  c.permute_input(3);
  return true;
}

// The bytes of an input in the shape of the output.
const std::uint8_t* spread(OpContext& c, int input) {
  const Tensor& x = c.input(input);
  const Shape& shape = c.output(0).shape();
  if (x.shape() == shape) return x.data<std::uint8_t>();
  auto* bytes = c.temporary_of<std::uint8_t>(shape.size());
  broadcast_elements(c, x, shape, bytes);
  return bytes;
}

void binary(OpContext& c, QuantizedOp op) {
  const DType dtype = c.output(0).dtype();
  const Quantization qa = quantization_of(c, 1, 2, dtype), qb = quantization_of(c, 4, 5, dtype);
  const Quantization qy = quantization_of(c, 6, 7, dtype);
  const std::uint8_t *a = spread(c, 0), *b = spread(c, 3);
  auto* y = c.output(0).mutable_data<std::uint8_t>();
  const std::int64_t size = c.output(0).size();
  c.parallel_for((size + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
    const std::int64_t i = task * kBlock, count = std::min(kBlock, size - i);
    quantized_binary(op, a + i, qa, b + i, qb, qy, count, y + i);
  });
}

bool channels_first(const Attrs& attrs) { return attrs.string("data_format")[1] == 'C'; }

void average_shape(ShapeContext& c) {
  const int rank = static_cast<int>(c.attrs().string("data_format").size());
  check_scalars(c, {1, 2, 3, 4});
  Shape y = c.with_rank(0, rank);
  const int channel = channels_first(c.attrs()) ? 1 : rank - 1;
  for (int i = 1; y.has_rank() && i < rank; ++i) {
    if (i != channel) y[i] = 1;
  }
  c.set_output(0, y.has_rank() ? y : Shape::unknown_dims(rank));
}

bool average_permute(PermuteContext& c) {
  if (!permute_data_format(c, {})) return false;
  c.permute_input(0);
  return true;
}

// Sums of pixels by channel are exact; their mean is scaled and rounded as a whole.
void average(OpContext& c) {
  const Tensor& x = c.input(0);
  if (c.output(0).size() == 0) return;
  const DType dtype = x.dtype();
  const Quantization qx = quantization_of(c, 1, 2, dtype), qy = quantization_of(c, 3, 4, dtype);
  const bool first = channels_first(c.attrs());
  const std::int64_t channels = x.dim(first ? 1 : x.rank() - 1), batch = x.dim(0);
  const std::int64_t pixels = x.size() / (batch * channels);
  const float scale = qx.scale / (qy.scale * static_cast<float>(pixels));
  const auto* bytes = x.data<std::uint8_t>();
  auto* y = c.output(0).mutable_data<std::uint8_t>();
  auto* sums = c.temporary_of<std::int32_t>(batch * channels);
  auto* means = c.temporary_of<float>(batch * channels);
  c.parallel_for(batch, [&](std::int64_t i, int) {
    const std::uint8_t* image = bytes + i * pixels * channels;
    std::int32_t* sum = sums + i * channels;
    if (!first) sum_bytes(image, pixels, channels, qx.flip, sum);
    for (std::int64_t j = 0; j < channels; ++j) {
      if (first) {
        sum[j] = 0;
        for (std::int64_t k = 0; k < pixels; ++k) sum[j] += image[j * pixels + k] ^ qx.flip;
      }
      const auto centred = static_cast<std::int64_t>(sum[j]) - pixels * qx.zero;
      means[i * channels + j] = static_cast<float>(centred) * scale;
    }
    quantize_bytes(means + i * channels, channels, {1.0f, qy.zero, qy.flip}, y + i * channels);
  });
}

}  // namespace

#define TW_BINARY_CLAUSES                                                                      \
  input("a: Q").input("a_scale: T").input("a_zero_point: Q")                                   \
      .input("b: Q").input("b_scale: T").input("b_zero_point: Q")                              \
      .input("y_scale: T").input("y_zero_point: Q").output("y: Q")                             \
      .attr("Q: uint8|int8").attr("T: float32")                                                \
      .shape(binary_shape).permute(binary_permute).no_gradient("integer inputs")

OP(QLinearAdd)
    .doc("The sum of two tensors of quantized bytes, quantized again; computed in float32 and "
         "rounded (ties to even). Dims of size 1 broadcast.")
    .TW_BINARY_CLAUSES.kernel(Device::kCpu, [](OpContext& c) { binary(c, QuantizedOp::kAdd); });

OP(QLinearMul)
    .doc("The product of two tensors of quantized bytes, element by element, quantized again; "
         "computed in float32 and rounded (ties to even). Dims of size 1 broadcast.")
    .TW_BINARY_CLAUSES
    .kernel(Device::kCpu, [](OpContext& c) { binary(c, QuantizedOp::kMultiply); });

OP(QLinearGlobalAveragePool)
    .doc("The mean of all pixels of each channel of quantized bytes, quantized again; the pixels "
         "are added exactly, the rest is float32.")
    .input("x: Q").input("x_scale: T").input("x_zero_point: Q").input("y_scale: T")
    .input("y_zero_point: Q").output("y: Q")
    .attr("Q: uint8|int8").attr("T: float32")
    .attr("data_format: {NHWC, NCHW, NWC, NCW, NDHWC, NCDHW} = NHWC")
    .shape(average_shape).permute(average_permute).no_gradient("integer input")
    .kernel(Device::kCpu, average);

}  // namespace tw
