#include "passes/cluster.h"

#include <algorithm>

#include "graph/equal_shapes.h"

namespace tw {
namespace {

constexpr std::size_t kMostInputs = 48;

tile::Storage storage_of(DType dtype) { return static_cast<tile::Storage>(dtype); }

bool has_storage(DType dtype) noexcept {
  return dtype >= DType::kFloat32 && dtype <= DType::kBool;
}

// One floating or integer element, to be written into the program.
std::optional<double> scalar_of(const Graph& graph, Output o) {
  const Tensor* value = graph.constant_value(o);
  if (value == nullptr || value->size() != 1) return std::nullopt;
  switch (value->dtype()) {
    case DType::kFloat32: return *value->data<float>();
    case DType::kFloat64: return *value->data<double>();
    default: return std::nullopt;
  }
}

// The op's own dtypes say that its instruction exists in their domain.
bool has_number(const Graph& graph, const Node& node) {
  const auto number = [](DType dtype) { return dtype != DType::kBool; };
  return number(node.outputs[0].dtype) ||
         std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](Output in) { return number(graph.info(in).dtype); });
}

// These exist in every domain.
bool is_logical(const Node& node) {
  switch (node.op->opcode) {
    case tile::kNot:
    case tile::kAnd:
    case tile::kOr:
    case tile::kXor: return true;
    default: return false;
  }
}

// A program broadcasts: an op that does not has to be sure of its shapes.
bool may_broadcast(const Graph& graph, const Node& node) {
  if (node.op->shape != equal_shapes) return true;
  const Shape& first = graph.info(node.inputs[0]).shape;
  return std::all_of(node.inputs.begin(), node.inputs.end(),
                     [&](Output in) { return graph.info(in).shape == first; });
}

class ProgramMaker {
 public:
  ProgramMaker(const Graph& graph, const Cluster& cluster, tile::Domain domain)
      : graph_(graph), cluster_(cluster), builder_(domain) {}

  std::optional<ClusterProgram> make(Output first) {
    if (first.valid()) value_of(first);
    for (int id : cluster_.members) emit(id);
    const OutputInfo& info = graph_.info({cluster_.root, 0});
    builder_.add_output(values_.at({cluster_.root, 0}), storage_of(info.dtype));
    if (made_.inputs.size() > kMostInputs) return std::nullopt;
    made_.program = builder_.finish();
    if (made_.program == nullptr) return std::nullopt;
    return std::move(made_);
  }

 private:
  tile::Value value_of(Output o) {
    if (const auto hit = values_.find(o); hit != values_.end()) return hit->second;
    tile::Value value;
    if (const auto scalar = scalar_of(graph_, o)) {
      value = builder_.constant(*scalar);
    } else {
      value = builder_.add_input(storage_of(graph_.info(o).dtype));
      made_.inputs.push_back(o);
    }
    values_.emplace(o, value);
    return value;
  }

  void emit(int id) {
    const Node& node = graph_.node(id);
    tile::Value in[3];
    for (std::size_t i = 0; i < node.inputs.size(); ++i) in[i] = value_of(node.inputs[i]);
    double immediates[2] = {0, 0};
    for (std::size_t i = 0; i < node.op->immediates.size(); ++i) {
      immediates[i] = node.attrs().real(node.op->immediates[i]);
    }
    const auto opcode = static_cast<tile::Opcode>(node.op->opcode);
    const tile::Value made =
        builder_.emit(opcode, in[0], in[1], in[2], immediates[0], immediates[1]);
    values_[{id, 0}] = builder_.narrowed(made, storage_of(node.outputs[0].dtype));
  }

  const Graph& graph_;
  const Cluster& cluster_;
  tile::Builder builder_;
  ClusterProgram made_;
  std::unordered_map<Output, tile::Value, OutputHash> values_;
};

}  // namespace

std::optional<tile::Domain> cluster_domain(const Graph& graph, const Node& node) {
  if (node.op->opcode < 0 || node.op->stateful || !node.controls.empty()) return std::nullopt;
  if (node.outputs.size() != 1 || node.inputs.empty() || node.inputs.size() > 3) return std::nullopt;
  std::optional<tile::Domain> domain;
  for (Output in : node.inputs) {
    if (!in.valid() || !has_storage(graph.info(in).dtype)) return std::nullopt;
    const DType dtype = graph.info(in).dtype;
    // A truth value goes with any domain.
    if (dtype != DType::kBool || !domain) domain = tile::domain_of(storage_of(dtype));
  }
  if (!has_storage(node.outputs[0].dtype) || !can_compute(graph, node, *domain)) return std::nullopt;
  return domain;
}

bool keeps_bits(tile::Domain domain, DType dtype) noexcept {
  if (dtype == DType::kBool) return true;
  const bool narrow_float = dtype == DType::kFloat16 || dtype == DType::kBFloat16;
  return !narrow_float && tile::domain_of(storage_of(dtype)) == domain;
}

bool can_compute(const Graph& graph, const Node& node, tile::Domain domain) {
  if (node.op->opcode < 0) return false;
  const auto fits = [&](DType dtype) {
    return dtype == DType::kBool || tile::domain_of(storage_of(dtype)) == domain;
  };
  for (Output in : node.inputs) {
    if (!in.valid() || !has_storage(graph.info(in).dtype) || !fits(graph.info(in).dtype)) return false;
  }
  if (!may_broadcast(graph, node)) return false;
  return fits(node.outputs[0].dtype) && (has_number(graph, node) || is_logical(node));
}

std::optional<ClusterProgram> make_program(const Graph& graph, const Cluster& cluster,
                                           tile::Domain domain, Output first) {
  return ProgramMaker(graph, cluster, domain).make(first);
}

}  // namespace tw
