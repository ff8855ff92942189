#include "ops/array/inference.h"

namespace tw {
namespace {

constexpr std::int64_t kFewValues = 64;

}  // namespace

std::optional<PartialValue> small_values(const ShapeContext& c, int i) {
  if (c.dtype(i) != DType::kInt32 && c.dtype(i) != DType::kInt64) return std::nullopt;
  const Shape& shape = c.input(i);
  if (!shape.fully_known() || shape.size() > kFewValues) return std::nullopt;
  return c.values(i);
}

void pass_value(ShapeContext& c) {
  if (auto values = small_values(c, 0)) c.set_value(0, std::move(*values));
}

std::optional<std::vector<std::int64_t>> known_values(const ShapeContext& c, int i) {
  auto values = c.constant(i) != nullptr ? c.values(i) : small_values(c, i);
  if (!values) return std::nullopt;
  if (c.constant(i) != nullptr) return values;
  for (std::int64_t value : *values) {
    if (value == kUnknownValue) return std::nullopt;
  }
  return values;
}

std::int64_t add_dims(std::int64_t a, std::int64_t b) noexcept {
  return a == kUnknownDim || b == kUnknownDim ? kUnknownDim : a + b;
}

std::int64_t multiply_dims(std::int64_t a, std::int64_t b) {
  if (a == 0 || b == 0) return 0;
  return a == kUnknownDim || b == kUnknownDim ? kUnknownDim : checked_product(a, b);
}

Shape with_dim(const Shape& shape, int axis, std::int64_t dim) {
  Shape changed = shape;
  changed[axis] = dim;
  return changed;
}

Shape part_of(const Shape& shape, int begin, int end) {
  return Shape(shape.dims().subspan(static_cast<std::size_t>(begin),
                                    static_cast<std::size_t>(end - begin)));
}

Shape join(const Shape& a, const Shape& b) {
  if (!a.has_rank() || !b.has_rank()) return Shape::unknown();
  Shape joined = a;
  for (std::int64_t dim : b.dims()) joined.push_back(dim);
  return joined;
}

}  // namespace tw
