#include <cmath>

#include "graph/op_registry.h"
#include "ops/train/optimizer.h"

namespace tw {
namespace {

void descent_kernel(OpContext& c) {
  apply_optimizer(c, optimizer_step_of(c, OptimizerRule::kDescent), {});
}

void momentum_kernel(OpContext& c) {
  const bool nesterov = c.attrs().flag("use_nesterov");
  OptimizerStep step =
      optimizer_step_of(c, nesterov ? OptimizerRule::kNesterov : OptimizerRule::kMomentum);
  step.first = c.attrs().real("momentum");
  apply_optimizer(c, step, {"accum"});
}

void adagrad_kernel(OpContext& c) {
  OptimizerStep step = optimizer_step_of(c, OptimizerRule::kAdagrad);
  step.epsilon = c.attrs().real("epsilon");
  apply_optimizer(c, step, {"accum"});
}

void adadelta_kernel(OpContext& c) {
  OptimizerStep step = optimizer_step_of(c, OptimizerRule::kAdadelta);
  step.first = c.attrs().real("rho");
  step.epsilon = c.attrs().real("epsilon");
  apply_optimizer(c, step, {"accum", "accum_update"});
}

OptimizerStep rms_step(const OpContext& c, OptimizerRule rule) {
  OptimizerStep step = optimizer_step_of(c, rule);
  step.first = c.attrs().real("rho");
  step.second = c.attrs().real("momentum");
  step.epsilon = c.attrs().real("epsilon");
  return step;
}

void rms_prop_kernel(OpContext& c) {
  apply_optimizer(c, rms_step(c, OptimizerRule::kRmsProp), {"ms", "mom"});
}

void centered_kernel(OpContext& c) {
  apply_optimizer(c, rms_step(c, OptimizerRule::kCentered), {"ms", "mom", "mg"});
}

void adam_kernel(OpContext& c) {
  const bool nesterov = c.attrs().flag("use_nesterov");
  OptimizerStep step =
      optimizer_step_of(c, nesterov ? OptimizerRule::kNadam : OptimizerRule::kAdam);
  step.first = c.attrs().real("beta1");
  step.second = c.attrs().real("beta2");
  step.epsilon = c.attrs().real("epsilon");
  const double t = step_number(c);
  step.rate *= std::sqrt(1 - std::pow(step.second, t)) / (1 - std::pow(step.first, t));
  apply_optimizer(c, step, {"m", "v"});
}

// How far each parameter moves along its direction: rate |p| / |u|, plain rate where either is 0.
std::vector<double> lamb_rates(const OptimizerOperands& operands,
                               const std::vector<LambNorms>& norms, double rate) {
  std::vector<LambNorms> sums(operands.parameters().size());
  for (std::size_t i = 0; i < norms.size(); ++i) {
    LambNorms& sum = sums[static_cast<std::size_t>(operands.blocks()[i].parameter)];
    sum.parameter += norms[i].parameter;
    sum.direction += norms[i].direction;
  }
  std::vector<double> rates;
  for (const LambNorms& sum : sums) {
    const bool zero = sum.parameter == 0 || sum.direction == 0;
    rates.push_back(zero ? rate : rate * std::sqrt(sum.parameter / sum.direction));
  }
  return rates;
}

void lamb_kernel(OpContext& c) {
  check(!c.has_input(c.range("rows").first), Code::kInvalidArgument,
        "Lamb needs the norm of all of a variable, not of rows");
  const OptimizerOperands operands(c, {"m", "v"});
  const Attrs attrs = c.attrs();
  const double t = step_number(c);
  const LambStep step{.first = attrs.real("beta1"),
                      .second = attrs.real("beta2"),
                      .epsilon = attrs.real("epsilon"),
                      .weight_decay = attrs.real("weight_decay"),
                      .first_correction = 1 - std::pow(attrs.real("beta1"), t),
                      .second_correction = 1 - std::pow(attrs.real("beta2"), t)};
  const auto& blocks = operands.blocks();
  const auto tasks = static_cast<std::int64_t>(blocks.size());
  const auto block_bytes =
      static_cast<std::int64_t>(size_of(operands.compute_dtype())) * OptimizerOperands::kBlock;
  char* directions = static_cast<char*>(c.temporary(static_cast<std::size_t>(tasks * block_bytes)));
  std::vector<LambNorms> norms(blocks.size());
  c.parallel_for(tasks, [&](std::int64_t task, int) {
    const auto part = operands.part(blocks[static_cast<std::size_t>(task)]);
    norms[static_cast<std::size_t>(task)] =
        lamb_direction(step, operands.dtype(), part.value, part.slots, part.gradient,
                       directions + task * block_bytes, part.size);
  });
  if (c.cancelled()) return;
  const double rate = optimizer_step_of(c, OptimizerRule::kDescent).rate;
  const std::vector<double> rates = lamb_rates(operands, norms, rate);
  c.parallel_for(tasks, [&](std::int64_t task, int) {
    const auto& block = blocks[static_cast<std::size_t>(task)];
    const auto part = operands.part(block);
    lamb_move(rates[static_cast<std::size_t>(block.parameter)], operands.dtype(), part.value,
              directions + task * block_bytes, part.size);
  });
}

void ftrl_kernel(OpContext& c) {
  OptimizerStep step = optimizer_step_of(c, OptimizerRule::kFtrl);
  step.first = c.attrs().real("l1");
  step.second = c.attrs().real("l2");
  apply_optimizer(c, step, {"accum", "linear"});
}

}  // namespace

// What stands behind the slots of every op here.
#define TW_OPTIMIZER                                                                        \
  internal()                                                                                \
      .input("learning_rate: Trate").input("grads: N * dtype").input("rows?: int64")        \
      .attr("N: int >= 1").attr("dtype: floating").attr("Trate: float32|float64 = float32") \
      .attr("weight_decay: float = 0")                                                      \
      .shape(optimizer_shape)                                                               \
      .no_gradient("no outputs")                                                            \
      .role(Role::kWrite)                                                                   \
      .stateful()

OP(MultiApplyGradientDescent)
    .doc("A step of gradient descent for all variables at once.")
    .input("vars: N * resource")
    .TW_OPTIMIZER
    .kernel(Device::kCpu, descent_kernel);

OP(MultiApplyMomentum)
    .doc("A step of gradient descent with momentum, or Nesterov's, for all variables at once.")
    .input("vars: N * resource").input("accum: N * resource")
    .TW_OPTIMIZER
    .attr("momentum: float = 0.9").attr("use_nesterov: bool = false")
    .kernel(Device::kCpu, momentum_kernel);

OP(MultiApplyAdagrad)
    .doc("A step of Adagrad for all variables at once.")
    .input("vars: N * resource").input("accum: N * resource")
    .TW_OPTIMIZER
    .attr("epsilon: float = 0")
    .kernel(Device::kCpu, adagrad_kernel);

OP(MultiApplyAdadelta)
    .doc("A step of Adadelta for all variables at once.")
    .input("vars: N * resource").input("accum: N * resource").input("accum_update: N * resource")
    .TW_OPTIMIZER
    .attr("rho: float = 0.95").attr("epsilon: float = 1e-8")
    .kernel(Device::kCpu, adadelta_kernel);

OP(MultiApplyRMSProp)
    .doc("A step of RMSProp for all variables at once.")
    .input("vars: N * resource").input("ms: N * resource").input("mom: N * resource")
    .TW_OPTIMIZER
    .attr("rho: float = 0.9").attr("momentum: float = 0").attr("epsilon: float = 1e-10")
    .kernel(Device::kCpu, rms_prop_kernel);

OP(MultiApplyCenteredRMSProp)
    .doc("A step of RMSProp with the variance of the gradients, for all variables at once.")
    .input("vars: N * resource")
    .input("ms: N * resource").input("mom: N * resource").input("mg: N * resource")
    .TW_OPTIMIZER
    .attr("rho: float = 0.9").attr("momentum: float = 0").attr("epsilon: float = 1e-10")
    .kernel(Device::kCpu, centered_kernel);

OP(MultiApplyAdam)
    .doc("A step of Adam, number step + 1, for all variables at once.")
    .input("vars: N * resource").input("m: N * resource").input("v: N * resource")
    .input("step: int64")
    .TW_OPTIMIZER
    .attr("beta1: float = 0.9").attr("beta2: float = 0.999").attr("epsilon: float = 1e-8")
    .attr("use_nesterov: bool = false")
    .kernel(Device::kCpu, adam_kernel);

OP(MultiApplyLamb)
    .doc("A step of Lamb, number step + 1, for all variables at once; weight decay is part of the "
         "direction.")
    .input("vars: N * resource").input("m: N * resource").input("v: N * resource")
    .input("step: int64")
    .TW_OPTIMIZER
    .attr("beta1: float = 0.9").attr("beta2: float = 0.999").attr("epsilon: float = 1e-6")
    .kernel(Device::kCpu, lamb_kernel);

OP(MultiApplyFtrl)
    .doc("A step of FTRL-proximal with a learning rate power of -1/2, for all variables at once.")
    .input("vars: N * resource").input("accum: N * resource").input("linear: N * resource")
    .TW_OPTIMIZER
    .attr("l1: float = 0").attr("l2: float = 0")
    .kernel(Device::kCpu, ftrl_kernel);

#undef TW_OPTIMIZER

}  // namespace tw
