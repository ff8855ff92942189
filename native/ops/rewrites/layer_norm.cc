#include <optional>

#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/rewrites/product.h"

namespace tw {
namespace {

struct Mean {
  Output of;
  std::int64_t axis;  // negative; it is over all dims from there on
};

// A mean over the last dims that keeps them as dims of 1.
std::optional<Mean> trailing_mean(const RewriteContext& c, Output output) {
  const Node* mean = c.match(output, "Mean");
  if (mean == nullptr || !mean->attrs().flag("keep_dims") || mean->inputs.size() < 2) {
    return std::nullopt;
  }
  const int rank = c.info(mean->inputs[0]).shape.rank();
  const Tensor* axes =
      mean->inputs[1].valid() ? c.constant_value(mean->inputs[1]) : nullptr;
  if (axes == nullptr || axes->size() == 0 || rank <= 0) return std::nullopt;
  std::vector<bool> reduced(static_cast<std::size_t>(rank));
  for (std::int64_t axis : axes->to_int64s()) {
    reduced[static_cast<std::size_t>(normal_axis(axis, rank))] = true;
  }
  int first = rank;
  while (first > 0 && reduced[static_cast<std::size_t>(first - 1)]) --first;
  for (int i = 0; i < first; ++i) {
    if (reduced[static_cast<std::size_t>(i)]) return std::nullopt;
  }
  return first == rank ? std::nullopt : std::optional(Mean{mean->inputs[0], first - rank});
}

struct Norm {
  Output x;
  std::int64_t axis;
  double epsilon;
};

// The d of the mean of d^2 + epsilon, which nobody else uses.
std::optional<Norm> variance(const RewriteContext& c, Output output) {
  const Node* sum = c.match_single(output, "AddV2");
  if (sum == nullptr) return std::nullopt;
  for (std::size_t i : {0, 1}) {
    const auto epsilon = scalar_beside(c, sum->inputs[i], sum->inputs[1 - i]);
    const auto mean = trailing_mean(c, sum->inputs[1 - i]);
    if (!epsilon || !mean || *epsilon < 0) continue;
    const Product square = product_of(c, mean->of);
    const auto& terms = square.terms;
    const bool squared = terms.size() == 2 && terms[0] == terms[1] && square.factor == 1;
    if (squared) return Norm{terms[0], mean->axis, *epsilon};
  }
  return std::nullopt;
}

bool adds_layer_norm(RewriteContext& c, Output d, const std::optional<Norm>& norm) {
  if (!norm || !(norm->x == d)) return false;
  const Node* centred = c.match(d, "Sub");
  const auto mean = centred != nullptr ? trailing_mean(c, centred->inputs[1]) : std::nullopt;
  const bool layer = mean && mean->of == centred->inputs[0] && mean->axis == norm->axis;
  const AttrMap attrs = {{"axis", norm->axis}, {"epsilon", norm->epsilon}};
  c.replace(layer ? c.add("LayerNorm", {mean->of}, attrs) : c.add("RmsNorm", {d}, attrs));
  return true;
}

// d / sqrt(mean of d^2 + epsilon), where d is x - mean of x for a LayerNorm.
bool find_quotient(RewriteContext& c) {
  const Node& quotient = c.node();
  const Node* root = c.match_single(quotient.inputs[1], "Sqrt");
  return root != nullptr &&
         adds_layer_norm(c, quotient.inputs[0], variance(c, root->inputs[0]));
}

// The v of 1 / sqrt(v).
Output inverse_root(const RewriteContext& c, Output output) {
  if (const Node* inverse = c.match_single(output, "Rsqrt")) return inverse->inputs[0];
  Output root;
  if (const Node* inverse = c.match_single(output, "Reciprocal")) root = inverse->inputs[0];
  if (const Node* inverse = c.match_single(output, "RealDiv")) {
    if (scalar_beside(c, inverse->inputs[0], inverse->inputs[1]) == 1.0) root = inverse->inputs[1];
  }
  const Node* node = c.match_single(root, "Sqrt");
  return node != nullptr ? node->inputs[0] : Output{};
}

bool find_product(RewriteContext& c) {
  for (std::size_t i : {0, 1}) {
    const Output v = inverse_root(c, c.node().inputs[i]);
    if (v.valid() && adds_layer_norm(c, c.node().inputs[1 - i], variance(c, v))) return true;
  }
  return false;
}

// Whether a node has input `place` or a later one.
bool has_weights(const Node& norm, std::size_t place) {
  for (; place < norm.inputs.size(); ++place) {
    if (norm.inputs[place].valid()) return true;
  }
  return false;
}

// Gives a normalisation the weights beside it, as input `place`, when their shape is that of the
// normalised dims.
bool add_weights(RewriteContext& c, const char* op, std::size_t place) {
  for (std::size_t i : {0, 1}) {
    const Output weights = c.node().inputs[i];
    const Node* norm = c.match_single(c.node().inputs[1 - i], op);
    if (norm == nullptr || has_weights(*norm, place)) continue;
    const Shape& x = c.info(norm->inputs[0]).shape;
    if (!x.has_rank()) continue;
    const int axis = normal_axis(norm->attrs().integer("axis"), x.rank());
    const Shape inner(x.dims().subspan(static_cast<std::size_t>(axis)));
    if (!inner.fully_known() || !(c.info(weights).shape == inner)) continue;
    std::vector<Output> inputs = norm->inputs;
    inputs.resize(place);
    inputs.push_back(weights);
    c.replace(c.copy_with(*norm, inputs));
    return true;
  }
  return false;
}

}  // namespace

ROUNDING_REWRITE(layer_norm_of_quotient, "RealDiv", find_quotient);
ROUNDING_REWRITE(layer_norm_of_product, "Mul", find_product);
ROUNDING_REWRITE(layer_norm_scale, "Mul",
                 [](RewriteContext& c) { return add_weights(c, "LayerNorm", 1); });
ROUNDING_REWRITE(rms_norm_scale, "Mul",
                 [](RewriteContext& c) { return add_weights(c, "RmsNorm", 1); });
ROUNDING_REWRITE(layer_norm_offset, "AddV2",
                 [](RewriteContext& c) { return add_weights(c, "LayerNorm", 2); });

}  // namespace tw
