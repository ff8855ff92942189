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
  const bool by_rows = c.has_input(c.range("rows").first);
  check(!by_rows || vars.count == 1, Code::kInvalidArgument, "rows are those of one variable, not of ",
        vars.count);
  if (by_rows) c.with_rank(c.range("rows").first, 1);
  for (int i = 0; i < vars.count && !by_rows; ++i) {
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
  const int rows = c.range("rows").first;
  by_rows_ = c.has_input(rows);
  // Everything is checked before anything is written.
  for (int i = 0; i < count; ++i) add_parameter(c, i);
  if (by_rows_) {
    add_rows(c.input(rows), c.input(c.range("grads").first));
    return;
  }
  for (int i = 0; i < count; ++i) {
    const std::int64_t size = parameters_[static_cast<std::size_t>(i)].size;
    for (std::int64_t first = 0; first < size; first += kBlock) {
      blocks_.push_back({i, first, std::min(kBlock, size - first), first});
    }
  }
}

// Blocks of rows, each within one row. That rows ascend keeps blocks apart.
void OptimizerOperands::add_rows(const Tensor& rows, const Tensor& gradient) {
  const std::int64_t size = gradient.shape().size(1, gradient.rank());
  const std::vector<std::int64_t> numbers = rows.to_int64s();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    check(numbers[i] >= 0 && numbers[i] < rows_of_value_ && (i == 0 || numbers[i] > numbers[i - 1]),
          Code::kInvalidArgument, "rows[", i, "] = ", numbers[i],
          " is not in ascending order in [0, ", rows_of_value_, ")");
    const std::int64_t from = static_cast<std::int64_t>(i) * size;
    for (std::int64_t first = 0; first < size; first += kBlock) {
      blocks_.push_back(
          {0, numbers[i] * size + first, std::min(kBlock, size - first), from + first});
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
  Shape wanted = gradient.shape();
  if (by_rows_ && wanted.rank() > 0 && value.rank() > 0) {
    check(gradient.dim(0) == c.input(c.range("rows").first).size(), Code::kInvalidArgument,
          "the gradient has ", gradient.dim(0), " rows, not as many as rows says");
    wanted[0] = rows_of_value_ = value.dim(0);
  }
  check(value.dtype() == dtype && value.shape() == wanted, Code::kInvalidArgument,
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
  part.gradient += block.gradient_first * element;
  part.size = block.count;
  for (std::size_t k = 0; k < slot_inputs_.size(); ++k) {
    part.slots[k] = static_cast<char*>(part.slots[k]) + block.first * slot_element;
  }
  return part;
}

void apply_optimizer(OpContext& c, const OptimizerStep& step,
                     std::initializer_list<const char*> slots) {
  const OptimizerOperands operands(c, slots);
  const auto& blocks = operands.blocks();
  // Blocks of rows may be short.
  const std::size_t together = operands.by_rows() ? 64 : 1;
  const auto tasks = static_cast<std::int64_t>((blocks.size() + together - 1) / together);
  c.parallel_for(tasks, [&](std::int64_t task, int) {
    const std::size_t first = static_cast<std::size_t>(task) * together;
    for (std::size_t i = first; i < std::min(first + together, blocks.size()); ++i) {
      const auto part = operands.part(blocks[i]);
      optimizer_step(step, operands.dtype(), part.value, part.slots, part.gradient, part.size);
    }
  });
}

}  // namespace tw
