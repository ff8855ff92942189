#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/normalize.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

using namespace rules;

constexpr std::int64_t kTaskElements = 16384;

void lrn_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 4, Code::kInvalidArgument, "in must be 4-dimensional, got ", x.shape());
  const Tensor& y = c.allocate_output(0, x.shape());
  if (y.size() == 0) return;
  const Attrs attrs = c.attrs();
  const std::int64_t radius = attrs.integer("depth_radius"), depth = x.dim(3);
  const double bias = attrs.real("bias"), alpha = attrs.real("alpha"), beta = attrs.real("beta");
  const std::int64_t rows = x.size() / depth;
  const std::int64_t some = std::max<std::int64_t>(1, kTaskElements / depth);
  c.parallel_for((rows + some - 1) / some, [&](std::int64_t task, int) {
    const auto from = static_cast<std::size_t>(task * some * depth) * size_of(x.dtype());
    local_response_rows(x.dtype(), static_cast<char*>(y.raw()) + from,
                        static_cast<const char*>(x.raw()) + from, radius, bias, alpha, beta,
                        std::min(some, rows - task * some), depth);
  });
}

// The window sums are products with a band of ones. With s = bias + alpha * sums of x^2:
//   dx = dy s^-beta - 2 alpha beta x * sums of (dy x s^(-beta - 1))
void lrn_gradient(GradientContext& g) {
  const Attrs attrs = g.attrs();
  const DType narrow = g.info(g.input_value(0)).dtype;
  const DType wide = narrow == DType::kFloat64 ? narrow : DType::kFloat32;
  const Output x = in_type(g, g.input_value(0), wide), d = in_type(g, dy(g), wide);
  const Output depth = g.op("Slice", {g.shape_of(x), g.int_vector({3}), g.int_vector({1})});
  const Output twice = g.op("Tile", {depth, g.int_vector({2})});
  const Output ones = g.op("Fill", {twice, g.scalar_like(1, x)});
  const Output radius =
      g.scalar_like(static_cast<double>(attrs.integer("depth_radius")), depth);
  const Output band = g.op("MatrixBandPart", {ones, radius, radius});
  const auto window_sums = [&](Output v) { return g.op("MatMul", {v, band}); };
  const auto power = [&](Output v, double p) { return g.op("Pow", {v, g.scalar_like(p, v)}); };

  const double alpha = attrs.real("alpha"), beta = attrs.real("beta");
  const Output bias = g.scalar_like(attrs.real("bias"), x);
  const Output s = add(g, times(g, alpha, window_sums(square(g, x))), bias);
  const Output direct = mul(g, d, power(s, -beta));
  const Output others = window_sums(mul(g, mul(g, d, x), power(s, -beta - 1)));
  g.input(0) = in_type(g, sub(g, direct, mul(g, times(g, 2 * alpha * beta, x), others)), narrow);
}

}  // namespace

OP(LRN)
    .doc("x / (bias + alpha * sum)^beta, where the sum is that of the squares of the\n"
         "2 depth_radius + 1 channels around each one.")
    .api("localResponseNormalization")
    .input("input: T").output("output: T").attr("T: floating")
    .attr("depth_radius: int = 5").attr("bias: float = 1.0").attr("alpha: float = 1.0")
    .attr("beta: float = 0.5")
    .shape([](ShapeContext& c) { c.set_output(0, c.with_rank(0, 4)); })
    .gradient(lrn_gradient)
    .kernel(Device::kCpu, lrn_kernel);

}  // namespace tw
