#include "graph/heap_context.h"

namespace tw {

HeapContext::HeapContext(const Node& node, std::span<const Tensor> inputs)
    : results_(node.outputs.size()) {
  node_ = &node;
  for (const Tensor& input : inputs) {
    input.raw();  // kernels cannot say that there is no memory for the elements
    input_list_.push_back(&input);
  }
  for (Tensor& result : results_) output_list_.push_back(&result);
  inputs_ = input_list_;
  outputs_ = output_list_;
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    const OutputInfo& info = node.outputs[i];
    if (info.shape.fully_known()) results_[i] = Tensor::allocate(info.dtype, info.shape);
  }
}

std::vector<Tensor> HeapContext::run() {
  try {
    node_->op->cpu_kernel(*this);
  } catch (const Error& e) {
    throw e.at(node_->op->name, node_->name);
  }
  return std::move(results_);
}

Tensor& HeapContext::allocate_output(int i, const Shape& shape) {
  Tensor& result = results_[static_cast<std::size_t>(i)];
  if (!result.defined() || !(result.shape() == shape)) {
    result = Tensor::allocate(node_->outputs[static_cast<std::size_t>(i)].dtype, shape);
  }
  return result;
}

void HeapContext::set_output(int i, Tensor value) {
  results_[static_cast<std::size_t>(i)] = std::move(value);
}

void* HeapContext::temporary(std::size_t bytes) {
  temporaries_.push_back(heap_allocator().allocate(bytes));
  return temporaries_.back()->data();
}

Variable& HeapContext::variable(int) { fail(Code::kInternal, "no variables without a session"); }

std::uint64_t HeapContext::advance_random(std::uint64_t) {
  fail(Code::kInternal, "no random state without a session");
}

std::vector<Tensor> HeapContext::run_subgraph(std::string_view, std::span<const Tensor>,
                                              std::span<const Tensor>) {
  fail(Code::kInternal, "no subgraphs without a session");
}

const void* HeapContext::keep_state(std::shared_ptr<const void> state) {
  state_ = std::move(state);
  return state_.get();
}

}  // namespace tw
