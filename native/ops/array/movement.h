#pragma once

#include <span>
#include <vector>

#include "graph/op_context.h"

namespace tw {

// What ops that only move elements share. Any dtype, strings included.

// One loop of a movement: its length, and the steps in elements (0: the same again).
struct MoveAxis {
  std::int64_t size, to, from;
};

// Copies elements between two strided views that do not overlap; no two share a target.
void move_elements(OpContext& c, DType dtype, void* to, const void* from,
                   std::span<const MoveAxis> axes);
// Writes x, broadcast to a shape that its own goes with, at y.
void broadcast_elements(OpContext& c, const Tensor& x, const Shape& shape, void* y);
// As move_elements for plain runs.
void copy_elements(OpContext& c, DType dtype, void* to, const void* from, std::int64_t count);
// Repeats one element; value == nullptr: zeros.
void fill_elements(OpContext& c, DType dtype, void* to, std::int64_t count, const void* value);

// The address of an element by its row-major index.
inline char* element(const Tensor& tensor, std::int64_t index) noexcept {
  return static_cast<char*>(tensor.raw()) +
         index * static_cast<std::int64_t>(size_of(tensor.dtype()));
}

// The elements of an index input, with a check that it is a vector (or a scalar).
std::vector<std::int64_t> index_list(const Tensor& tensor, const char* name);
// The one element of a scalar integer input.
std::int64_t index_scalar(const Tensor& tensor, const char* name);
// A shape from its dims; a negative one is an error that names `what`.
Shape shape_of_dims(std::span<const std::int64_t> dims, const char* what);

}  // namespace tw
