#pragma once

#include <optional>

#include "graph/shape_context.h"

namespace tw {

// What shape functions of this family share.

// The elements of an int32 or int64 input as far as known, when there are few of them.
std::optional<PartialValue> small_values(const ShapeContext& c, int i);
// Output 0 has the elements of input 0.
void pass_value(ShapeContext& c);
// Input i as a vector of known elements; nullopt when any is unknown.
std::optional<std::vector<std::int64_t>> known_values(const ShapeContext& c, int i);
// a + b, a - b or a * b for dims of which any may be unknown.
std::int64_t add_dims(std::int64_t a, std::int64_t b) noexcept;
std::int64_t multiply_dims(std::int64_t a, std::int64_t b);
// shape with dim `axis` replaced.
Shape with_dim(const Shape& shape, int axis, std::int64_t dim);
// Dims [begin, end) of a shape of known rank.
Shape part_of(const Shape& shape, int begin, int end);
// a followed by b; unknown when either is.
Shape join(const Shape& a, const Shape& b);

}  // namespace tw
