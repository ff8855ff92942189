#include <algorithm>

#include "ops/rewrites/quantized.h"

namespace tw {
namespace {

// The op on bytes, with what it does to them dequantized after it instead of before.
bool after_movement(RewriteContext& c, int axis, const Quantized& x) {
  const Node moved = c.node();  // adding nodes moves the graph's
  std::vector<Output> inputs = moved.inputs;
  inputs[0] = x.bytes;
  AttrMap attrs;
  for (std::size_t i = 0; i < moved.op->attrs.size(); ++i) {
    if (moved.op->attrs[i].name != "T") attrs.emplace_back(moved.op->attrs[i].name,
                                                          moved.attr_values[i]);
  }
  const Output bytes = c.add(moved.op->name.c_str(), inputs, attrs);
  c.replace(c.add("DequantizeLinear", {bytes, x.scale, x.zero},
                  {{"axis", std::int64_t{std::max(axis, 0)}}}));
  return true;
}

bool transposed_bytes(RewriteContext& c) {
  const auto x = dequantized(c, c.node().inputs[0]);
  const Tensor* perm = c.constant_value(c.node().inputs[1]);
  if (!x || perm == nullptr) return false;
  const auto order = perm->to_int64s();
  const auto at = std::find(order.begin(), order.end(), x->axis);
  return after_movement(c, static_cast<int>(at - order.begin()), *x);
}

// Scales by index stay those of an axis that has the same elements before and in it.
bool reshaped_bytes(RewriteContext& c) {
  const auto x = dequantized(c, c.node().inputs[0]);
  if (!x) return false;
  if (x->axis < 0) return after_movement(c, 0, *x);
  const Shape &from = c.info(x->bytes).shape, &to = c.node().outputs[0].shape;
  if (!from.fully_known() || !to.fully_known()) return false;
  for (int i = 0; i < to.rank(); ++i) {
    if (to[i] == from[x->axis] && to.size(0, i) == from.size(0, x->axis)) {
      return after_movement(c, i, *x);
    }
  }
  return false;
}

// Of one quantization for all, with a scale that keeps the order of values.
bool pooled_bytes(RewriteContext& c) {
  const auto x = dequantized(c, c.node().inputs[0]);
  if (!x || x->axis >= 0) return false;
  const auto scale = c.scalar(x->scale);
  return scale && *scale > 0 && after_movement(c, 0, *x);
}

}  // namespace

// Ops that move elements, or take the largest, do so with bytes.
EXACT_REWRITE(transpose_of_bytes, "Transpose", transposed_bytes);
EXACT_REWRITE(reshape_of_bytes, "Reshape", reshaped_bytes);
EXACT_REWRITE(max_pool_of_bytes, "MaxPool", pooled_bytes);

}  // namespace tw
