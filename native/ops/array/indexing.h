#pragma once

#include "kernels/combine_rows.h"
#include "ops/array/movement.h"

namespace tw {

// What ops share that read or write rows at places given by an index tensor.

// A copy of int32 or int64 indices: what is checked is then what is used.
std::vector<std::int64_t> copied_indices(const Tensor& indices);

// For each tuple of K indices, the element at which its row begins in a tensor of the given shape:
// indices has shape [..., K]. The first batch_dims dims are indexed by the tuple's own place.
// Throws kInvalidArgument naming the tuple and the bound when one is out of range.
std::vector<std::int64_t> tuple_offsets(const Tensor& indices, const Shape& shape, int batch_dims);

// y's rows of `row` elements are those of x at the given offsets (in elements).
void gather(OpContext& c, Tensor& y, const Tensor& x, const std::vector<std::int64_t>& offsets,
            std::int64_t row);

// Combines rows of `row` elements of x into y at the given offsets, in order.
void scatter(OpContext& c, Combine op, Tensor& y, const std::vector<std::int64_t>& offsets,
             const Tensor& x, std::int64_t row);

// Whether scatter can do this.
bool can_scatter(Combine op, DType dtype) noexcept;

}  // namespace tw
