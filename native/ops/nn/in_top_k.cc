#include <cmath>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

void in_top_k_shape(ShapeContext& c) {
  const Shape &predictions = c.with_rank(0, 2), &targets = c.with_rank(1, 1);
  c.with_rank(2, 0);
  const std::int64_t rows = predictions.has_rank() ? predictions[0] : kUnknownDim;
  check(!targets.has_rank() || compatible(Shape{rows}, targets), Code::kInvalidArgument,
        "First dimension of predictions ", predictions, " must match length of targets ", targets);
  c.set_output(0, targets.has_rank() ? merge(Shape{rows}, targets) : Shape{rows});
}

// Whether fewer than k classes have a higher score. Not for a target that is no class, nor where
// a score that decides is infinite or NaN.
bool is_in(const float* row, std::int64_t classes, std::int64_t target, std::int64_t k) {
  if (target < 0 || target >= classes || !std::isfinite(row[target])) return false;
  std::int64_t higher = 0;
  for (std::int64_t i = 0; i < classes; ++i) {
    if (!std::isfinite(row[i])) return false;
    higher += row[i] > row[target] ? 1 : 0;
  }
  return higher < k;
}

void in_top_k_kernel(OpContext& c) {
  const Tensor& predictions = c.input(0);
  const std::vector<std::int64_t> targets = c.input(1).to_int64s();
  check(predictions.rank() == 2 && c.input(1).rank() == 1 &&
            predictions.dim(0) == c.input(1).dim(0),
        Code::kInvalidArgument, "First dimension of predictions ", predictions.shape(),
        " must match length of targets ", c.input(1).shape());
  check(c.input(2).size() == 1, Code::kInvalidArgument, "k must be a scalar, got ",
        c.input(2).shape());
  const std::int64_t classes = predictions.dim(1), k = c.input(2).to_int64s()[0];
  bool* y = c.output(0).mutable_data<bool>();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const float* row = predictions.data<float>() + static_cast<std::int64_t>(i) * classes;
    y[i] = is_in(row, classes, targets[i], k);
  }
}

}  // namespace

OP(InTopKV2)
    .doc("Whether the target of each row is among its k highest predictions; classes with the same "
         "score count as one place. False for a target that is no class.")
    .api("inTopK")
    .input("predictions: float32").input("targets: T").input("k: T").output("precision: bool")
    .attr("T: int32|int64 = int32")
    .shape(in_top_k_shape)
    .no_gradient("bool output")
    .kernel(Device::kCpu, in_top_k_kernel);

}  // namespace tw
