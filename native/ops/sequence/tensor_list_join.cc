#include <algorithm>

#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"
#include "ops/sequence/tensor_list.h"

namespace tw {
namespace {

// The one shape of all elements: what is said of it, and what those that are there have.
Shape common_shape(std::span<const Tensor> list, DType dtype, Shape shape) {
  for (const Tensor& element : list) {
    if (is_unwritten(element)) continue;
    check(element.dtype() == dtype && compatible(element.shape(), shape), Code::kInvalidArgument,
          "Tried to stack elements of a list with different shapes: ", name_of(dtype), " ", shape,
          " and ", name_of(element.dtype()), " ", element.shape());
    shape = element.shape();
  }
  check(shape.has_rank() && shape.fully_known(), Code::kInvalidArgument,
        "Tried to stack elements of a list with unknown shape: none of ", list.size(),
        " is there, and the element shape is ", shape);
  return shape;
}

void stack(OpContext& c, std::span<const Tensor> list, const Shape& spelled) {
  const DType dtype = c.attrs().dtype("element_dtype");
  const Shape shape = common_shape(list, dtype, spelled);
  Tensor& y = c.allocate_output(0, join({std::ssize(list)}, shape));
  const std::int64_t size = shape.size();
  for (std::size_t i = 0; i < list.size() && size > 0; ++i) {
    void* const at = element(y, static_cast<std::int64_t>(i) * size);
    if (is_unwritten(list[i])) {
      fill_elements(c, dtype, at, size, nullptr);
    } else {
      copy_elements(c, dtype, at, list[i].raw(), size);
    }
  }
}

void stack_kernel(OpContext& c) {
  const auto list = elements_of(c.input(0));
  const std::int64_t expected = c.attrs().integer("num_elements");
  check(expected < 0 || expected == std::ssize(list), Code::kInvalidArgument,
        "Operation expected a list with ", expected, " elements but got a list with ", list.size(),
        " elements.");
  stack(c, list, element_shape(c.input(1)));
}

void gather_kernel(OpContext& c) {
  const auto list = elements_of(c.input(0));
  std::vector<Tensor> chosen;
  for (const std::int64_t i : index_list(c.input(1), "indices")) {
    chosen.push_back(list[place_in(i, list.size())]);
  }
  stack(c, chosen, element_shape(c.input(2)));
}

// Writes rows of a tensor into places of a list, which grows where it is shorter.
void scatter(OpContext& c, std::vector<Tensor> list, const Tensor& tensor, const Tensor& indices) {
  const std::vector<Tensor> rows = rows_of(c, tensor);
  const std::vector<std::int64_t> places = index_list(indices, "indices");
  check(places.size() == rows.size(), Code::kInvalidArgument, "Invalid number of rows in input "
        "tensor. Expected: ", places.size(), " Actual: ", rows.size());
  for (const std::int64_t i : places) {
    check(i >= 0, Code::kInvalidArgument,
          "Indices in TensorListScatter must all be non-negative, got ", i);
    check_length(c, i);
    const auto count = static_cast<std::size_t>(i) + 1;
    if (count > list.size()) list.resize(count, unwritten());
  }
  for (std::size_t k = 0; k < rows.size(); ++k) list[static_cast<std::size_t>(places[k])] = rows[k];
  c.set_output(0, variant_of(std::move(list)));
}

void scatter_kernel(OpContext& c) {
  // -1: as many as the places ask for.
  const std::int64_t count = std::max<std::int64_t>(index_scalar(c.input(3), "num_elements"), 0);
  check_length(c, count);
  const std::vector<Tensor> empty(static_cast<std::size_t>(count), unwritten());
  scatter(c, empty, c.input(0), c.input(1));
}

void scatter_into_kernel(OpContext& c) {
  scatter(c, copied_elements(c.input(0)), c.input(1), c.input(2));
}

void concat_kernel(OpContext& c) {
  const DType dtype = c.attrs().dtype("element_dtype");
  const auto list = elements_of(c.input(0));
  const Shape spelled = element_shape(c.input(1));
  Shape rest = spelled.has_rank() && spelled.rank() > 0 ? part_of(spelled, 1, spelled.rank())
                                                        : Shape::unknown();
  std::vector<std::int64_t> lengths;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Tensor& element = list[i];
    check(!is_unwritten(element) && element.dtype() == dtype && element.rank() > 0,
          Code::kInvalidArgument, "Concat requires elements of ", name_of(dtype),
          " to be at least vectors: element ", i, " of a list is none");
    const Shape row = part_of(element.shape(), 1, element.rank());
    check(compatible(row, rest), Code::kInvalidArgument,
          "Tried to concat elements of a list with unequal shapes: ", row, " and ", rest);
    rest = row;
    lengths.push_back(element.dim(0));
    total += element.dim(0);
  }
  check(rest.has_rank() && rest.fully_known(), Code::kInvalidArgument,
        "All except the first dimension must be fully defined when concatenating an empty list, "
        "got ", spelled);
  Tensor& y = c.allocate_output(0, join({total}, rest));
  std::int64_t done = 0;
  for (const Tensor& part : list) {
    if (part.size() > 0) copy_elements(c, dtype, element(y, done), part.raw(), part.size());
    done += part.size();
  }
  std::int64_t* const out =
      c.allocate_output(1, {std::ssize(lengths)}).mutable_data<std::int64_t>();
  std::copy(lengths.begin(), lengths.end(), out);
}

void split_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check_rows(x);
  std::vector<Shape> shapes;
  std::int64_t done = 0;
  for (const std::int64_t length : index_list(c.input(2), "lengths")) {
    check(length >= 0 && length <= x.dim(0) - done, Code::kInvalidArgument, "Attempting to slice [",
          done, ", ", done + length, "] from tensor with length ", x.dim(0));
    shapes.push_back(with_dim(x.shape(), 0, length));
    done += length;
  }
  check(done == x.dim(0), Code::kInvalidArgument, "Unused values in tensor. Length of tensor: ",
        x.dim(0), " Values used: ", done);
  c.set_output(0, variant_of(cut(c, x, shapes)));
}

void stack_shape(ShapeContext& c) {
  const std::int64_t count = c.attrs().integer("num_elements");
  c.set_output(0, join({count < 0 ? kUnknownDim : count}, element_shape(c, 1)));
}

void gather_shape(ShapeContext& c) {
  const Shape& indices = c.input(1);
  const bool known = indices.has_rank() && indices.rank() == 1;
  c.set_output(0, join({known ? indices[0] : kUnknownDim}, element_shape(c, 2)));
}

void concat_shape(ShapeContext& c) {
  const Shape shape = element_shape(c, 1);
  const bool known = shape.has_rank() && shape.rank() > 0;
  c.set_output(0, known ? with_dim(shape, 0, kUnknownDim) : Shape::unknown());
  c.set_output(1, {kUnknownDim});
}

}  // namespace

OP(TensorListStack)
    .doc("The tensors of a list, stacked along a new first axis; zeros for those not there.")
    .internal()
    .input("input_handle: variant").input("element_shape: int32").output("tensor: element_dtype")
    .attr("element_dtype: any").attr("num_elements: int = -1")
    .shape(stack_shape)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, stack_kernel);

OP(TensorListGather)
    .doc("Tensors of a list by their places, stacked along a new first axis.")
    .internal()
    .input("input_handle: variant").input("indices: int32").input("element_shape: int32")
    .output("values: element_dtype").attr("element_dtype: any")
    .shape(gather_shape)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, gather_kernel);

OP(TensorListScatterV2)
    .doc("A list with the slices of a tensor in the places given, and with num_elements tensors at "
         "least.")
    .internal()
    .input("tensor: element_dtype").input("indices: int32").input("element_shape: shape_type")
    .input("num_elements: int32").output("output_handle: variant")
    .attr("element_dtype: any").attr("shape_type: int32|int64")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, scatter_kernel);

OP(TensorListScatterIntoExistingList)
    .doc("The list with the slices of a tensor in the places given.")
    .internal()
    .input("input_handle: variant").input("tensor: element_dtype").input("indices: int32")
    .output("output_handle: variant").attr("element_dtype: any")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, scatter_into_kernel);

OP(TensorListConcatV2)
    .doc("The tensors of a list joined along their first axis, and how long each is.")
    .internal()
    .input("input_handle: variant").input("element_shape: shape_type")
    .input("leading_dims: int64").output("tensor: element_dtype").output("lengths: int64")
    .attr("element_dtype: any").attr("shape_type: int32|int64")
    .shape(concat_shape)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, concat_kernel);

OP(TensorListSplit)
    .doc("The list of parts of a tensor along its first axis, by how long each is.")
    .internal()
    .input("tensor: element_dtype").input("element_shape: shape_type").input("lengths: int64")
    .output("output_handle: variant")
    .attr("element_dtype: any").attr("shape_type: int32|int64")
    .shape(list_handle)
    .no_gradient(kNoListGradient)
    .kernel(Device::kCpu, split_kernel);

}  // namespace tw
