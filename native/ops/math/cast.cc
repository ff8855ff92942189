#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/array/inference.h"
#include "ops/math/cast_narrow.h"
#include "ops/math/elementwise.h"

namespace tw {
namespace {

// The result is rounded once, from the dtype that holds the source exactly where there is one.
void cast_kernel(OpContext& c) {
  const DType from = c.input(0).dtype(), to = c.node().outputs[0].dtype;
  if (is_narrow(from) || is_narrow(to)) return cast_narrow(c);
  const auto& program = c.prepared<tile::ProgramRef>([&] {
    const DType computed = to == DType::kBool ? from : to;
    tile::Builder builder(tile::domain_of(storage_of(computed)));
    builder.add_output(builder.add_input(storage_of(from)), storage_of(to));
    return builder.finish();
  });
  run_program(c, *program, 0, 1);
}

// Shapes go through casts between the two dtypes that spell them.
void cast_value(ShapeContext& c) {
  const auto spells = [](DType d) { return d == DType::kInt32 || d == DType::kInt64; };
  const DType to = c.node().outputs[0].dtype;
  if (!spells(c.dtype(0)) || !spells(to)) return;
  auto values = small_values(c, 0);
  if (!values) return;
  for (std::int64_t& value : *values) {
    if (to == DType::kInt32 && value != static_cast<std::int32_t>(value)) value = kUnknownValue;
  }
  c.set_value(0, std::move(*values));
}

}  // namespace

OP(Cast)
    .doc("x in another dtype. Floats lose their fraction on the way to integers, which wrap when\n"
         "they are narrowed; bool is whether x is not 0. A float beyond the range of an integer\n"
         "dtype gives an unspecified value. Floats of 8 bits and less are rounded to the nearest,\n"
         "ties to even; beyond their range they become the largest number when saturate is true, else\n"
         "infinity or NaN. float8_e8m0fnu takes the magnitude to a power of two as scale_round says.")
    .input("x: SrcT").output("y: DstT").attr("SrcT: real|narrow").attr("DstT: real|narrow")
    .attr("Truncate: bool = false").attr("saturate: bool = false")
    .attr("scale_round: {nearest, up, down} = nearest")
    .shape(same_shape).value(cast_value)
    .gradient([](GradientContext& g) {
      const DType from = g.info(g.input_value(0)).dtype;
      if (!is_floating(from) || !is_floating(g.info(g.output_value(0)).dtype)) return;
      g.input(0) = g.op("Cast", {g.output_grad(0)}, {{"DstT", from}});
    })
    .kernel(Device::kCpu, cast_kernel);

}  // namespace tw
