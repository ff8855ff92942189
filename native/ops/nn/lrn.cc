#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/normalize.h"

namespace tw {
namespace {

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

}  // namespace

OP(LRN)
    .doc("x / (bias + alpha * sum)^beta, where the sum is that of the squares of the\n"
         "2 depth_radius + 1 channels around each one.")
    .api("localResponseNormalization")
    .input("input: T").output("output: T").attr("T: floating")
    .attr("depth_radius: int = 5").attr("bias: float = 1.0").attr("alpha: float = 1.0")
    .attr("beta: float = 0.5")
    .shape([](ShapeContext& c) { c.set_output(0, c.with_rank(0, 4)); })
    .no_gradient("pending")
    .kernel(Device::kCpu, lrn_kernel);

}  // namespace tw
