#include "ops/sequence/tensor_list.h"

#include <algorithm>

#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

Tensor zeros(OpContext& c, DType dtype, const Shape& shape) {
  Tensor made = Tensor::allocate(dtype, shape, c.allocator());
  if (made.size() > 0) fill_elements(c, dtype, made.raw(), made.size(), nullptr);
  return made;
}

void reserve_kernel(OpContext& c) {
  const std::int64_t count = index_scalar(c.input(1), "num_elements");
  check_length(c, count);
  const DType dtype = c.attrs().dtype("element_dtype");
  const Shape shape = element_shape(c.input(0));
  const bool known = shape.has_rank() && shape.fully_known() && dtype != DType::kVariant;
  const Tensor element = known ? zeros(c, dtype, shape) : unwritten();
  c.set_output(0, variant_of(std::vector<Tensor>(static_cast<std::size_t>(count), element)));
}

void set_kernel(OpContext& c) {
  std::vector<Tensor> list = copied_elements(c.input(0));
  const std::int64_t at = index_scalar(c.input(1), "index");
  if (c.attrs().flag("resize_if_index_out_of_bounds") && at >= std::ssize(list)) {
    check_length(c, at);
    list.resize(static_cast<std::size_t>(at) + 1, unwritten());
  }
  list[place_in(at, list.size())] = c.input(2).copy(c.allocator());
  c.set_output(0, variant_of(std::move(list)));
}

void push_kernel(OpContext& c) {
  std::vector<Tensor> list = copied_elements(c.input(0));
  list.push_back(c.input(1).copy(c.allocator()));
  c.set_output(0, variant_of(std::move(list)));
}

void pop_kernel(OpContext& c) {
  std::vector<Tensor> list = copied_elements(c.input(0));
  check(!list.empty(), Code::kInvalidArgument, "Trying to pop from an empty list.");
  c.set_output(1, read_element(c, list, std::ssize(list) - 1, c.attrs().dtype("element_dtype"),
                               element_shape(c.input(1))));
  list.pop_back();
  c.set_output(0, variant_of(std::move(list)));
}

void get_kernel(OpContext& c) {
  c.set_output(0, read_element(c, elements_of(c.input(0)), index_scalar(c.input(1), "index"),
                               c.attrs().dtype("element_dtype"), element_shape(c.input(2))));
}

void resize_kernel(OpContext& c) {
  std::vector<Tensor> list = copied_elements(c.input(0));
  const std::int64_t size = index_scalar(c.input(1), "size");
  check_length(c, size);
  list.resize(static_cast<std::size_t>(size), unwritten());
  c.set_output(0, variant_of(std::move(list)));
}

}  // namespace

Tensor unwritten() { return Tensor::allocate(DType::kVariant, {}); }

bool is_unwritten(const Tensor& element) {
  return element.dtype() == DType::kVariant && element.data<Variant>()->values == nullptr;
}

Shape element_shape(const Tensor& spelled) {
  if (spelled.rank() == 0) return Shape::unknown();
  Shape shape;
  for (const std::int64_t dim : spelled.to_int64s()) shape.push_back(dim < 0 ? kUnknownDim : dim);
  return shape;
}

Shape element_shape(const ShapeContext& c, int i) {
  const Shape& spelled = c.input(i);
  return spelled.has_rank() && spelled.rank() == 1 ? c.shape_from(i) : Shape::unknown();
}

void check_length(OpContext& c, std::int64_t count) {
  check(count >= 0, Code::kInvalidArgument, "a list of ", count, " elements");
  constexpr std::size_t kMost = std::size_t{1} << 26;
  const std::size_t most = std::min(kMost, c.allocator().limit() / sizeof(Tensor));
  check(static_cast<std::size_t>(count) < most, Code::kResourceExhausted, "a list of ", count,
        " elements is too long, by the memory limit or for any list");
}

std::size_t place_in(std::int64_t i, std::size_t count) {
  check(i >= 0 && i < static_cast<std::int64_t>(count), Code::kInvalidArgument,
        "Trying to access element ", i, " in a list with ", count, " elements.");
  return static_cast<std::size_t>(i);
}

Tensor read_element(OpContext& c, std::span<const Tensor> list, std::int64_t i, DType dtype,
                    const Shape& shape) {
  const Tensor& element = list[place_in(i, list.size())];
  if (is_unwritten(element)) {
    check(shape.has_rank() && shape.fully_known() && dtype != DType::kVariant,
          Code::kInvalidArgument, "Trying to read an uninitialized tensor but element_shape is not "
          "fully defined: element ", i, " of a list, ", shape);
    return zeros(c, dtype, shape);
  }
  check(element.dtype() == dtype && compatible(element.shape(), shape), Code::kInvalidArgument,
        "element ", i, " of a list is ", name_of(element.dtype()), " ", element.shape(),
        ", expected ", name_of(dtype), " ", shape);
  return element;
}

void check_rows(const Tensor& tensor) {
  check(tensor.rank() >= 1, Code::kInvalidArgument, "Tensor must be at least a vector, but saw ",
        "shape: ", tensor.shape());
}

std::vector<Tensor> cut(OpContext& c, const Tensor& tensor, std::span<const Shape> shapes) {
  const Tensor whole = tensor.copy(c.allocator());
  std::vector<Tensor> parts;
  std::int64_t done = 0;
  for (const Shape& shape : shapes) {
    parts.emplace_back(whole.dtype(), shape, element(whole, done), whole.buffer());
    done += shape.size();
  }
  return parts;
}

std::vector<Tensor> rows_of(OpContext& c, const Tensor& tensor) {
  check_rows(tensor);
  const Shape row = part_of(tensor.shape(), 1, tensor.rank());
  return cut(c, tensor, std::vector<Shape>(static_cast<std::size_t>(tensor.dim(0)), row));
}

void list_handle(ShapeContext& c) { c.set_output(0, {}); }

OP(EmptyTensorList)
    .doc("A list of tensors without elements.")
    .internal()
    .input("element_shape: shape_type").input("max_num_elements: int32").output("handle: variant")
    .attr("element_dtype: any|variant").attr("shape_type: int32|int64")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, [](OpContext& c) { c.set_output(0, variant_of({})); });

OP(TensorListReserve)
    .doc("A list of tensors that are zeros, or not there where their shape is not known.")
    .internal()
    .input("element_shape: shape_type").input("num_elements: int32").output("handle: variant")
    .attr("element_dtype: any|variant").attr("shape_type: int32|int64")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, reserve_kernel);

OP(TensorListFromTensor)
    .doc("The list of the slices of a tensor along its first axis.")
    .internal()
    .input("tensor: element_dtype").input("element_shape: shape_type")
    .output("output_handle: variant")
    .attr("element_dtype: any").attr("shape_type: int32|int64")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, [](OpContext& c) {
      c.set_output(0, variant_of(rows_of(c, c.input(0))));
    });

OP(TensorListSetItem)
    .doc("The list with another tensor in a place; resize_if_index_out_of_bounds makes it longer "
         "when there is no such place.")
    .internal()
    .input("input_handle: variant").input("index: int32").input("item: element_dtype")
    .output("output_handle: variant")
    .attr("element_dtype: any|variant").attr("resize_if_index_out_of_bounds: bool = false")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, set_kernel);

OP(TensorListGetItem)
    .doc("The tensor in a place of a list.")
    .internal()
    .input("input_handle: variant").input("index: int32").input("element_shape: int32")
    .output("item: element_dtype").attr("element_dtype: any|variant")
    .shape([](ShapeContext& c) { c.set_output(0, element_shape(c, 2)); })
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, get_kernel);

OP(TensorListPushBack)
    .doc("The list with a further tensor at its end.")
    .internal()
    .input("input_handle: variant").input("tensor: element_dtype").output("output_handle: variant")
    .attr("element_dtype: any|variant")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, push_kernel);

OP(TensorListPopBack)
    .doc("The list without its last tensor, and this one.")
    .internal()
    .input("input_handle: variant").input("element_shape: int32")
    .output("output_handle: variant").output("tensor: element_dtype")
    .attr("element_dtype: any|variant")
    .shape([](ShapeContext& c) {
      c.set_output(0, {});
      c.set_output(1, element_shape(c, 1));
    })
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, pop_kernel);

OP(TensorListLength)
    .doc("How many tensors a list has.")
    .internal()
    .input("input_handle: variant").output("length: int32")
    .shape(scalar_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, [](OpContext& c) {
      *c.allocate_output(0, {}).mutable_data<std::int32_t>() =
          static_cast<std::int32_t>(elements_of(c.input(0)).size());
    });

OP(TensorListResize)
    .doc("The list with so many tensors: the first ones, or further ones that are not there.")
    .internal()
    .input("input_handle: variant").input("size: int32").output("output_handle: variant")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, resize_kernel);

}  // namespace tw
