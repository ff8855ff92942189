#pragma once

#include "graph/op_context.h"
#include "graph/shape_context.h"
#include "kernels/optimizer.h"

namespace tw {

// Ops that move all parameters of an optimizer at once. Their arguments have common names: `vars`
// and the slots are lists of N handles, `learning_rate` is a scalar, `step` (where there is one)
// the number of steps done before, `grads` has the gradients. With `rows`, N is 1 and the gradient
// has these rows of the variable only, in ascending order; the others and their slots stay.

// Checks the gradients against the declared shapes of the variables.
void optimizer_shape(ShapeContext& c);

// The rate and what weight decay leaves of a parameter; rules add their constants.
OptimizerStep optimizer_step_of(const OpContext& c, OptimizerRule rule);
// Of the step that is being done, from 1 on.
double step_number(const OpContext& c);

// All parameters and slots of one run of an op, locked, checked and ready to be written.
class OptimizerOperands {
 public:
  OptimizerOperands(OpContext& c, std::initializer_list<const char*> slots);

  struct Parameter {
    char* value;
    void* slots[3];
    const char* gradient;
    std::int64_t size;
  };
  const std::vector<Parameter>& parameters() const noexcept { return parameters_; }
  DType dtype() const noexcept { return dtype_; }
  bool by_rows() const noexcept { return by_rows_; }
  // That of the slots and of what is computed.
  DType compute_dtype() const noexcept;

  // Blocks of parameters are fixed, whatever the number of threads.
  static constexpr std::int64_t kBlock = 1 << 14;
  struct Block {
    int parameter;
    std::int64_t first, count;
    std::int64_t gradient_first;
  };
  const std::vector<Block>& blocks() const noexcept { return blocks_; }
  // The operands of the block's elements.
  Parameter part(const Block& block) const noexcept;

 private:
  void add_parameter(OpContext& c, int i);
  void add_rows(const Tensor& rows, const Tensor& gradient);
  Tensor& writable(OpContext& c, Variable& variable, DType dtype, const Tensor& gradient);

  VariableLocks locks_;
  std::vector<int> slot_inputs_;
  DType dtype_;
  bool by_rows_ = false;
  std::int64_t rows_of_value_ = 0;
  std::vector<Parameter> parameters_;
  std::vector<Block> blocks_;
};

// One step of an elementwise rule.
void apply_optimizer(OpContext& c, const OptimizerStep& step,
                     std::initializer_list<const char*> slots);

}  // namespace tw
