#include <optional>

#include "graph/op_registry.h"
#include "graph/pass_context.h"

namespace tw {
namespace {

std::optional<std::vector<std::int64_t>> integers(RewriteContext& c, Output output) {
  const Tensor* value = c.constant_value(output);
  if (value == nullptr || !is_integer(value->dtype())) return std::nullopt;
  return value->to_int64s();
}

bool is_scalar(RewriteContext& c, Output output, std::int64_t wanted) {
  const auto value = integers(c, output);
  return value && value->size() == 1 && value->front() == wanted;
}

// Whether x [batch, channels, ...], seen as `split` [batch * each, groups, ...] with the first two
// axes changed, becomes `joined` [groups, batch, each, ...].
bool deals_channels(const Shape& x, const Shape& split, const Shape& joined) {
  if (!x.fully_known() || !split.fully_known() || !joined.fully_known()) return false;
  if (x.rank() < 2 || split.rank() != 3 || joined.rank() != x.rank() + 1) return false;
  const std::int64_t groups = split[1], each = joined[2];
  bool same = joined[0] == groups && joined[1] == x[0] && each * groups == x[1];
  for (int axis = 2; axis < x.rank(); ++axis) same &= joined[axis + 1] == x[axis];
  return same && split[0] == x[0] * each && split[2] == x.size(2, x.rank());
}

// Dealing the channels out to groups and taking one group, as shuffling networks do, is a slice:
// every so many channels one.
bool take_dealt(RewriteContext& c) {
  const std::vector<Output> inputs = c.node().inputs;
  const Shape& index_shape = c.info(inputs[1]).shape;
  const auto index = integers(c, inputs[1]);
  if (!index || index_shape.rank() != 0 || !is_scalar(c, inputs[2], 0)) return false;
  if (c.node().attrs().integer("batch_dims") != 0) return false;
  const Node* joined = c.match(inputs[0], "Reshape");
  const Node* turned = joined != nullptr ? c.match(joined->inputs[0], "Transpose") : nullptr;
  const Node* split = turned != nullptr ? c.match(turned->inputs[0], "Reshape") : nullptr;
  if (split == nullptr) return false;
  const Output x = split->inputs[0];
  const Shape shape = c.info(x).shape, dealt = split->outputs[0].shape;
  const auto perm = integers(c, turned->inputs[1]);
  if (!perm || *perm != std::vector<std::int64_t>{1, 0, 2}) return false;
  if (!deals_channels(shape, dealt, joined->outputs[0].shape)) return false;
  const std::int64_t groups = dealt[1], first = index->front();
  if (first < 0 || first >= groups) return false;
  const auto list = [&](std::int64_t a, std::int64_t b) {
    return c.constant(Tensor::vector(std::vector<std::int64_t>{a, b}));
  };
  const AttrMap open = {{"begin_mask", std::int64_t{1}}, {"end_mask", std::int64_t{3}}};
  const Output begin = list(0, first), end = list(0, 0), strides = list(1, groups);
  c.replace(c.add("StridedSlice", {x, begin, end, strides}, open));
  return true;
}

}  // namespace

EXACT_REWRITE(slice_of_dealt_channels, "GatherV2", take_dealt);

}  // namespace tw
