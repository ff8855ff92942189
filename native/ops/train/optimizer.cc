#include "ops/train/optimizer.h"

#include <algorithm>

#include "ops/state/state.h"

namespace tw {
namespace {

std::vector<Variable*> all_variables(OpContext& c) {
  std::vector<Variable*> found;
  for (int i = 0; i < c.inputs(); ++i) {
    if (c.input(i).dtype() == DType::kResource) found.push_back(&c.variable(i));
  }
  return found;
}

}  // namespace

void optimizer_shape(ShapeContext& c) {
  const Node::Range vars = c.range("vars"), grads = c.range("grads");
  c.with_rank(c.range("learning_rate").first, 0);
  for (int i = 0; i < vars.count; ++i) {
    const Shape declared = handle_shape(c, vars.first + i);
    const Shape& gradient = c.input(grads.first + i);
    check(compatible(declared, gradient), Code::kInvalidArgument,
          "var and grad do not have the same shape: vars[", i, "] is ", declared, ", grads[", i,
          "] is ", gradient);
  }
}

OptimizerStep optimizer_step_of(const OpContext& c, OptimizerRule rule) {
  const double rate = scalar_value(c.input(c.range("learning_rate").first));
  return {.rule = rule, .rate = rate, .keep = 1 - rate * c.attrs().real("weight_decay")};
}

double step_number(const OpContext& c) {
  return static_cast<double>(*c.input(c.range("step").first).data<std::int64_t>()) + 1;
}

OptimizerOperands::OptimizerOperands(OpContext& c, std::initializer_list<const char*> slots)
    : locks_(all_variables(c)), dtype_(c.attrs().dtype("dtype")) {
  for (const char* slot : slots) slot_inputs_.push_back(c.range(slot).first);
  const int count = c.range("vars").count;
  // Everything is checked before anything is written.
  for (int i = 0; i < count; ++i) add_parameter(c, i);
  for (int i = 0; i < count; ++i) {
    const std::int64_t size = parameters_[static_cast<std::size_t>(i)].size;
    for (std::int64_t first = 0; first < size; first += kBlock) {
      blocks_.push_back({i, first, std::min(kBlock, size - first)});
    }
  }
}

DType OptimizerOperands::compute_dtype() const noexcept {
  return dtype_ == DType::kFloat64 ? DType::kFloat64 : DType::kFloat32;
}

void OptimizerOperands::add_parameter(OpContext& c, int i) {
  const Tensor& gradient = c.input(c.range("grads").first + i);
  Variable& variable = c.variable(c.range("vars").first + i);
  Parameter parameter{};
  parameter.value = static_cast<char*>(writable(c, variable, dtype_, gradient).raw());
  parameter.gradient = static_cast<const char*>(gradient.raw());
  parameter.size = gradient.size();
  for (std::size_t k = 0; k < slot_inputs_.size(); ++k) {
    Variable& slot = c.variable(slot_inputs_[k] + i);
    parameter.slots[k] = writable(c, slot, compute_dtype(), gradient).raw();
  }
  parameters_.push_back(parameter);
}

// A value that somebody else holds is copied first.
Tensor& OptimizerOperands::writable(OpContext& c, Variable& variable, DType dtype,
                                    const Tensor& gradient) {
  Tensor& value = locks_.value(variable);
  check_initialized(variable, value);
  check(value.dtype() == dtype && value.shape() == gradient.shape(), Code::kInvalidArgument,
        "Cannot update variable '", variable.name(), "' of ", name_of(value.dtype()), " and shape ",
        value.shape(), " using a gradient of ", name_of(dtype_), " and shape ", gradient.shape());
  if (!value.buffer() || !value.buffer()->unique()) value = value.copy(c.allocator());
  return value;
}

OptimizerOperands::Parameter OptimizerOperands::part(const Block& block) const noexcept {
  Parameter part = parameters_[static_cast<std::size_t>(block.parameter)];
  const auto element = static_cast<std::int64_t>(size_of(dtype_));
  const auto slot_element = static_cast<std::int64_t>(size_of(compute_dtype()));
  part.value += block.first * element;
  part.gradient += block.first * element;
  part.size = block.count;
  for (std::size_t k = 0; k < slot_inputs_.size(); ++k) {
    part.slots[k] = static_cast<char*>(part.slots[k]) + block.first * slot_element;
  }
  return part;
}

void apply_optimizer(OpContext& c, const OptimizerStep& step,
                     std::initializer_list<const char*> slots) {
  const OptimizerOperands operands(c, slots);
  const auto tasks = static_cast<std::int64_t>(operands.blocks().size());
  c.parallel_for(tasks, [&](std::int64_t task, int) {
    const auto part = operands.part(operands.blocks()[static_cast<std::size_t>(task)]);
    optimizer_step(step, operands.dtype(), part.value, part.slots, part.gradient, part.size);
  });
}

}  // namespace tw
