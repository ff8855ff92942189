#include <algorithm>
#include <cctype>

#include "kernels/pack.h"
#include "ops/rnn/recurrent.h"

namespace tw::recurrent {
namespace {

struct NamedActivation {
  const char* name;
  Activation kind;
  int parameters;  // how many of alpha, beta it takes from the lists
  double alpha, beta;
};

constexpr NamedActivation kActivations[] = {
    {"sigmoid", Activation::kSigmoid, 0, 0, 0},
    {"tanh", Activation::kTanh, 0, 0, 0},
    {"relu", Activation::kRelu, 0, 0, 0},
    {"affine", Activation::kAffine, 2, 1, 0},
    {"leakyrelu", Activation::kLeakyRelu, 1, 0.01, 0},
    {"thresholdedrelu", Activation::kThresholdedRelu, 1, 1, 0},
    {"scaledtanh", Activation::kScaledTanh, 2, 1, 1},
    {"hardsigmoid", Activation::kHardSigmoid, 2, 0.2, 0.5},
    {"elu", Activation::kElu, 1, 1, 0},
    {"softsign", Activation::kSoftsign, 0, 0, 0},
    {"softplus", Activation::kSoftplus, 0, 0, 0},
};

const NamedActivation& activation_named(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const NamedActivation& known : kActivations) {
    if (lower == known.name) return known;
  }
  fail(Code::kInvalidArgument, "no activation named ", name);
}

std::int64_t directions_of(const Attrs& attrs) {
  return attrs.string("direction") == "bidirectional" ? 2 : 1;
}

void check_input(const ShapeContext& c, int i, const Shape& expected) {
  if (!c.has_input(i)) return;
  check(compatible(c.input(i), expected), Code::kInvalidArgument, "input ",
        c.node().op->inputs[static_cast<std::size_t>(i)].name, " must have shape ", expected,
        ", got ", c.input(i));
}

// Widths from the weights, as far as they are known; checks those that are not packed.
std::int64_t hidden_size(const ShapeContext& c, const Cell& cell) {
  const Attrs attrs = c.attrs();
  const std::int64_t packed = attrs.integer("_packed");
  const Shape w = (packed & 1) != 0 ? Shape::unknown() : c.with_rank(1, 3);
  const Shape r = (packed & 2) != 0 ? Shape::unknown() : c.with_rank(2, 3);
  std::int64_t hidden = attrs.given("hidden_size") ? attrs.integer("hidden_size") : kUnknownDim;
  if (packed != 0) hidden = attrs.integer("_hidden");
  if (hidden == kUnknownDim && r.has_rank()) hidden = r[2];
  if (hidden == kUnknownDim && w.has_rank() && w[1] != kUnknownDim) hidden = w[1] / cell.gates;
  const Shape& x = c.input(0);
  const std::int64_t directions = directions_of(attrs);
  const std::int64_t width = hidden == kUnknownDim ? kUnknownDim : hidden * cell.gates;
  if ((packed & 1) == 0) check_input(c, 1, {directions, width, x.has_rank() ? x[2] : kUnknownDim});
  if ((packed & 2) == 0) check_input(c, 2, {directions, width, hidden});
  return hidden;
}

}  // namespace

const Cell& lstm_cell() {
  static const Cell& cell =
      *new Cell{4, {4}, {Activation::kSigmoid, Activation::kTanh, Activation::kTanh}};
  return cell;
}
const Cell& gru_cell() {
  static const Cell& cell = *new Cell{3, {2, 1}, {Activation::kSigmoid, Activation::kTanh}};
  return cell;
}
const Cell& rnn_cell() {
  static const Cell& cell = *new Cell{1, {1}, {Activation::kTanh}};
  return cell;
}

void infer_shapes(ShapeContext& c, const Cell& cell) {
  const Shape& x = c.with_rank(0, 3);
  const Attrs attrs = c.attrs();
  const bool batch_first = attrs.integer("layout") == 1;
  check(batch_first || attrs.integer("layout") == 0, Code::kInvalidArgument,
        "layout must be 0 or 1, got ", attrs.integer("layout"));
  activations_of(attrs, cell);
  const std::int64_t hidden = hidden_size(c, cell), directions = directions_of(attrs);
  const std::int64_t steps = x.has_rank() ? x[batch_first ? 1 : 0] : kUnknownDim;
  const std::int64_t batch = x.has_rank() ? x[batch_first ? 0 : 1] : kUnknownDim;
  const bool known = hidden != kUnknownDim;
  const Shape state = batch_first ? Shape{batch, directions, hidden}
                                  : Shape{directions, batch, hidden};
  check_input(c, 3, {directions, known ? 2 * cell.gates * hidden : kUnknownDim});
  check_input(c, 4, {batch});
  check_input(c, 5, state);
  if (cell.gates == 4) {
    check_input(c, 6, state);
    check_input(c, 7, {directions, known ? 3 * hidden : kUnknownDim});
  }
  c.set_output(0, batch_first ? Shape{batch, steps, directions, hidden}
                              : Shape{steps, directions, batch, hidden});
  for (int i = 1; i < c.outputs(); ++i) c.set_output(i, state);
}

std::vector<CellActivation> activations_of(const Attrs& attrs, const Cell& cell) {
  const auto& names = attrs.get<std::vector<std::string>>("activations");
  const auto& alphas = attrs.get<std::vector<double>>("activation_alpha");
  const auto& betas = attrs.get<std::vector<double>>("activation_beta");
  const std::size_t count =
      cell.activations.size() * static_cast<std::size_t>(directions_of(attrs));
  std::vector<CellActivation> found;
  if (names.empty()) {
    for (std::size_t i = 0; i < count; ++i) {
      found.push_back({cell.activations[i % cell.activations.size()], 0, 0});
    }
    return found;
  }
  check(names.size() == count, Code::kInvalidArgument, "expected ", count, " activations, got ",
        names.size());
  std::size_t alpha = 0, beta = 0;
  for (const std::string& name : names) {
    const NamedActivation& known = activation_named(name);
    const bool take_alpha = known.parameters > 0 && alpha < alphas.size();
    const bool take_beta = known.parameters > 1 && beta < betas.size();
    found.push_back({known.kind, take_alpha ? alphas[alpha++] : known.alpha,
                     take_beta ? betas[beta++] : known.beta});
  }
  return found;
}

double clip_of(const Attrs& attrs) {
  const bool given = attrs.given("clip") && attrs.real("clip") > 0;
  return given ? attrs.real("clip") : std::numeric_limits<double>::infinity();
}

namespace {

// directions matrices of rows [width, k], each part of the rows packed on its own, transposed.
template <class T>
Tensor packed_weights(const Tensor& weights, const std::vector<int>& parts, std::int64_t hidden) {
  const std::int64_t k = weights.dim(2);
  std::int64_t size = 0;
  for (int part : parts) size += packed_size<T>(k, part * hidden);
  Tensor packed = Tensor::allocate(weights.dtype(), {weights.dim(0) * size});
  T* out = packed.mutable_data<T>();
  const T* from = weights.data<T>();
  for (std::int64_t d = 0; d < weights.dim(0); ++d) {
    for (int part : parts) {
      pack_matrix<T>({from, k, true}, k, part * hidden, out);
      from += k * part * hidden;
      out += packed_size<T>(k, part * hidden);
    }
  }
  return packed;
}

}  // namespace

void pack(PackContext& p, const Cell& cell) {
  const DType dtype = p.attrs().dtype("T");
  if (dtype != DType::kFloat32 && dtype != DType::kFloat64) return;
  if (p.attrs().integer("_packed") != 0) return;
  const Tensor *w = p.constant(1), *r = p.constant(2);
  const Tensor* known = r != nullptr ? r : w;
  if (known == nullptr) return;
  const std::int64_t hidden = known->dim(1) / cell.gates;
  const auto packed = [&](const Tensor& weights, const std::vector<int>& parts) {
    return dtype == DType::kFloat32 ? packed_weights<float>(weights, parts, hidden)
                                    : packed_weights<double>(weights, parts, hidden);
  };
  std::int64_t done = 0;
  if (w != nullptr) {
    p.replace_input(1, packed(*w, {cell.gates}));
    done |= 1;
  }
  if (r != nullptr) {
    p.replace_input(2, packed(*r, cell.parts));
    done |= 2;
  }
  p.set_attr("_packed", done);
  p.set_attr("_hidden", hidden);
}

}  // namespace tw::recurrent
