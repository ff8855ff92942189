#include "graph/op_registry.h"
#include "ops/rewrites/product.h"

namespace tw {
namespace {

// The x of min(max(x, low), high), however it is spelled; invalid for anything else.
Output clipped(const RewriteContext& c, Output output, double low, double high) {
  if (low == 0 && high == 6) {
    if (const Node* relu = c.match_single(output, "Relu6")) return relu->inputs[0];
  }
  if (const Node* clip = c.match_single(output, "ClipByValue")) {
    const auto& in = clip->inputs;
    const auto from = scalar_beside(c, in[1], in[0]), to = scalar_beside(c, in[2], in[0]);
    return from && to && *from == low && *to == high ? in[0] : Output{};
  }
  const auto inside = [&](Output of, const char* op, double bound) -> Output {
    const Node* node = c.match_single(of, op);
    if (node == nullptr) return {};
    const auto value = scalar_beside(c, node->inputs[1], node->inputs[0]);
    return value && *value == bound ? node->inputs[0] : Output{};
  };
  const Output below = inside(output, "Minimum", high);
  if (below.valid()) return inside(below, "Maximum", low);
  const Output above = inside(output, "Maximum", low);
  return above.valid() ? inside(above, "Minimum", high) : Output{};
}

bool is_hard_sigmoid(const RewriteContext& c, Output output, Output x) {
  const Node* node = c.match_single(output, "HardSigmoid");
  return node != nullptr && node->inputs[0] == x && node->attrs().real("beta") == 0.5 &&
         near(node->attrs().real("alpha"), 1.0 / 6.0);
}

// x clip(x + 3, 0, 6) / 6 in any order, or x times its hard sigmoid of slope 1/6.
bool find_hard_swish(RewriteContext& c) {
  const Product p = product_of(c, c.node());
  if (p.terms.size() != 2) return false;
  for (std::size_t i : {0, 1}) {
    const Output x = p.terms[i], gate = p.terms[1 - i];
    const Output shifted = near(p.factor, 1.0 / 6.0) ? clipped(c, gate, 0, 6) : Output{};
    const bool clips = shifted.valid() && without_addend(c, shifted, 3) == x;
    if (!clips && !(p.factor == 1 && is_hard_sigmoid(c, gate, x))) continue;
    c.replace(c.add("HardSwish", {x}));
    return true;
  }
  return false;
}

// clip(x + 3, 0, 6) / 6.
bool find_shifted(RewriteContext& c) {
  const Product p = product_of(c, c.node());
  if (p.terms.size() != 1 || !near(p.factor, 1.0 / 6.0)) return false;
  const Output shifted = clipped(c, p.terms[0], 0, 6);
  const Output x = shifted.valid() ? without_addend(c, shifted, 3) : Output{};
  if (!x.valid()) return false;
  c.replace(c.add("HardSigmoid", {x}, {{"alpha", 1.0 / 6.0}, {"beta", 0.5}}));
  return true;
}

// clip(alpha x + beta, 0, 1).
bool find_clipped_line(RewriteContext& c) {
  const auto& in = c.node().inputs;
  const auto low = scalar_beside(c, in[1], in[0]), high = scalar_beside(c, in[2], in[0]);
  const Node* sum = c.match_single(in[0], "AddV2");
  if (!low || !high || *low != 0 || *high != 1 || sum == nullptr) return false;
  for (std::size_t i : {0, 1}) {
    const auto beta = scalar_beside(c, sum->inputs[i], sum->inputs[1 - i]);
    const Product p = product_of(c, sum->inputs[1 - i]);
    if (!beta || p.terms.size() != 1) continue;
    c.replace(c.add("HardSigmoid", {p.terms[0]}, {{"alpha", p.factor}, {"beta", *beta}}));
    return true;
  }
  return false;
}

}  // namespace

ROUNDING_REWRITE(hard_swish_of_product, "Mul", find_hard_swish);
ROUNDING_REWRITE(hard_swish_of_quotient, "RealDiv", find_hard_swish);
ROUNDING_REWRITE(hard_sigmoid_of_product, "Mul", find_shifted);
ROUNDING_REWRITE(hard_sigmoid_of_quotient, "RealDiv", find_shifted);
ROUNDING_REWRITE(hard_sigmoid_of_clip, "ClipByValue", find_clipped_line);

}  // namespace tw
