#include "runtime/step_context.h"

#include <algorithm>
#include <cstring>

#include "runtime/frame.h"
#include "runtime/plan.h"
#include "runtime/session_state.h"

namespace tw {
namespace {

constexpr std::size_t kMuch = 16 << 20;

}  // namespace

void StepContext::execute(const Step& step, std::span<const Tensor* const> inputs,
                          std::span<Tensor* const> outputs, std::span<char> scratch) {
  step_ = &step;
  scratch_ = scratch;
  asked_ = most_asked_ = 0;
  node_ = step.node;
  inputs_ = inputs;
  outputs_ = outputs;
  if (!step.known_shapes) infer_outputs();
  step.node->op->cpu_kernel(*this);
  temporaries_.clear();
  for (Tensor* output : outputs) {
    check(output->defined(), Code::kInternal, "an output was not set");
  }
}

// For steps behind an output whose shape depends on data: the shape function, which has the checks
// too, runs again, on the shapes and small integer values that the inputs have in this run.
void StepContext::infer_outputs() {
  constexpr std::int64_t kSmall = 64;
  Graph graph;
  Node node = *node_;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Tensor& value = *inputs_[i];
    if (!value.defined()) continue;
    const bool integer = value.dtype() == DType::kInt32 || value.dtype() == DType::kInt64;
    node.inputs[i] = integer && value.size() <= kSmall
                         ? graph.constant(value.copy())
                         : graph.placeholder(value.dtype(), value.shape());
  }
  for (OutputInfo& info : node.outputs) info = {info.dtype, Shape::unknown(), nullptr};
  const int id = graph.append(std::move(node));
  graph.infer(id);
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    const OutputInfo& info = graph.node(id).outputs[k];
    // An output of known shape may have its place already, which the caller may have given.
    const bool placed = outputs_[k]->defined() && outputs_[k]->shape() == info.shape;
    if (info.shape.fully_known() && !passes_on(*node_->op) && !placed) {
      *outputs_[k] = Tensor::allocate(info.dtype, info.shape, session_.allocator());
    }
  }
}

Tensor& StepContext::allocate_output(int i, const Shape& shape) {
  Tensor& output = *outputs_[static_cast<std::size_t>(i)];
  if (!output.defined() || !(output.shape() == shape)) {
    const DType dtype = node_->outputs[static_cast<std::size_t>(i)].dtype;
    output = Tensor::allocate(dtype, shape, session_.allocator());
  }
  return output;
}

// An output with a planned place is copied there; others share the value's memory when it is theirs
// to keep. Memory of the arena is not: only where the op is an alias does the plan keep it so long.
void StepContext::set_output(int i, Tensor value) {
  Tensor& output = *outputs_[static_cast<std::size_t>(i)];
  if (is_object(value.dtype())) {
    output = std::move(value);
    return;
  }
  if (!output.defined()) {
    const bool lasts = static_cast<bool>(value.buffer()) || node_->op->alias;
    output = lasts ? std::move(value) : value.copy(session_.allocator());
    return;
  }
  check(output.shape() == value.shape(), Code::kInternal, "output ", i, " was planned as ",
        output.shape(), ", the kernel gives ", value.shape());
  if (value.size() > 0 && output.raw() != value.raw()) {
    std::memcpy(output.raw(), value.raw(), value.bytes());
  }
}

void* StepContext::temporary(std::size_t bytes) {
  const std::size_t begin = asked_;
  asked_ += arena_rounded(bytes);
  most_asked_ = std::max(most_asked_, asked_);
  if (asked_ <= scratch_.size()) return scratch_.data() + begin;
  // Only the first runs of a layout come here with much: pooled blocks would add to the peak.
  if (bytes >= kMuch) session_.allocator().trim();
  temporaries_.push_back(session_.allocator().allocate(bytes));
  return temporaries_.back()->data();
}

void StepContext::expect_arena(std::size_t bytes) noexcept {
  most_asked_ = std::max(most_asked_, subgraph_begin_ + arena_rounded(bytes));
}

Allocator& StepContext::allocator() { return session_.allocator(); }

Variable& StepContext::variable(int i) {
  check(input(i).dtype() == DType::kResource, Code::kInternal, "input ", i, " is not a handle");
  return session_.variable(*input(i).data<std::int64_t>());
}

std::uint64_t StepContext::advance_random(std::uint64_t count) {
  check(step_->random != nullptr, Code::kInternal, "a random op must be stateful");
  return step_->random->fetch_add(count, std::memory_order_relaxed);
}

std::vector<Tensor> StepContext::call_host(std::string_view attr, std::span<const Tensor> inputs) {
  const std::int64_t function = attrs().integer(attr);
  check(host_ != nullptr, Code::kFailedPrecondition, "there is no host to call function ", function);
  return host_->call(function, inputs, session_.allocator(), cancellation_);
}

std::vector<Tensor> StepContext::run_subgraph(std::string_view attr,
                                              std::span<const Tensor> inputs,
                                              std::span<const Tensor> outs) {
  const auto found = step_->subplans.find(std::string(attr));
  if (found == step_->subplans.end()) return call_host(attr, inputs);
  RunOptions options;
  options.cancellation = cancellation_;
  options.host = host_;
  options.threads = threads_;
  options.trace = trace_;
  options.depth = depth_ + 1;
  options.lender = this;
  // What the run borrows is free again for the next one, as a loop's next iteration.
  const std::size_t asked = asked_, kept = temporaries_.size();
  subgraph_begin_ = asked;
  std::vector<Tensor> results = found->second->run(inputs, outs, options);
  asked_ = asked;
  temporaries_.resize(kept);
  return results;
}

const void* StepContext::kept_state() noexcept {
  return step_->state.load(std::memory_order_acquire);
}

const void* StepContext::keep_state(std::shared_ptr<const void> state) {
  std::call_once(step_->state_made, [&] {  // the first of overlapping runs wins
    step_->state_owner = std::move(state);
    step_->state.store(step_->state_owner.get(), std::memory_order_release);
  });
  return kept_state();
}

}  // namespace tw
