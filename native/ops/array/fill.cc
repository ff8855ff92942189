#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void fill_shape(ShapeContext& c) {
  c.with_rank(0, 1);
  c.with_rank(1, 0);
  c.set_output(0, c.shape_from(0));
}

void fill_value(ShapeContext& c) {
  const auto value = small_values(c, 1);
  const Shape& y = c.output(0);
  if (!value || !y.fully_known() || y.size() > kMaxRank) return;
  c.set_value(0, PartialValue(static_cast<std::size_t>(y.size()), value->front()));
}

void fill_kernel(OpContext& c) {
  const Tensor& value = c.input(1);
  check(value.rank() == 0, Code::kInvalidArgument, "value must be a scalar, got shape ",
        value.shape());
  Tensor& y = c.allocate_output(0, shape_of_dims(index_list(c.input(0), "dims"), "dims"));
  fill_elements(c, y.dtype(), y.raw(), y.size(), value.raw());
}

// dvalue is the sum of all.
void fill_gradient(GradientContext& g) {
  g.input(1) = g.op("SumTo", {g.output_grad(0), g.int_vector({})});
}

void zeros_kernel(OpContext& c) {
  Tensor& y = c.allocate_output(0, c.input(0).shape());
  fill_elements(c, y.dtype(), y.raw(), y.size(), nullptr);
}

void ones_kernel(OpContext& c) {
  Tensor& y = c.allocate_output(0, c.input(0).shape());
  const auto fill = [&](const auto& one) { fill_elements(c, y.dtype(), y.raw(), y.size(), &one); };
  switch (y.dtype()) {
    case DType::kBool: return fill(true);
    case DType::kComplex64: return fill(Complex64{1, 0});
    case DType::kComplex128: return fill(Complex128{1, 0});
    case DType::kFloat16: return fill(to_half(1));
    case DType::kBFloat16: return fill(to_bfloat16(1));
    case DType::kFloat32: return fill(1.0f);
    case DType::kFloat64: return fill(1.0);
    default:
      return visit_numeric(y.dtype(), [&]<class T>() {
        if constexpr (std::is_integral_v<T>) fill(T{1});
      });
  }
}

}  // namespace

OP(Fill)
    .doc("A tensor of shape dims with the scalar value everywhere.")
    .input("dims: index_type").input("value: T").output("output: T")
    .attr("T: any").attr("index_type: int32|int64 = int32")
    .shape(fill_shape).value(fill_value)
    .gradient(fill_gradient)
    .kernel(Device::kCpu, fill_kernel);

OP(ZerosLike)
    .doc("Zeros (false, empty strings) of the shape and dtype of x.")
    .input("x: T").output("y: T").attr("T: any")
    .shape(same_shape)
    .no_gradient("constant output")
    .kernel(Device::kCpu, zeros_kernel);

OP(OnesLike)
    .doc("Ones (true) of the shape and dtype of x.")
    .input("x: T").output("y: T").attr("T: real|complex64|complex128")
    .shape(same_shape)
    .no_gradient("constant output")
    .kernel(Device::kCpu, ones_kernel);

}  // namespace tw
