#include "graph/shape_context.h"

#include "graph/equal_shapes.h"

namespace tw {

std::optional<PartialValue> ShapeContext::values(int i) const {
  if (const Tensor* value = constant(i)) {
    if (value->dtype() != DType::kInt32 && value->dtype() != DType::kInt64) return std::nullopt;
    return value->to_int64s();
  }
  const OutputInfo& info = graph_.info(node_.inputs[i]);
  if (info.value) return *info.value;
  if (info.shape.fully_known() && info.shape.rank() == 1 && info.shape[0] <= kMaxRank) {
    return PartialValue(static_cast<std::size_t>(info.shape[0]), kUnknownValue);
  }
  return std::nullopt;
}

std::optional<std::int64_t> ShapeContext::scalar(int i) const {
  const Tensor* value = constant(i);
  if (value != nullptr) {
    check(value->size() == 1, Code::kInvalidArgument, "expected a scalar for input ", i,
          ", got shape ", value->shape());
    return value->to_int64s().front();
  }
  const OutputInfo& info = graph_.info(node_.inputs[i]);
  if (info.value && info.value->size() == 1 && info.value->front() != kUnknownValue) {
    return info.value->front();
  }
  return std::nullopt;
}

Shape ShapeContext::shape_from(int i) const {
  const auto dims = values(i);
  if (!dims) return Shape::unknown();
  Shape shape;
  for (std::int64_t dim : *dims) {
    check(dim >= -1 || dim == kUnknownValue, Code::kInvalidArgument, "dim ", shape.rank(),
          " of a shape is negative: ", dim);
    shape.push_back(dim < 0 ? kUnknownDim : dim);
  }
  return shape;
}

const Shape& ShapeContext::with_rank(int i, int rank) const {
  const Shape& shape = input(i);
  check(!shape.has_rank() || shape.rank() == rank, Code::kInvalidArgument, "Shape must be rank ",
        rank, " but is rank ", shape.rank(), " for input ", i, ": ", shape);
  return shape;
}

const Shape& ShapeContext::with_rank_at_least(int i, int rank) const {
  const Shape& shape = input(i);
  check(!shape.has_rank() || shape.rank() >= rank, Code::kInvalidArgument,
        "Shape must be at least rank ", rank, " but is rank ", shape.rank(), " for input ", i, ": ",
        shape);
  return shape;
}

void ShapeContext::set_value(int i, PartialValue value) {
  node_.outputs[i].value = std::make_shared<const PartialValue>(std::move(value));
}

void same_shape(ShapeContext& c) { c.set_output(0, c.input(0)); }

void broadcast_shape(ShapeContext& c) {
  Shape shape = c.inputs() > 0 ? c.input(0) : Shape();
  for (int i = 1; i < c.inputs(); ++i) shape = broadcast(shape, c.input(i));
  c.set_output(0, shape);
}

void equal_shapes(ShapeContext& c) {
  Shape shape = c.input(0);
  for (int i = 1; i < c.inputs(); ++i) shape = merge(shape, c.input(i));
  c.set_output(0, shape);
}

void scalar_shape(ShapeContext& c) {
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, {});
}

void no_outputs(ShapeContext&) {}

}  // namespace tw
