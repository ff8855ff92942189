#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"
#include "ops/math/rules.h"
#include "ops/nn/moments.h"

namespace tw {
namespace {

using namespace rules;

bool channels_last(const Attrs& attrs) { return attrs.string("data_format") == "NHWC"; }

void batch_norm_shape(ShapeContext& c) {
  const Shape& x = c.with_rank(0, 4);
  Shape channels = Shape::unknown_dims(1);
  if (x.has_rank()) channels = Shape{x[channels_last(c.attrs()) ? 3 : 1]};
  // In training, mean and variance may be empty.
  for (int i = 1; i < (c.attrs().flag("is_training") ? 3 : 5); ++i) {
    channels = merge(channels, c.with_rank(i, 1));
  }
  c.set_output(0, x);
  for (int i = 1; i < c.outputs(); ++i) c.set_output(i, i < 5 ? channels : Shape::unknown_dims(1));
}

// y = x * factor, or a moving average: old * (1 - share) + x * factor * share.
void give_statistic(OpContext& c, const Tensor& x, double factor, const Tensor& old, double share,
                    const Tensor& y) {
  tile::Builder b(tile::domain_of(storage_of(y.dtype())));
  const Tensor* inputs[2] = {&x, &old};
  const tile::Value v = b.add_input(storage_of(x.dtype()));
  tile::Value result = b.emit(tile::kMul, v, b.constant(factor * share));
  if (share != 1) {
    const tile::Value before = b.add_input(storage_of(old.dtype()));
    result = b.emit(tile::kFma, before, b.constant(1 - share), result);
  }
  b.add_output(result, storage_of(y.dtype()));
  run_program(c, *b.finish(), {inputs, static_cast<std::size_t>(b.inputs())}, y);
}

void batch_norm_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 4, Code::kInvalidArgument, "input must be 4-dimensional, got ", x.shape());
  const bool last = channels_last(c.attrs());
  const std::int64_t channels = x.dim(last ? 3 : 1);
  const Shape vector = {channels};
  const Shape wide = last ? Shape{1, 1, 1, channels} : Shape{1, channels, 1, 1};
  const bool training = c.attrs().flag("is_training");
  for (int i = 1; i < (training ? 3 : 5); ++i) {
    check(c.input(i).shape() == vector, Code::kInvalidArgument, "expected ", channels,
          " channels for input ", i, ", got shape ", c.input(i).shape());
  }
  const Tensor& y = c.allocate_output(0, x.shape());
  Tensor* stats[4];
  for (int i = 0; i < 4; ++i) stats[i] = &c.allocate_output(i + 1, vector);
  for (int i = 5; i < c.outputs(); ++i) c.allocate_output(i, {0});
  const std::int64_t count = channels == 0 ? 0 : x.size() / channels;
  Moments m;
  if (training) {
    const bool over[4] = {true, last, true, !last};
    m = moments(c, x, over);
  } else {
    m = {c.input(3).reshaped(wide), c.input(4).reshaped(wide)};
  }
  normalize(c, x, m, c.input(1).reshaped(wide), c.input(2).reshaped(wide),
            c.attrs().real("epsilon"), y);
  // The variance that is handed out estimates that of the population.
  const double bessel = training && count > 1 ? double(count) / double(count - 1) : 1;
  const Tensor mean = m.mean.reshaped(vector), variance = m.variance.reshaped(vector);
  const double share = training ? c.attrs().real("exponential_avg_factor") : 1;
  if (share != 1) {
    check(c.input(3).shape() == vector && c.input(4).shape() == vector, Code::kInvalidArgument,
          "a moving average needs a mean and a variance of ", channels, " channels");
  }
  give_statistic(c, mean, 1, c.input(3), share, *stats[0]);
  give_statistic(c, variance, bessel, c.input(4), share, *stats[1]);
  give_statistic(c, mean, 1, mean, 1, *stats[2]);
  give_statistic(c, variance, 1, variance, 1, *stats[3]);
}

// What the statistics handed out add to the gradient of x.
Output statistics_gradient(GradientContext& g, Output away, Output place) {
  const DType dtype = g.info(away).dtype;
  const auto size = [&](Output v) {
    return g.op("Cast", {g.op("Size", {v}, {{"out_type", DType::kInt64}})}, {{"DstT", dtype}});
  };
  const Output n = div(g, size(away), size(g.input_value(1)));
  const Output one = g.scalar_like(1, n);
  const Output bessel = div(g, n, g.op("Maximum", {sub(g, n, one), one}));
  const double share = g.attrs().real("exponential_avg_factor");
  const Output dmean = add(g, times(g, share, g.output_grad(1)), g.output_grad(3));
  const Output dvariance =
      add(g, mul(g, bessel, times(g, share, g.output_grad(2))), g.output_grad(4));
  const auto spread = [&](Output v) { return g.op("Reshape", {v, place}); };
  const Output slope = add(g, spread(dmean), mul(g, times(g, 2, away), spread(dvariance)));
  return div(g, slope, n);
}

void batch_norm_gradient(GradientContext& g) {
  const bool last = channels_last(g.attrs());
  const DType wide = g.info(g.input_value(1)).dtype, narrow = g.info(g.input_value(0)).dtype;
  const Output axes = last ? g.int_vector({0, 1, 2}) : g.int_vector({0, 2, 3});
  const Output place = last ? g.int_vector({1, 1, 1, -1}) : g.int_vector({1, -1, 1, 1});
  const auto mean = [&](Output v) { return g.op("Mean", {v, axes}, {{"keep_dims", true}}); };
  const auto spread = [&](Output v) { return g.op("Reshape", {v, place}); };
  const Output x = in_type(g, g.input_value(0), wide), d = in_type(g, dy(g), wide);
  const bool training = g.attrs().flag("is_training");
  const Output centre = training ? mean(x) : spread(g.input_value(3));
  const Output away = sub(g, x, centre);
  const Output variance = training ? mean(square(g, away)) : spread(g.input_value(4));
  const Output epsilon = g.scalar_like(g.attrs().real("epsilon"), x);
  const Output r = g.op("Rsqrt", {add(g, variance, epsilon)});
  const Output normal = mul(g, away, r);
  Output s = mul(g, d, spread(g.input_value(1)));
  g.input(1) = g.op("Sum", {mul(g, d, normal), axes});
  g.input(2) = g.op("Sum", {d, axes});
  if (training) {
    s = sub(g, sub(g, s, mean(s)), mul(g, normal, mean(mul(g, s, normal))));
  }
  Output dx = mul(g, r, s);
  bool more = false;
  for (int i = 1; i < 5; ++i) more |= g.has_output_grad(i);
  if (training && more) dx = add(g, dx, statistics_gradient(g, away, place));
  g.input(0) = in_type(g, dx, narrow);
}

}  // namespace

OP(FusedBatchNormV3)
    .doc("Normalises each channel by its mean and variance, those of the batch in training, else\n"
         "those given; then scales and shifts it. The variance handed out in training estimates\n"
         "that of the population. The reserved outputs hold the mean and the plain variance.")
    .api("fusedBatchNorm")
    .input("x: T").input("scale: U").input("offset: U").input("mean: U").input("variance: U")
    .output("y: T").output("batch_mean: U").output("batch_variance: U")
    .output("reserve_space_1: U").output("reserve_space_2: U").output("reserve_space_3: U")
    .attr("T: float16|bfloat16|float32").attr("U: float32").attr("epsilon: float = 0.0001")
    .attr("exponential_avg_factor: float = 1.0").attr("data_format: {NHWC, NCHW} = NHWC")
    .attr("is_training: bool = true")
    .shape(batch_norm_shape)
    .gradient(batch_norm_gradient)
    .kernel(Device::kCpu, batch_norm_kernel);

OP(FusedBatchNormV2)
    .doc("FusedBatchNormV3 with two reserved outputs.")
    .internal()
    .input("x: T").input("scale: U").input("offset: U").input("mean: U").input("variance: U")
    .output("y: T").output("batch_mean: U").output("batch_variance: U")
    .output("reserve_space_1: U").output("reserve_space_2: U")
    .attr("T: float16|bfloat16|float32").attr("U: float32").attr("epsilon: float = 0.0001")
    .attr("exponential_avg_factor: float = 1.0").attr("data_format: {NHWC, NCHW} = NHWC")
    .attr("is_training: bool = true")
    .shape(batch_norm_shape)
    .gradient(batch_norm_gradient)
    .kernel(Device::kCpu, batch_norm_kernel);

OP(FusedBatchNorm)
    .doc("FusedBatchNormV3 of float32 or float64 alone, with two reserved outputs.")
    .internal()
    .input("x: T").input("scale: T").input("offset: T").input("mean: T").input("variance: T")
    .output("y: T").output("batch_mean: T").output("batch_variance: T")
    .output("reserve_space_1: T").output("reserve_space_2: T")
    .attr("T: float32|float64").attr("epsilon: float = 0.0001")
    .attr("exponential_avg_factor: float = 1.0").attr("data_format: {NHWC, NCHW} = NHWC")
    .attr("is_training: bool = true")
    .shape(batch_norm_shape)
    .gradient(batch_norm_gradient)
    .kernel(Device::kCpu, batch_norm_kernel);

}  // namespace tw
