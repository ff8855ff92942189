#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/indexing.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

void check_prefix(const Shape& data, const Shape& partitions) {
  check(data.rank() >= partitions.rank() &&
            compatible(part_of(data, 0, partitions.rank()), partitions),
        Code::kInvalidArgument, "data.shape must start with partitions.shape, got data.shape = ",
        data, ", partitions.shape = ", partitions);
}

void partition_shape(ShapeContext& c) {
  const Shape &data = c.input(0), &partitions = c.input(1);
  const bool known = data.has_rank() && partitions.has_rank();
  if (known) check_prefix(data, partitions);
  for (int k = 0; k < c.outputs(); ++k) {
    c.set_output(k, known ? join(Shape{kUnknownDim}, part_of(data, partitions.rank(), data.rank()))
                          : Shape::unknown());
  }
}

void partition_kernel(OpContext& c) {
  const Tensor& data = c.input(0);
  const int outer = c.input(1).rank();
  check_prefix(data.shape(), c.input(1).shape());
  const std::vector<std::int64_t> to = copied_indices(c.input(1));
  std::vector<std::int64_t> counts(static_cast<std::size_t>(c.outputs()));
  for (std::size_t i = 0; i < to.size(); ++i) {
    check(to[i] >= 0 && to[i] < c.outputs(), Code::kInvalidArgument, "partitions[", i, "] = ",
          to[i], " is not in [0, ", c.outputs(), ")");
    ++counts[static_cast<std::size_t>(to[i])];
  }
  const Shape rest = part_of(data.shape(), outer, data.rank());
  const std::int64_t row = rest.size();
  for (int k = 0; k < c.outputs(); ++k) {
    c.allocate_output(k, join(Shape{counts[static_cast<std::size_t>(k)]}, rest));
  }
  std::fill(counts.begin(), counts.end(), 0);
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::int64_t at = counts[static_cast<std::size_t>(to[i])]++;
    copy_elements(c, data.dtype(), element(c.output(static_cast<int>(to[i])), at * row),
                  element(data, static_cast<std::int64_t>(i) * row), row);
  }
}

// The rows go back to where they came from, which the same partition of their numbers says.
void partition_gradient(GradientContext& g) {
  const Output data = g.input_value(0), partitions = g.input_value(1);
  const Shape &all = g.info(data).shape, &outer = g.info(partitions).shape;
  check(all.has_rank() && outer.has_rank(), Code::kUnimplemented,
        "No gradient of DynamicPartition for inputs of unknown rank");
  const int count = static_cast<int>(g.attrs().integer("num_partitions"));
  const Output zero = g.graph().constant(Tensor::scalar<std::int64_t>(0), "gradients/zero");
  const Output one = g.graph().constant(Tensor::scalar<std::int64_t>(1), "gradients/one");
  const Output axis = g.graph().constant(Tensor::scalar<std::int32_t>(0), "gradients/axis");
  const Output size = g.op("Size", {partitions}, {{"out_type", DType::kInt64}});
  const Output numbers = g.op("Reshape", {g.op("Range", {zero, size, one}), g.shape_of(partitions)});
  const Output places = g.op("DynamicPartition", {numbers, partitions},
                             {{"num_partitions", std::int64_t{count}}});
  std::vector<Output> grads, indices;
  for (int k = 0; k < count; ++k) {
    grads.push_back(g.output_grad(k));
    indices.push_back({places.node, k});
  }
  grads.push_back(axis);
  indices.push_back(axis);
  const Output last = g.graph().constant(Tensor::scalar<std::int32_t>(-1), "gradients/axis");
  const Output index = g.op("ExpandDims", {g.op("ConcatV2", indices), last});
  const Output rest = g.op("Slice", {g.shape_of(data), g.int_vector({outer.rank()}),
                                     g.int_vector({all.rank() - outer.rank()})});
  const Output rows = g.op("ExpandDims", {size, axis});
  const Output shape = g.op("ConcatV2", {rows, rest, axis});
  const Output flat = g.op("ScatterNd", {index, g.op("ConcatV2", grads), shape});
  g.input(0) = g.op("Reshape", {flat, g.shape_of(data)});
}

}  // namespace

OP(DynamicPartition)
    .doc("Deals the rows of data out: row i goes to output partitions[i], after those before it.")
    .input("data: T").input("partitions: int32").output("outputs: num_partitions * T")
    .attr("num_partitions: int >= 1").attr("T: any")
    .shape(partition_shape)
    .gradient(partition_gradient)
    .kernel(Device::kCpu, partition_kernel);

}  // namespace tw
