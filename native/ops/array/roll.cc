#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void roll_shape(ShapeContext& c) {
  c.with_rank_at_least(0, 1);
  for (int i = 1; i < 3; ++i) {
    check(!c.input(i).has_rank() || c.input(i).rank() <= 1, Code::kInvalidArgument,
          i == 1 ? "shift" : "axis", " must be a scalar or a vector, got shape ", c.input(i));
  }
  c.set_output(0, c.input(0));
}

// Each rolled axis is two runs.
void copy_parts(OpContext& c, const Tensor& x, Tensor& y, const std::vector<std::int64_t>& shifts,
                std::vector<MoveAxis>& axes, std::int64_t to, std::int64_t from) {
  const std::size_t axis = axes.size();
  if (axis == shifts.size()) {
    return move_elements(c, x.dtype(), element(y, to), element(x, from), axes);
  }
  const std::int64_t dim = x.dim(static_cast<int>(axis)), shift = shifts[axis];
  const std::int64_t step = x.shape().strides()[axis];
  axes.push_back({dim - shift, step, step});
  copy_parts(c, x, y, shifts, axes, to + shift * step, from);
  axes.pop_back();
  if (shift == 0) return;
  axes.push_back({shift, step, step});
  copy_parts(c, x, y, shifts, axes, to, from + (dim - shift) * step);
  axes.pop_back();
}

void roll_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const auto shift = index_list(c.input(1), "shift"), axis = index_list(c.input(2), "axis");
  check(shift.size() == axis.size(), Code::kInvalidArgument,
        "shift and axis must have the same size, got ", shift.size(), " and ", axis.size());
  Tensor& y = c.allocate_output(0, x.shape());
  std::vector<std::int64_t> shifts(static_cast<std::size_t>(x.rank()));
  for (std::size_t i = 0; i < axis.size(); ++i) {
    const int a = normal_axis(axis[i], x.rank());
    const std::int64_t dim = std::max<std::int64_t>(x.dim(a), 1);
    std::int64_t& sum = shifts[static_cast<std::size_t>(a)];
    sum = ((sum + shift[i] % dim) % dim + dim) % dim;
  }
  if (x.size() == 0) return;
  std::vector<MoveAxis> axes;
  copy_parts(c, x, y, shifts, axes, 0, 0);
}

}  // namespace

OP(Roll)
    .doc("Moves the elements by shift[i] places along axis[i], cyclically; an axis that comes "
         "twice is moved by the sum.")
    .input("input: T").input("shift: Tshift").input("axis: Taxis").output("output: T")
    .attr("T: any").attr("Tshift: int32|int64 = int32").attr("Taxis: int32|int64 = int32")
    .shape(roll_shape)
    .gradient([](GradientContext& g) {
      const Output back = g.op("Neg", {g.input_value(1)});
      g.input(0) = g.op("Roll", {g.output_grad(0), back, g.input_value(2)});
    })
    .kernel(Device::kCpu, roll_kernel);

}  // namespace tw
