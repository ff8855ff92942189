#include "graph_runner.h"

#include "graph/op_context.h"

namespace tw::test {

class RunnerContext final : public OpContext {
 public:
  RunnerContext(GraphRunner& runner, const Node& node, std::span<const Tensor> inputs)
      : runner_(runner), results_(node.outputs.size()) {
    node_ = &node;
    threads_ = runner.threads_;
    for (const Tensor& input : inputs) input_list_.push_back(&input);
    for (Tensor& result : results_) output_list_.push_back(&result);
    inputs_ = input_list_;
    outputs_ = output_list_;
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const OutputInfo& info = node.outputs[i];
      if (info.shape.fully_known()) results_[i] = Tensor::allocate(info.dtype, info.shape);
    }
  }
  std::vector<Tensor> take() { return std::move(results_); }

  Tensor& allocate_output(int i, const Shape& shape) override {
    Tensor& result = results_[static_cast<std::size_t>(i)];
    if (!result.defined() || !(result.shape() == shape)) {
      result = Tensor::allocate(node_->outputs[static_cast<std::size_t>(i)].dtype, shape);
    }
    return result;
  }
  void set_output(int i, Tensor value) override {
    results_[static_cast<std::size_t>(i)] = std::move(value);
  }
  void* temporary(std::size_t bytes) override {
    temporaries_.push_back(heap_allocator().allocate(bytes));
    return temporaries_.back()->data();
  }
  Allocator& allocator() override { return heap_allocator(); }
  Variable& variable(int i) override {
    return *runner_.session_.variables.at(*input(i).data<std::int64_t>());
  }
  std::uint64_t advance_random(std::uint64_t count) override {
    std::uint64_t& counter = runner_.session_.random[node_];
    return std::exchange(counter, counter + count);
  }
  std::vector<Tensor> run_subgraph(std::string_view attr,
                                   std::span<const Tensor> inputs,
                                   std::span<const Tensor>) override {
    const GraphRef& graph = attrs().get<GraphRef>(attr);
    return runner_.run(*graph, graph->results, {}, inputs);
  }

 private:
  const void* kept_state() noexcept override { return state_.get(); }
  const void* keep_state(std::shared_ptr<const void> state) override {
    state_ = std::move(state);
    return state_.get();
  }

  GraphRunner& runner_;
  std::vector<Tensor> results_;
  std::vector<const Tensor*> input_list_;
  std::vector<Tensor*> output_list_;
  std::vector<BufferRef> temporaries_;
  std::shared_ptr<const void> state_;
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
    RunnerContext context(*this, node, inputs);
    try {
      node.op->cpu_kernel(context);
    } catch (const Error& e) {
      throw e.at(node.op->name, node.name);
    }
    results = context.take();
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
