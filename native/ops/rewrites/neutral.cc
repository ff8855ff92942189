#include "graph/op_registry.h"
#include "graph/pass_context.h"

namespace tw {
namespace {

// Replaces the node by its first input when the second is this scalar and changes no shape. Adding
// 0 is left alone: it turns -0 into 0.
bool drop_neutral(RewriteContext& c, double neutral) {
  const Node& node = c.node();
  const auto value = c.scalar(node.inputs[1]);
  const Shape &x = c.info(node.inputs[0]).shape, &scalar = c.info(node.inputs[1]).shape;
  if (!value || *value != neutral || !x.has_rank() || scalar.rank() > x.rank()) return false;
  c.replace(node.inputs[0]);
  return true;
}

}  // namespace

EXACT_REWRITE(mul_by_one, "Mul", [](RewriteContext& c) { return drop_neutral(c, 1); });
EXACT_REWRITE(div_by_one, "RealDiv", [](RewriteContext& c) { return drop_neutral(c, 1); });
EXACT_REWRITE(sub_zero, "Sub", [](RewriteContext& c) { return drop_neutral(c, 0); });

EXACT_REWRITE(cast_to_same, "Cast", [](RewriteContext& c) {
  const Node& node = c.node();
  if (c.info(node.inputs[0]).dtype != node.outputs[0].dtype) return false;
  c.replace(node.inputs[0]);
  return true;
});

}  // namespace tw
