#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

PartialValue dims_as_values(const Shape& shape) {
  PartialValue values;
  for (std::int64_t dim : shape.dims()) values.push_back(dim == kUnknownDim ? kUnknownValue : dim);
  return values;
}

void shape_shape(ShapeContext& c) {
  for (int i = 0; i < c.outputs(); ++i) {
    const Shape& input = c.input(i);
    c.set_output(i, Shape{input.has_rank() ? input.rank() : kUnknownDim});
  }
}

void shape_value(ShapeContext& c) {
  for (int i = 0; i < c.outputs(); ++i) {
    if (c.input(i).has_rank()) c.set_value(i, dims_as_values(c.input(i)));
  }
}

void size_value(ShapeContext& c) {
  if (c.input(0).fully_known()) c.set_value(0, {c.input(0).size()});
}

void rank_value(ShapeContext& c) {
  if (c.input(0).has_rank()) c.set_value(0, {c.input(0).rank()});
}

template <class T>
T as(std::int64_t value) {
  const T narrow = static_cast<T>(value);
  check(narrow == value, Code::kInvalidArgument, "out_type int32 cannot hold ", value);
  return narrow;
}

void shape_kernel(OpContext& c) {
  for (int i = 0; i < c.outputs(); ++i) {
    const Shape& shape = c.input(i).shape();
    Tensor& y = c.allocate_output(i, Shape{shape.rank()});
    visit_index(y.dtype(), [&]<class T>() {
      for (int k = 0; k < shape.rank(); ++k) y.mutable_data<T>()[k] = as<T>(shape[k]);
    });
  }
}

void size_kernel(OpContext& c) {
  Tensor& y = c.allocate_output(0, {});
  visit_index(y.dtype(), [&]<class T>() { *y.mutable_data<T>() = as<T>(c.input(0).size()); });
}

void rank_kernel(OpContext& c) {
  *c.allocate_output(0, {}).mutable_data<std::int32_t>() = c.input(0).rank();
}

}  // namespace

OP(Shape)
    .doc("The shape of the input, as a vector of its dims.")
    .input("input: T").output("output: out_type")
    .attr("T: any").attr("out_type: int32|int64 = int32")
    .shape(shape_shape).value(shape_value)
    .no_gradient("does not depend on the input's elements")
    .kernel(Device::kCpu, shape_kernel);

OP(ShapeN)
    .doc("The shapes of the inputs, one vector each.")
    .input("input: N * T").output("output: N * out_type")
    .attr("N: int >= 1").attr("T: any").attr("out_type: int32|int64 = int32")
    .shape(shape_shape).value(shape_value)
    .no_gradient("does not depend on the inputs' elements")
    .kernel(Device::kCpu, shape_kernel);

OP(Size)
    .doc("The number of elements of the input.")
    .input("input: T").output("output: out_type")
    .attr("T: any").attr("out_type: int32|int64 = int32")
    .shape(scalar_shape).value(size_value)
    .no_gradient("does not depend on the input's elements")
    .kernel(Device::kCpu, size_kernel);

OP(Rank)
    .doc("The number of dimensions of the input.")
    .input("input: T").output("output: int32")
    .attr("T: any")
    .shape(scalar_shape).value(rank_value)
    .no_gradient("does not depend on the input's elements")
    .kernel(Device::kCpu, rank_kernel);

}  // namespace tw
