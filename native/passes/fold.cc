#include "passes/fold.h"

#include <algorithm>

#include "graph/evaluate.h"
#include "passes/passes.h"

namespace tw {
namespace {

constexpr std::int64_t kSmall = 4096;  // elements that may be made from nothing
// Constants of more bytes are not folded to larger ones, however often they might be doubled.
constexpr std::size_t kLarge = 64u << 20;
constexpr std::int64_t kLargeSize = kLarge / 4;

std::optional<Tensor> known_value(const OutputInfo& info) {
  if (!info.value || !info.shape.fully_known()) return std::nullopt;
  const PartialValue& value = *info.value;
  if (std::find(value.begin(), value.end(), kUnknownValue) != value.end()) return std::nullopt;
  if (info.shape.size() != static_cast<std::int64_t>(value.size())) return std::nullopt;
  if (info.dtype == DType::kInt64) return Tensor::of<std::int64_t>(info.shape, value);
  if (info.dtype != DType::kInt32) return std::nullopt;
  const std::vector<std::int32_t> narrow(value.begin(), value.end());
  return Tensor::of<std::int32_t>(info.shape, narrow);
}

bool grows_too_much(const Node& node, const std::vector<Tensor>& inputs) {
  std::int64_t in = 0, out = 0;
  for (const Tensor& t : inputs) in += t.size();
  for (const OutputInfo& info : node.outputs) {
    if (!info.shape.fully_known()) return false;
    out += info.shape.size();
  }
  return out > kSmall && (out > 2 * in || (out > in && out > kLargeSize));
}

std::size_t byte_limit(const std::vector<Tensor>& inputs) {
  std::size_t bytes = 0;
  for (const Tensor& t : inputs) bytes += t.bytes();
  return std::max(kLarge, 2 * bytes);
}

}  // namespace

std::optional<std::vector<Tensor>> folded(const Graph& graph, int id) {
  const Node& node = graph.node(id);
  if (node.op->role == Role::kConst || node.outputs.empty() || !can_evaluate(node)) {
    return std::nullopt;
  }
  // A constant would not wait for what has to run before.
  if (!node.controls.empty()) return std::nullopt;
  if (node.outputs.size() == 1) {
    if (auto value = known_value(node.outputs[0])) return std::vector<Tensor>{*value};
  }
  std::vector<Tensor> inputs;
  for (Output in : node.inputs) {
    const Tensor* value = graph.constant_value(in);
    if (in.valid() && value == nullptr) return std::nullopt;
    inputs.push_back(value != nullptr ? *value : Tensor());
  }
  if (grows_too_much(node, inputs)) return std::nullopt;
  try {
    return evaluate(graph, id, inputs, byte_limit(inputs));
  } catch (const Error&) {
    return std::nullopt;  // it fails when it is run, and then names the place
  }
}

namespace {

// Ops whose patterns end when their values are known: they are folded after the rewrite rules.
bool is_late(const Node& node) { return node.op->find_attr("_fold_late") != nullptr; }

void fold_all(PassContext& context, bool late) {
  Graph& graph = context.work.graph;
  Replacements replacements;
  const auto resolve = [&](Output in) {
    const auto hit = replacements.find(in);
    return hit == replacements.end() ? in : hit->second;
  };
  const int size = graph.size();
  for (int id = 0; id < size; ++id) {
    for (Output& in : graph.mutable_node(id).inputs) in = resolve(in);
    graph.infer(id);
    const Node& node = graph.node(id);
    if (node.op->role == Role::kIdentity && node.controls.empty()) {
      replacements.emplace(Output{id, 0}, node.inputs[0]);
      continue;
    }
    if (is_late(node) && !late) continue;
    if (const auto values = folded(graph, id)) {
      for (std::size_t k = 0; k < values->size(); ++k) {
        const Output constant = graph.constant((*values)[k], graph.node(id).name + "/folded");
        replacements.emplace(Output{id, static_cast<int>(k)}, constant);
      }
    }
  }
  rebuild(context.work, replacements);
}

}  // namespace

void fold_constants(PassContext& context) { fold_all(context, false); }

void fold_late(PassContext& context) {
  const Graph& graph = context.work.graph;
  bool any = false;
  for (int id = 0; id < graph.size() && !any; ++id) any = is_late(graph.node(id));
  if (!any) return;
  fold_all(context, true);
  apply_rewrites(context);
}

}  // namespace tw
