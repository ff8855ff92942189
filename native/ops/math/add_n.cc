#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/elementwise.h"

namespace tw {
namespace {

constexpr int kGroup = 32;

void add_n_shape(ShapeContext& c) {
  Shape shape = c.input(0);
  for (int i = 1; i < c.inputs(); ++i) shape = merge(shape, c.input(i));
  c.set_output(0, shape);
}

// Sums in order, kGroup inputs at a time; later groups begin with what the output holds.
tile::ProgramRef sum_program(DType dtype, int count) {
  tile::Builder builder(tile::domain_of(storage_of(dtype)));
  tile::Value sum = builder.add_input(storage_of(dtype));
  for (int i = 1; i < count; ++i) {
    sum = builder.emit(tile::kAdd, sum, builder.add_input(storage_of(dtype)));
  }
  builder.add_output(sum, storage_of(dtype));
  return builder.finish();
}

void add_n_kernel(OpContext& c) {
  const Tensor& first = c.input(0);
  for (int i = 1; i < c.inputs(); ++i) {
    check(c.input(i).shape() == first.shape(), Code::kInvalidArgument,
          "Inputs to operation AddN must have the same shape: ", first.shape(), " and ",
          c.input(i).shape());
  }
  const int count = c.inputs();
  const int group = std::min(count, kGroup);
  run_program(c, *sum_program(first.dtype(), group), 0, group);
  for (int at = group; at < count; at += kGroup) {
    const int more = std::min(count - at, kGroup);
    run_program_onto(c, *sum_program(first.dtype(), more + 1), at, more);
  }
}

}  // namespace

OP(AddN)
    .doc("The sum of all inputs, which have the same shape, in the order given.")
    .input("inputs: N * T").output("sum: T").attr("N: int >= 1").attr("T: numeric")
    .shape(add_n_shape)
    .in_place(0, 0)
    .gradient([](GradientContext& g) {
      for (int i = 0; i < g.inputs(); ++i) g.input(i) = g.output_grad(0);
    })
    .kernel(Device::kCpu, add_n_kernel);

}  // namespace tw
