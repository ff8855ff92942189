#include "graph/op_registry.h"
#include "ops/state/state.h"

namespace tw {
namespace {

void descent_shape(ShapeContext& c) {
  c.with_rank(0, 0);
  c.with_rank(1, 0);
  const Shape declared = handle_shape(c, 0);
  check(compatible(declared, c.input(2)), Code::kInvalidArgument,
        "var and delta do not have the same shape: ", declared, " and ", c.input(2));
}

void descent_kernel(OpContext& c) {
  check(c.input(1).size() == 1, Code::kInvalidArgument, "alpha is not a scalar: ",
        c.input(1).shape());
  update_variable(c, Update::kDescend, c.input(2), scalar_value(c.input(1)));
}

}  // namespace

OP(ResourceApplyGradientDescent)
    .doc("variable -= alpha * delta, in one pass.")
    .internal()
    .input("var: resource").input("alpha: dtype").input("delta: dtype")
    .attr("dtype: floating").attr("use_locking: bool = false")
    .shape(descent_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, descent_kernel);

}  // namespace tw
