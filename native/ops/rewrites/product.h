#pragma once

#include <optional>
#include <vector>

#include "graph/pass_context.h"

namespace tw {

// A product of tensors and scalar constants, in whatever order and nesting it was written.
struct Product {
  double factor = 1;
  std::vector<Output> terms;
};

// The node's product; what it multiplies is looked into while nobody else uses it. A square or
// cube counts as so many terms. A node that is no product is its own only term.
Product product_of(const RewriteContext& c, const Node& node);
Product product_of(const RewriteContext& c, Output output);

// The one-element constant `scalar`, when `other` does not take a higher rank from it.
std::optional<double> scalar_beside(const RewriteContext& c, Output scalar, Output other);

// The x of x + value, which nobody else uses; invalid for anything else.
Output without_addend(const RewriteContext& c, Output output, double value);

bool near(double a, double b);

}  // namespace tw
