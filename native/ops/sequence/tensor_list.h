#pragma once

#include <span>
#include <vector>

#include "graph/op_context.h"
#include "graph/shape_context.h"
#include "ops/sequence/elements.h"

namespace tw {

// TensorFlow's lists of tensors: sequences whose elements have one dtype and may be unwritten.

constexpr const char* kNoListGradient = "not registered: gradients do not flow through lists";

// The element that stands for one that nobody has written and whose shape is not known.
Tensor unwritten();
bool is_unwritten(const Tensor& element);
// The shape that an input spells out, -1 for unknown dims; a scalar is an unknown rank.
Shape element_shape(const Tensor& spelled);
Shape element_shape(const ShapeContext& c, int i);
// Checks that a list may have so many elements: what stands for them fits into memory.
void check_length(OpContext& c, std::int64_t count);
// Element i of a list of `count`.
std::size_t place_in(std::int64_t i, std::size_t count);
// An element with a check of its dtype and shape; zeros where it is unwritten.
Tensor read_element(OpContext& c, std::span<const Tensor> list, std::int64_t i, DType dtype,
                    const Shape& shape);
// Checks that a tensor has rows.
void check_rows(const Tensor& tensor);
// A tensor cut into parts of these shapes, one behind the other, which share a copy of its memory.
std::vector<Tensor> cut(OpContext& c, const Tensor& tensor, std::span<const Shape> shapes);
// The rows of a tensor, cut so.
std::vector<Tensor> rows_of(OpContext& c, const Tensor& tensor);

void list_handle(ShapeContext& c);  // output 0 is a list

}  // namespace tw
