#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "tensor/tensor.h"

namespace tw {

// A matrix of floats in the form in which products read it, and where its elements lie in plain
// order: [k, n], or [n][k / taps][taps] when outputs come first.
struct PackedMatrix {
  Tensor panels;
  std::int64_t k = 0, n = 0, taps = 1;
  bool outputs_first = false;
  std::uint64_t hash = 0;  // of the elements; the same for matrices of one size that are alike
};

// Writes the elements in plain order.
using Unpack = void (*)(const PackedMatrix&, float* plain);

// A constant of which only the packed form exists. Its elements are made, and the packed form
// let go, when somebody asks for them. Tensors of one matrix are known to have the same content;
// no tensor of another kind is taken for their twin.
Tensor deferred(const Shape& shape, PackedMatrix matrix, Unpack unpack);

// The packed form of a tensor of which nobody has asked for the elements yet.
std::optional<PackedMatrix> packed_form(const Tensor& tensor);

// A matrix whose outputs come first with its dims in the order [taps..., k / taps, n]: nothing is
// moved. None when it is no such matrix, or the permutation another one.
std::optional<Tensor> permuted_form(const Tensor& tensor, std::span<const std::int64_t> perm);

// Of deferred constants: whether they have the same elements in the same order, and a hash of them.
std::uint64_t hash_of_elements(const Tensor& a) noexcept;
bool alike(const Tensor& a, const Tensor& b);

// Copies the elements to memory of tensor.bytes(), or into a tensor of its own, and keeps no plain
// form of them.
void copy_elements(const Tensor& tensor, void* to);
Tensor plain_copy(const Tensor& tensor);

}  // namespace tw
