#include <cmath>

#include "graph/op_registry.h"
#include "ops/rewrites/product.h"

namespace tw {
namespace {

constexpr double kSlope = 0.7978845608028654;  // sqrt(2 / pi)
constexpr double kCubic = 0.044715;

// x * sigmoid(x), either way round.
bool find_silu(RewriteContext& c) {
  const Node& product = c.node();
  for (std::size_t i : {0, 1}) {
    const Node* sigmoid = c.match_single(product.inputs[i], "Sigmoid");
    const Output x = product.inputs[1 - i];
    if (sigmoid == nullptr || !(sigmoid->inputs[0] == x)) continue;
    c.replace(c.add("Silu", {x}));
    return true;
  }
  return false;
}

bool all_are(const std::vector<Output>& terms, Output x) {
  for (Output term : terms) {
    if (!(term == x)) return false;
  }
  return true;
}

bool is_multiple(const Product& p, double factor, std::size_t power, Output x) {
  return p.terms.size() == power && all_are(p.terms, x) && near(p.factor, factor);
}

// Whether output is sqrt(2 / pi) (x + 0.044715 x^3), or with x outside of the brackets.
bool is_gelu_argument(const RewriteContext& c, Output output, Output x) {
  const Product p = product_of(c, output);
  if (!near(p.factor, kSlope)) return false;
  if (p.terms.size() == 1) {
    const Node* sum = c.match_single(p.terms[0], "AddV2");
    if (sum == nullptr) return false;
    for (std::size_t i : {0, 1}) {
      const Product cube = product_of(c, sum->inputs[i]);
      if (sum->inputs[1 - i] == x && is_multiple(cube, kCubic, 3, x)) return true;
    }
    return false;
  }
  if (p.terms.size() != 2) return false;
  for (std::size_t i : {0, 1}) {
    const Output rest = without_addend(c, p.terms[i], 1);
    if (rest.valid() && p.terms[1 - i] == x &&
        is_multiple(product_of(c, rest), kCubic, 2, x)) {
      return true;
    }
  }
  return false;
}

// x / 2 (1 + erf(x / sqrt(2))), or tanh instead of erf, multiplied in any order.
bool find_gelu(RewriteContext& c) {
  const Product p = product_of(c, c.node());
  if (p.factor != 0.5 || p.terms.size() != 2) return false;
  for (std::size_t i : {0, 1}) {
    const Output x = p.terms[i], probability = without_addend(c, p.terms[1 - i], 1);
    if (const Node* erf = c.match_single(probability, "Erf")) {
      if (!is_multiple(product_of(c, erf->inputs[0]), std::sqrt(0.5), 1, x)) continue;
      c.replace(c.add("Gelu", {x}));
      return true;
    }
    if (const Node* tanh = c.match_single(probability, "Tanh")) {
      if (!is_gelu_argument(c, tanh->inputs[0], x)) continue;
      c.replace(c.add("GeluTanh", {x}));
      return true;
    }
  }
  return false;
}

}  // namespace

ROUNDING_REWRITE(silu_of_product, "Mul", find_silu);
ROUNDING_REWRITE(gelu_of_products, "Mul", find_gelu);
ROUNDING_REWRITE(gelu_of_quotient, "RealDiv", find_gelu);

}  // namespace tw
