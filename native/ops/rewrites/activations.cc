#include <cmath>
#include <optional>

#include "graph/op_registry.h"
#include "graph/pass_context.h"

namespace tw {
namespace {

struct Factor {
  Output rest;
  double value;
};

// x and k of a product x * k or quotient x / k with a scalar constant.
std::optional<Factor> factor_of(RewriteContext& c, Output output) {
  if (const Node* product = c.match_single(output, "Mul")) {
    for (int i : {0, 1}) {
      if (const auto k = c.scalar(product->inputs[1 - i])) return Factor{product->inputs[i], *k};
    }
  }
  if (const Node* quotient = c.match_single(output, "RealDiv")) {
    if (const auto k = c.scalar(quotient->inputs[1])) return Factor{quotient->inputs[0], 1 / *k};
  }
  return std::nullopt;
}

bool near(double a, double b) { return std::fabs(a - b) <= 1e-6 * std::fabs(b); }

// x * sigmoid(x), either way round.
bool find_silu(RewriteContext& c) {
  const Node& product = c.node();
  for (int i : {0, 1}) {
    const Node* sigmoid = c.match_single(product.inputs[i], "Sigmoid");
    const Output x = product.inputs[1 - i];
    if (sigmoid == nullptr || !(sigmoid->inputs[0] == x)) continue;
    c.replace(c.add("Silu", {x}));
    return true;
  }
  return false;
}

// The x of erf(x / sqrt(2)) + 1.
Output erf_plus_one(RewriteContext& c, Output output) {
  const Node* sum = c.match_single(output, "AddV2");
  if (sum == nullptr) return {};
  for (int i : {0, 1}) {
    const auto one = c.scalar(sum->inputs[1 - i]);
    const Node* erf = c.match_single(sum->inputs[i], "Erf");
    if (!one || *one != 1 || erf == nullptr) continue;
    const auto scaled = factor_of(c, erf->inputs[0]);
    if (scaled && near(scaled->value, std::sqrt(0.5))) return scaled->rest;
  }
  return {};
}

// 0.5 * x * (1 + erf(x / sqrt(2))), multiplied in any order.
bool find_gelu(RewriteContext& c) {
  const Node& product = c.node();
  for (int i : {0, 1}) {
    // (x * (1 + erf)) * 0.5
    const auto half = c.scalar(product.inputs[1 - i]);
    const Node* inner = c.match_single(product.inputs[i], "Mul");
    if (half && *half == 0.5 && inner != nullptr) {
      for (int k : {0, 1}) {
        const Output x = erf_plus_one(c, inner->inputs[k]);
        if (!x.valid() || !(x == inner->inputs[1 - k])) continue;
        c.replace(c.add("Gelu", {x}));
        return true;
      }
    }
    // (0.5 * x) * (1 + erf)
    const Output x = erf_plus_one(c, product.inputs[i]);
    const auto scaled = x.valid() ? factor_of(c, product.inputs[1 - i]) : std::nullopt;
    if (!scaled || !(scaled->rest == x) || scaled->value != 0.5) continue;
    c.replace(c.add("Gelu", {x}));
    return true;
  }
  return false;
}

}  // namespace

ROUNDING_REWRITE(silu_of_product, "Mul", find_silu);
ROUNDING_REWRITE(gelu_of_products, "Mul", find_gelu);

}  // namespace tw
