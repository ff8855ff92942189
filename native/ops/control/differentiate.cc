#include "ops/control/differentiate.h"

#include "ops/control/subgraph.h"

namespace tw {
namespace {

bool is_number(DType dtype) { return is_floating(dtype) || is_complex(dtype); }

// Whether there are any.
bool visit_subgraphs(const Node& node, void (*visit)(const Graph&)) {
  bool found = false;
  for (const AttrValue& value : node.attr_values) {
    const GraphRef* graph = std::get_if<GraphRef>(&value);
    if (graph == nullptr || *graph == nullptr) continue;
    visit(**graph);
    found = true;
  }
  return found;
}

}  // namespace

void check_repeatable(const Graph& graph) {
  std::vector<bool> seen(static_cast<std::size_t>(graph.size()));
  std::vector<int> next;
  for (Output result : graph.results) next.push_back(result.node);
  while (!next.empty()) {
    const int id = next.back();
    next.pop_back();
    if (seen[static_cast<std::size_t>(id)]) continue;
    seen[static_cast<std::size_t>(id)] = true;
    const Node& node = graph.node(id);
    const Role role = node.op->role;
    const bool holds_graph = visit_subgraphs(node, check_repeatable);
    const bool harmless = holds_graph || role == Role::kRead || role == Role::kVariable || node.outputs.empty();
    check(!node.op->stateful || (harmless && role != Role::kWrite), Code::kUnimplemented,
          "the gradient would run '", node.name, "' (op type: ", node.op->name,
          ") a second time; take it out of the branch, the loop or what is recomputed");
    for (Output in : node.inputs) {
      if (in.valid()) next.push_back(in.node);
    }
    next.insert(next.end(), node.controls.begin(), node.controls.end());
  }
}

bool carries_gradients(DType dtype) { return is_number(dtype) || dtype == DType::kResource; }

SubgraphGradient::SubgraphGradient(const Graph& subgraph, const std::vector<int>& ys)
    : graph_(subgraph.open_copy()), parameters_(subgraph.parameters()) {
  given_ = static_cast<int>(parameters_.size());
  std::vector<Output> of, xs;
  GradientOptions options;
  for (int k : ys) {
    of.push_back(subgraph.results[static_cast<std::size_t>(k)]);
    const OutputInfo& info = subgraph.info(of.back());
    options.grad_ys.push_back(add_parameter(info.dtype, info.shape));
  }
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Output x = parameter(static_cast<int>(i));
    if (!carries_gradients(subgraph.info(x).dtype)) continue;
    xs.push_back(x);
    places.push_back(i);
  }
  const std::vector<Output> found = gradients(*graph_, of, xs, options);
  of_parameter_.resize(parameters_.size());
  for (std::size_t k = 0; k < found.size(); ++k) of_parameter_[places[k]] = found[k];
}

Output SubgraphGradient::of_parameter(int i, DType dtype) {
  if (reaches(i)) return of_parameter_[static_cast<std::size_t>(i)];
  Output value = parameter(i);
  if (graph_->info(value).dtype == DType::kResource) {
    value = add("ReadVariableOp", {value}, {{"dtype", dtype}});
  }
  return add("ZerosLike", {value});
}

Output SubgraphGradient::accumulated(Output value) {
  const OutputInfo& info = graph_->info(value);
  return add("AddV2", {value, add_parameter(info.dtype, info.shape)});
}

Output SubgraphGradient::sum(const std::vector<Output>& values) {
  return values.size() == 1 ? values[0] : add("AddN", values);
}

Output SubgraphGradient::shaped(Output value, const Shape& shape) {
  if (covers(shape, graph_->info(value).shape)) return value;
  return add("EnsureShape", {value}, {{"shape", shape}});
}

GraphRef SubgraphGradient::finish(std::vector<Output> results) {
  graph_->results = std::move(results);
  check_repeatable(*graph_);
  graph_->finalize();
  return graph_;
}

Output SubgraphGradient::add_parameter(DType dtype, const Shape& shape) {
  return add("Parameter", {},
             {{"index", std::int64_t{given_++}}, {"dtype", dtype}, {"shape", shape}});
}

Output SubgraphGradient::add(const char* op, std::vector<Output> inputs, AttrMap attrs) {
  const std::string name = text("gradients/", op);
  return {graph_->add({op, name, std::move(inputs), {}, std::move(attrs), ""}), 0};
}

}  // namespace tw
