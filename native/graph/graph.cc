#include "graph/graph.h"

#include <algorithm>

#include "graph/node_builder.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool valid_name(std::string_view name) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const auto inner = [&](char c) {
    return word(c) || c == '.' || c == '-' || c == '/' || c == '\\';
  };
  if (name.empty() || !(word(name[0]) || name[0] == '.') || name[0] == '_') return false;
  return std::all_of(name.begin() + 1, name.end(), inner);
}

// Random ops have the hidden attr: the graph's seed at the time when they were added.
void set_graph_seed(Node& node, bool has_seed, std::int64_t seed) {
  const int index = node.op->attr_index("_graph_seed");
  if (index < 0 || !has_seed) return;
  AttrValue& value = node.attr_values[static_cast<std::size_t>(index)];
  if (std::holds_alternative<std::monostate>(value)) value = seed;
}

}  // namespace

Node::Range Node::input_range(int arg) const {
  int first = 0;
  for (int a = 0;; ++a) {
    const ArgDef& def = op->inputs[static_cast<std::size_t>(a)];
    int count = 1;
    if (!def.number_attr.empty()) {
      count = static_cast<int>(attrs().integer(def.number_attr));
    } else if (!def.types_attr.empty()) {
      count = static_cast<int>(attrs().get<std::vector<DType>>(def.types_attr).size());
    } else if (def.optional && first >= static_cast<int>(inputs.size())) {
      count = 0;
    }
    if (a == arg) return {first, count};
    first += count;
  }
}

Node::Range Node::input_range(std::string_view arg) const {
  for (std::size_t a = 0; a < op->inputs.size(); ++a) {
    if (op->inputs[a].name == arg) return input_range(static_cast<int>(a));
  }
  fail(Code::kInternal, "op ", op->name, " has no input ", arg);
}

int Graph::add(NodeSpec spec) {
  check(!finalized_, Code::kFailedPrecondition, "Graph is finalized and cannot be modified.");
  const bool exact = !spec.name.empty() && spec.name.back() == '/';
  std::string wanted = spec.name.empty() ? spec.op : spec.name;
  if (exact) wanted.pop_back();
  check(valid_name(wanted), Code::kInvalidArgument, "'", wanted, "' is not a valid node name");
  check(!exact || find(wanted) < 0, Code::kInvalidArgument, "Duplicate node name in graph: '",
        wanted, "'");
  try {
    Node node = checked_node(*this, spec);
    node.id = size();
    set_graph_seed(node, has_seed, seed);
    nodes_.push_back(std::move(node));
    infer(nodes_.back().id);
  } catch (const Error& e) {
    if (!nodes_.empty() && nodes_.back().name.empty()) nodes_.pop_back();
    throw e.at(spec.op, wanted);
  }
  Node& node = nodes_.back();
  node.name = exact ? wanted : unique_name(wanted);
  if (exact) used_names_.emplace(lower(wanted), 1);
  by_name_.emplace(node.name, node.id);
  return node.id;
}

std::shared_ptr<Graph> Graph::open_copy() const {
  auto copy = std::make_shared<Graph>(*this);
  copy->finalized_ = false;
  return copy;
}

int Graph::append(Node node) {
  node.id = size();
  used_names_.emplace(lower(node.name), 1);
  by_name_.emplace(node.name, node.id);
  nodes_.push_back(std::move(node));
  return nodes_.back().id;
}

void Graph::infer(int id) {
  Node& node = mutable_node(id);
  ShapeContext context(*this, node);
  node.op->shape(context);
  if (node.op->value != nullptr) node.op->value(context);
}

Output Graph::constant(const Tensor& value, std::string_view name) {
  return {add({"Const", std::string(name), {}, {}, {{"value", value}, {"dtype", value.dtype()}}, ""}),
          0};
}

Output Graph::placeholder(DType dtype, const Shape& shape, std::string_view name) {
  const AttrMap attrs = {{"dtype", dtype}, {"shape", shape}};
  return {add({"Placeholder", std::string(name), {}, {}, attrs, ""}), 0};
}

int Graph::find(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? -1 : found->second;
}

std::string Graph::unique_name(std::string_view name, bool mark_as_used) {
  std::string candidate(name);
  const auto used = used_names_.find(lower(name));
  if (used != used_names_.end()) {
    int suffix = used->second;
    do {
      candidate = std::string(name) + "_" + std::to_string(suffix++);
    } while (used_names_.contains(lower(candidate)));
    if (mark_as_used) used->second = suffix;
  }
  if (mark_as_used) used_names_.emplace(lower(candidate), 1);
  return candidate;
}

void Graph::set_shape(Output output, const Shape& shape) {
  OutputInfo& info = mutable_node(output.node).outputs[static_cast<std::size_t>(output.index)];
  info.shape = merge(info.shape, shape);
}

const Tensor* Graph::constant_value(Output output) const {
  if (!output.valid()) return nullptr;
  const Node& source = node(output.node);
  if (source.op->role != Role::kConst) return nullptr;
  return &source.attrs().get<Tensor>("value");
}

std::vector<int> Graph::parameters() const {
  std::vector<int> found;
  for (const Node& node : nodes_) {
    if (node.op->role == Role::kParameter) found.push_back(node.id);
  }
  std::sort(found.begin(), found.end(), [&](int a, int b) {
    return node(a).attrs().integer("index") < node(b).attrs().integer("index");
  });
  return found;
}

}  // namespace tw
