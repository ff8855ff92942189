#include "ops/rewrites/product.h"

#include <cmath>

namespace tw {
namespace {

constexpr std::size_t kMostTerms = 8;

void collect(const RewriteContext& c, Output output, Product& product);

// Whether the node is a product, whose parts are then collected.
bool collect_parts(const RewriteContext& c, const Node& node, Product& product) {
  if (product.terms.size() >= kMostTerms) return false;
  const auto& inputs = node.inputs;
  if (node.op->name == "Mul") {
    for (std::size_t i : {0, 1}) {
      const auto k = scalar_beside(c, inputs[i], inputs[1 - i]);
      if (!k) continue;
      product.factor *= *k;
      collect(c, inputs[1 - i], product);
      return true;
    }
    for (Output input : inputs) collect(c, input, product);
    return true;
  }
  if (node.op->name == "RealDiv") {
    const auto k = scalar_beside(c, inputs[1], inputs[0]);
    if (!k) return false;
    product.factor /= *k;
    collect(c, inputs[0], product);
    return true;
  }
  int power = node.op->name == "Square" ? 2 : 0;
  if (node.op->name == "Pow") {
    const auto exponent = scalar_beside(c, inputs[1], inputs[0]);
    if (exponent && (*exponent == 2 || *exponent == 3)) power = static_cast<int>(*exponent);
  }
  for (int i = 0; i < power; ++i) product.terms.push_back(inputs[0]);
  return power > 0;
}

void collect(const RewriteContext& c, Output output, Product& product) {
  for (const char* op : {"Mul", "RealDiv", "Square", "Pow"}) {
    const Node* node = c.match_single(output, op);
    if (node != nullptr && collect_parts(c, *node, product)) return;
  }
  product.terms.push_back(output);
}

}  // namespace

Product product_of(const RewriteContext& c, const Node& node) {
  Product product;
  if (!collect_parts(c, node, product)) product.terms = {{node.id, 0}};
  return product;
}

Product product_of(const RewriteContext& c, Output output) {
  Product product;
  collect(c, output, product);
  return product;
}

std::optional<double> scalar_beside(const RewriteContext& c, Output scalar, Output other) {
  const Shape &small = c.info(scalar).shape, &shape = c.info(other).shape;
  if (small.rank() > 0 && (!shape.has_rank() || small.rank() > shape.rank())) return std::nullopt;
  return c.scalar(scalar);
}

Output without_addend(const RewriteContext& c, Output output, double value) {
  const Node* sum = c.match_single(output, "AddV2");
  if (sum == nullptr) return {};
  for (std::size_t i : {0, 1}) {
    const auto addend = scalar_beside(c, sum->inputs[i], sum->inputs[1 - i]);
    if (addend && near(*addend, value)) return sum->inputs[1 - i];
  }
  return {};
}

bool near(double a, double b) { return std::fabs(a - b) <= 1e-6 * std::fabs(b); }

}  // namespace tw
