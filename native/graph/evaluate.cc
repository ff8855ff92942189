#include "graph/evaluate.h"

#include <algorithm>

#include "graph/op_context.h"

namespace tw {
namespace {

class EvaluateContext final : public OpContext {
 public:
  EvaluateContext(const Node& node, std::span<const Tensor> inputs) : results_(node.outputs.size()) {
    node_ = &node;
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
  Variable& variable(int) override { fail(Code::kInternal, "no variables while folding"); }
  std::uint64_t advance_random(std::uint64_t) override {
    fail(Code::kInternal, "no random state while folding");
  }
  std::vector<Tensor> run_subgraph(std::string_view, std::span<const Tensor>,
                                   std::span<const Tensor>) override {
    fail(Code::kInternal, "no subgraphs while folding");
  }

 private:
  const void* kept_state() noexcept override { return state_.get(); }
  const void* keep_state(std::shared_ptr<const void> state) override {
    state_ = std::move(state);
    return state_.get();
  }

  std::vector<Tensor> results_;
  std::vector<const Tensor*> input_list_;
  std::vector<Tensor*> output_list_;
  std::vector<BufferRef> temporaries_;
  std::shared_ptr<const void> state_;
};

}  // namespace

bool can_evaluate(const Node& node) noexcept {
  if (node.op->stateful || node.op->cpu_kernel == nullptr) return false;
  if (node.op->role == Role::kPlaceholder || node.op->role == Role::kParameter) return false;
  return std::none_of(node.op->attrs.begin(), node.op->attrs.end(),
                      [](const AttrDef& attr) { return attr.kind == AttrKind::kGraph; });
}

std::vector<Tensor> evaluate(const Graph& graph, int id, std::span<const Tensor> inputs) {
  const Node& node = graph.node(id);
  try {
    EvaluateContext context(node, inputs);
    node.op->cpu_kernel(context);
    return context.take();
  } catch (const Error& e) {
    throw e.at(node.op->name, node.name);
  }
}

}  // namespace tw
