#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/linalg/compute.h"
#include "ops/nn/conv.h"

namespace tw {
namespace {

bool channels_first(const Attrs& attrs) { return attrs.string("data_format")[1] == 'C'; }

int channel_axis(const Attrs& attrs, int rank) { return channels_first(attrs) ? 1 : rank - 1; }

// The tensor seen as [outer, channels, inner].
struct Sides {
  std::int64_t outer, channels, inner;
};

Sides sides_of(const Attrs& attrs, const Shape& x) {
  const int axis = channel_axis(attrs, x.rank());
  return {x.size(0, axis), x[axis], x.size(axis + 1, x.rank())};
}

void bias_add_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 2);
  const Shape& bias = c.with_rank(1, 1);
  if (x.has_rank() && bias.has_rank()) {
    const std::int64_t channels = x[channel_axis(c.attrs(), x.rank())];
    check(channels == bias[0] || channels == kUnknownDim || bias[0] == kUnknownDim,
          Code::kInvalidArgument, "the bias has ", bias[0], " elements, the value ", channels,
          " channels");
  }
  c.set_output(0, x);
}

constexpr std::int64_t kBlock = 1 << 15;

template <class T>
void add_bias(OpContext& c, const T* x, const T* bias, T* y, const Sides& s) {
  const std::int64_t line = s.inner == 1 ? s.channels : s.inner;
  const std::int64_t lines = s.inner == 1 ? s.outer : s.outer * s.channels;
  const std::int64_t block = std::max<std::int64_t>(1, kBlock / line);
  c.parallel_for((lines + block - 1) / block, [&](std::int64_t task, int) {
    for (std::int64_t i = task * block; i < std::min(lines, (task + 1) * block); ++i) {
      const T* in = x + i * line;
      T* out = y + i * line;
      if (s.inner == 1) {
        for (std::int64_t j = 0; j < line; ++j) out[j] = static_cast<T>(in[j] + bias[j]);
      } else {
        const T add = bias[i % s.channels];
        for (std::int64_t j = 0; j < line; ++j) out[j] = static_cast<T>(in[j] + add);
      }
    }
  });
}

void bias_add(OpContext& c) {
  if (c.output(0).size() == 0) return;
  const Sides s = sides_of(c.attrs(), c.input(0).shape());
  check(s.channels == c.input(1).size(), Code::kInvalidArgument, "the bias has ",
        c.input(1).size(), " elements, the value ", s.channels, " channels");
  const DType dtype = c.output(0).dtype();
  if (!is_floating(dtype)) {
    return visit_numeric(dtype, [&]<class T>() {
      using W = std::conditional_t<std::is_integral_v<T>, std::make_unsigned<T>,
                                   std::type_identity<T>>::type;
      if constexpr (std::is_integral_v<T>) {
        add_bias(c, c.input(0).data<W>(), c.input(1).data<W>(), c.output(0).mutable_data<W>(), s);
      }
    });
  }
  visit_compute(dtype, [&]<class T>() {
    const T* x = compute_input<T>(c, c.input(0));
    const T* bias = compute_input<T>(c, c.input(1));
    T* y = compute_output<T>(c, c.output(0));
    add_bias(c, x, bias, y, s);
    finish_output(c, y, c.output(0));
  });
}

bool bias_add_permute(PermuteContext& c) {
  if (!permute_data_format(c, {})) return false;
  c.permute_input(0);
  return true;
}

void bias_add_grad_shape(ShapeContext& c) {
  const Shape& dy = c.with_rank_at_least(0, 2);
  c.set_output(0, {dy.has_rank() ? dy[channel_axis(c.attrs(), dy.rank())] : kUnknownDim});
}

// Adds rows of channels to their sums, one after the other; several at a time spare memory.
template <class T>
void add_rows(const T* __restrict in, std::int64_t rows, std::int64_t channels,
              T* __restrict sum) {
  for (; rows >= 4; rows -= 4, in += 4 * channels) {
    const T *a = in, *b = a + channels, *c = b + channels, *d = c + channels;
    for (std::int64_t j = 0; j < channels; ++j) sum[j] = sum[j] + a[j] + b[j] + c[j] + d[j];
  }
  for (; rows > 0; --rows, in += channels) {
    for (std::int64_t j = 0; j < channels; ++j) sum[j] += in[j];
  }
}

// Sums over blocks of fixed size, added in order, so that threads change nothing.
template <class T>
void sum_channels(OpContext& c, const T* dy, T* out, const Sides& s) {
  const std::int64_t rows = s.outer;
  const std::int64_t block =
      std::max<std::int64_t>(1, kBlock / std::max<std::int64_t>(1, s.channels * s.inner));
  const std::int64_t blocks = (rows + block - 1) / block;
  T* sums = c.temporary_of<T>(std::max<std::int64_t>(1, blocks * s.channels));
  c.parallel_for(blocks, [&](std::int64_t b, int) {
    T* sum = sums + b * s.channels;
    std::fill_n(sum, s.channels, T{});
    const std::int64_t end = std::min(rows, (b + 1) * block);
    if (s.inner == 1) {
      return add_rows(dy + b * block * s.channels, end - b * block, s.channels, sum);
    }
    for (std::int64_t r = b * block; r < end; ++r) {
      for (std::int64_t j = 0; j < s.channels; ++j) {
        const T* in = dy + (r * s.channels + j) * s.inner;
        for (std::int64_t i = 0; i < s.inner; ++i) sum[j] += in[i];
      }
    }
  });
  std::fill_n(out, s.channels, T{});
  for (std::int64_t b = 0; b < blocks; ++b) {
    for (std::int64_t j = 0; j < s.channels; ++j) out[j] += sums[b * s.channels + j];
  }
}

void bias_add_grad(OpContext& c) {
  const Sides s = sides_of(c.attrs(), c.input(0).shape());
  visit_compute(c.output(0).dtype(), [&]<class T>() {
    const T* dy = compute_input<T>(c, c.input(0));
    T* out = compute_output<T>(c, c.output(0));
    sum_channels(c, dy, out, s);
    finish_output(c, out, c.output(0));
  });
}

// As an elementwise addition it fuses with its neighbours. Channels first need a bias of higher
// rank, which only a constant can get at no cost.
bool as_addition(RewriteContext& c) {
  const Attrs attrs = c.node().attrs();
  const Output x = c.node().inputs[0], bias = c.node().inputs[1];
  const Shape &shape = c.info(x).shape, &length = c.info(bias).shape;
  if (!shape.has_rank() || !length.has_rank() || length[0] == kUnknownDim) return false;
  const int rank = shape.rank();
  if (shape[channel_axis(attrs, rank)] != length[0]) return false;
  if (!channels_first(attrs)) return c.replace(c.add("AddV2", {x, bias})), true;
  const Tensor* value = c.constant_value(bias);
  if (value == nullptr) return false;
  Shape wide{length[0]};
  for (int axis = 2; axis < rank; ++axis) wide.push_back(1);
  c.replace(c.add("AddV2", {x, c.constant(value->reshaped(wide))}));
  return true;
}

}  // namespace

EXACT_REWRITE(bias_add_as_addition, "BiasAdd", as_addition);

#define TW_FORMATS "data_format: {NHWC, NCHW, NDHWC, NCDHW, NWC, NCW} = NHWC"

OP(BiasAdd)
    .doc("value plus bias[j] for channel j; channels are the last dim, or dim 1 when data_format "
         "says NC...")
    .input("value: T").input("bias: T").output("output: T")
    .attr("T: numeric").attr(TW_FORMATS)
    .shape(bias_add_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.output_grad(0);
      g.input(1) = g.op("BiasAddGrad", {g.output_grad(0)},
                        {{"data_format", g.attrs().string("data_format")}});
    })
    .permute(bias_add_permute)
    .in_place(0, 0)
    .kernel(Device::kCpu, bias_add);

OP(BiasAddGrad)
    .doc("The sum over all dims but the channels: the gradient of BiasAdd's bias.")
    .internal()
    .input("out_backprop: T").output("output: T")
    .attr("T: floating").attr(TW_FORMATS)
    .shape(bias_add_grad_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("BiasAdd", {g.op("ZerosLike", {g.input_value(0)}), g.output_grad(0)},
                        {{"data_format", g.attrs().string("data_format")}});
    })
    .kernel(Device::kCpu, bias_add_grad);

}  // namespace tw
