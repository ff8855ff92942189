#include "graph_runner.h"

#include "graph/heap_context.h"

namespace tw::test {

class RunnerContext final : public HeapContext {
 public:
  RunnerContext(GraphRunner& runner, const Node& node, std::span<const Tensor> inputs)
      : HeapContext(node, inputs), runner_(runner) {
    threads_ = runner.threads_;
  }

  Variable& variable(int i) override {
    return *runner_.session_.variables.at(*input(i).data<std::int64_t>());
  }
  std::uint64_t advance_random(std::uint64_t count) override {
    std::uint64_t& counter = runner_.session_.random[node_];
    return std::exchange(counter, counter + count);
  }
  std::vector<Tensor> run_subgraph(std::string_view attr, std::span<const Tensor> inputs,
                                   std::span<const Tensor>) override {
    const GraphRef& graph = attrs().get<GraphRef>(attr);
    return runner_.run(*graph, graph->results, {}, inputs);
  }

 private:
  GraphRunner& runner_;
};

namespace {

std::vector<bool> needed_nodes(const Graph& graph, const std::vector<Output>& fetches,
                               const std::vector<int>& targets) {
  std::vector<bool> needed(static_cast<std::size_t>(graph.size()));
  for (Output fetch : fetches) needed[static_cast<std::size_t>(fetch.node)] = true;
  for (int target : targets) needed[static_cast<std::size_t>(target)] = true;
  for (int id = graph.size() - 1; id >= 0; --id) {
    if (!needed[static_cast<std::size_t>(id)]) continue;
    for (Output in : graph.node(id).inputs) {
      if (in.valid()) needed[static_cast<std::size_t>(in.node)] = true;
    }
    for (int control : graph.node(id).controls) needed[static_cast<std::size_t>(control)] = true;
  }
  return needed;
}

}  // namespace

std::vector<Tensor> GraphRunner::run(const std::vector<Output>& fetches,
                                     const std::vector<int>& targets) {
  return run(graph_, fetches, targets, {});
}

std::vector<Tensor> GraphRunner::run(const Graph& graph, const std::vector<Output>& fetches,
                                     const std::vector<int>& targets,
                                     std::span<const Tensor> parameters) {
  const std::vector<bool> needed = needed_nodes(graph, fetches, targets);
  std::vector<std::vector<Tensor>> values(static_cast<std::size_t>(graph.size()));
  for (int id = 0; id < graph.size(); ++id) {
    if (!needed[static_cast<std::size_t>(id)]) continue;
    const Node& node = graph.node(id);
    std::vector<Tensor>& results = values[static_cast<std::size_t>(id)];
    if (node.op->role == Role::kParameter) {
      results = {parameters[static_cast<std::size_t>(node.attrs().integer("index"))]};
      continue;
    }
    if (node.op->role == Role::kVariable) {
      const std::string& name = variable_name(node);
      auto& variable = session_.variables[variable_key(name)];
      if (!variable) variable = std::make_unique<Variable>(name, node.attrs().get<Shape>("shape"));
    }
    std::vector<Tensor> inputs;
    for (Output in : node.inputs) {
      inputs.push_back(in.valid() ? values[static_cast<std::size_t>(in.node)]
                                          [static_cast<std::size_t>(in.index)]
                                  : Tensor());
    }
    results = RunnerContext(*this, node, inputs).run();
  }
  std::vector<Tensor> found;
  for (Output fetch : fetches) {
    found.push_back(values[static_cast<std::size_t>(fetch.node)]
                          [static_cast<std::size_t>(fetch.index)]);
  }
  return found;
}

Tensor floats(const Shape& shape, const std::vector<float>& values) {
  return Tensor::of<float>(shape, std::span<const float>(values));
}

std::vector<float> to_floats(const Tensor& tensor) {
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

}  // namespace tw::test
