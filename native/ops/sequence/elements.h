#pragma once

#include <span>
#include <vector>

#include "base/error.h"
#include "tensor/tensor.h"

namespace tw {

// The entries of a sequence, which is one variant.
inline std::span<const Tensor> elements_of(const Tensor& sequence) {
  check(sequence.size() == 1, Code::kInvalidArgument, "expected one sequence, got shape ",
        sequence.shape());
  return sequence.data<Variant>()->list();
}

// The same in a list of one's own, for a sequence that is made of it.
inline std::vector<Tensor> copied_elements(const Tensor& sequence) {
  const std::span<const Tensor> list = elements_of(sequence);
  return {list.begin(), list.end()};
}

}  // namespace tw
