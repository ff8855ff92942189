#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/quant/quantized.h"

namespace tw {
namespace {

constexpr std::int64_t kBlock = 1 << 14;

// The tensor seen as [outer, channels, inner]; scales and zero points are by channel, or one.
struct Places {
  std::int64_t channels, inner;
};

Places places_of(OpContext& c) {
  const Shape& x = c.input(0).shape();
  check(!c.has_input(2) || c.input(2).size() == 1 || c.input(2).size() == c.input(1).size(),
        Code::kInvalidArgument, "zero_point has ", c.has_input(2) ? c.input(2).size() : 0,
        " elements, scale ", c.input(1).size());
  if (c.input(1).size() == 1) return {1, std::max<std::int64_t>(1, x.size())};
  const int axis = normal_axis(c.attrs().integer("axis"), x.rank());
  check(c.input(1).size() == x[axis], Code::kInvalidArgument, "scale has ", c.input(1).size(),
        " elements, axis ", axis, " of the value ", x[axis]);
  return {x[axis], x.size(axis + 1, x.rank())};
}

// Of tensors whose sizes places_of has looked at.
template <class T>
T element(const Tensor& t, std::int64_t j) {
  return t.data<T>()[t.size() == 1 ? 0 : j];
}

Quantization channel(OpContext& c, std::int64_t j, DType dtype) {
  const std::uint8_t flip = flip_of(dtype);
  const std::uint8_t zero = c.has_input(2) ? element<std::uint8_t>(c.input(2), j) : 0;
  return {element<float>(c.input(1), j), zero ^ flip, flip};
}

// Calls run(first element, count, channel) for pieces that lie in one channel.
template <class Run>
void by_channel(OpContext& c, const Run& run) {
  const std::int64_t size = c.input(0).size();
  const Places p = places_of(c);
  c.parallel_for((size + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
    const std::int64_t end = std::min(size, (task + 1) * kBlock);
    for (std::int64_t i = task * kBlock; i < end;) {
      const std::int64_t line = i / p.inner, next = std::min(end, (line + 1) * p.inner);
      run(i, next - i, line % p.channels);
      i = next;
    }
  });
}

void quantize(OpContext& c) {
  const DType dtype = c.output(0).dtype();
  const float* x = c.input(0).data<float>();
  auto* y = c.output(0).mutable_data<std::uint8_t>();
  by_channel(c, [&](std::int64_t i, std::int64_t count, std::int64_t j) {
    quantize_bytes(x + i, count, channel(c, j, dtype), y + i);
  });
}

void dequantize_words(OpContext& c) {
  const auto* x = c.input(0).data<std::uint32_t>();
  float* y = c.output(0).mutable_data<float>();
  by_channel(c, [&](std::int64_t i, std::int64_t count, std::int64_t j) {
    const auto scale = element<float>(c.input(1), j);
    const std::uint32_t zero = c.has_input(2) ? element<std::uint32_t>(c.input(2), j) : 0;
    for (std::int64_t k = i; k < i + count; ++k) {
      y[k] = static_cast<float>(static_cast<std::int32_t>(x[k] - zero)) * scale;
    }
  });
}

void dequantize(OpContext& c) {
  const DType dtype = c.input(0).dtype();
  if (dtype == DType::kInt32) return dequantize_words(c);
  const auto* x = c.input(0).data<std::uint8_t>();
  float* y = c.output(0).mutable_data<float>();
  by_channel(c, [&](std::int64_t i, std::int64_t count, std::int64_t j) {
    dequantize_bytes(x + i, count, channel(c, j, dtype), y + i);
  });
}

void linear_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  for (int i : {1, 2}) {
    if (!c.has_input(i) || !c.input(i).has_rank()) continue;
    check(c.input(i).rank() <= 1, Code::kInvalidArgument, i == 1 ? "scale" : "zero_point",
          " has shape ", c.input(i), ", expected a scalar or a vector");
  }
  if (x.has_rank() && c.input(1).fully_known() && c.input(1).size() != 1) {
    const std::int64_t dim = x[normal_axis(c.attrs().integer("axis"), x.rank())];
    check(dim == kUnknownDim || dim == c.input(1).size(), Code::kInvalidArgument, "scale has ",
          c.input(1).size(), " elements, the axis ", dim);
  }
  c.set_output(0, x);
}

bool linear_permute(PermuteContext& c) {
  const Shape& scale = c.shape(1);
  if (!scale.fully_known()) return false;
  if (scale.size() != 1) {
    const int rank = static_cast<int>(c.perm().size());
    const int axis = normal_axis(c.attrs().integer("axis"), rank);
    c.set_attr("axis", std::int64_t{c.new_axis(axis)});
  }
  c.permute_input(0);
  return true;
}

// What a rounding gives does not move with its argument; the slope is taken as 1 within the range.
constexpr const char* kNoSlope = "rounding to a few levels has no slope";

}  // namespace

OP(QuantizeLinear)
    .doc("round(x / scale) + zero_point, ties to even, kept within the range of the dtype. "
         "Scale and zero point are of the whole tensor, or one for each index of an axis.")
    .input("x: T").input("scale: T").input("zero_point: Q").output("y: Q")
    .attr("T: float32").attr("Q: uint8|int8").attr("axis: int = 1")
    .shape(linear_shape).permute(linear_permute).no_gradient(kNoSlope)
    .kernel(Device::kCpu, quantize);

OP(DequantizeLinear)
    .doc("(x - zero_point) * scale. Scale and zero point are of the whole tensor, or one for each "
         "index of an axis; without a zero point it is 0.")
    .input("x: Q").input("scale: T").input("zero_point?: Q").output("y: T")
    .attr("Q: uint8|int8|int32").attr("T: float32").attr("axis: int = 1")
    .attr("_fold_late: bool = true")
    .shape(linear_shape).permute(linear_permute)
    .no_gradient("integer input")
    .kernel(Device::kCpu, dequantize);

}  // namespace tw
