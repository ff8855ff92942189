#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

// Scalars go with every element.
void join_shape(ShapeContext& c) {
  Shape shape{};
  for (int i = 0; i < c.inputs(); ++i) {
    const Shape& input = c.input(i);
    if (input.has_rank() && input.rank() == 0) continue;
    const bool first = shape.has_rank() && shape.rank() == 0;
    check(first || compatible(shape, input), Code::kInvalidArgument,
          "the inputs must have one shape or rank 0, got ", shape, " and ", input);
    shape = first ? input : merge(shape, input);
  }
  c.set_output(0, shape);
}

void join_kernel(OpContext& c) {
  Shape shape{};
  for (int i = 0; i < c.inputs(); ++i) {
    const Shape& input = c.input(i).shape();
    if (input.rank() == 0) continue;
    check(shape.rank() == 0 || shape == input, Code::kInvalidArgument,
          "the inputs must have one shape or rank 0, got ", shape, " and ", input);
    shape = input;
  }
  const bool separated = c.attrs().given("separator");
  const std::string separator = separated ? c.attrs().get<std::string>("separator") : "";
  Tensor& y = c.allocate_output(0, shape);
  for (std::int64_t at = 0; at < y.size(); ++at) {
    std::string joined;
    for (int i = 0; i < c.inputs(); ++i) {
      if (i > 0) joined += separator;
      joined += c.input(i).data<std::string>()[c.input(i).rank() == 0 ? 0 : at];
    }
    y.mutable_data<std::string>()[at] = std::move(joined);
  }
}

}  // namespace

OP(StringJoin)
    .doc("The elements of the inputs one after the other, with the separator between them. Inputs of "
         "rank 0 go with every element of the others.")
    .input("inputs: N * string").output("output: string")
    .attr("N: int >= 1").attr("separator: string?")
    .shape(join_shape)
    .no_gradient("string output")
    .kernel(Device::kCpu, join_kernel);

}  // namespace tw
