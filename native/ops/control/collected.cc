#include "ops/control/collected.h"

#include <algorithm>
#include <cstring>

#include "ops/array/inference.h"

namespace tw {
namespace {

constexpr std::int64_t kFirstRows = 8;

void copy_elements(const Tensor& to, const Tensor& from) {
  if (from.dtype() == DType::kString) {
    std::copy_n(from.data<std::string>(), from.size(), to.mutable_data<std::string>());
  } else if (from.dtype() == DType::kVariant) {
    std::copy_n(from.data<Variant>(), from.size(), to.mutable_data<Variant>());
  } else if (from.size() > 0) {
    std::memcpy(to.raw(), from.raw(), from.bytes());
  }
}

Shape row_shape(const Shape& shape) { return part_of(shape, 1, shape.rank()); }

// The first rows of a tensor.
Tensor rows_of(const Tensor& x, std::int64_t count) {
  return {x.dtype(), with_dim(x.shape(), 0, count), x.raw(), x.buffer()};
}

}  // namespace

Tensor row_of(const Tensor& x, std::int64_t i) {
  const Shape shape = row_shape(x.shape());
  const std::size_t bytes = static_cast<std::size_t>(shape.size()) * size_of(x.dtype());
  char* const at = static_cast<char*>(x.raw()) + static_cast<std::size_t>(i) * bytes;
  return {x.dtype(), shape, at, x.buffer()};
}

Collected::Collected(OpContext& c, int first, std::int64_t count)
    : c_(c), first_(first), count_(count) {
  for (int k = first; k < c.outputs(); ++k) stacks_.push_back({c.output(k), c.output(k).defined()});
}

void Collected::append_places(std::int64_t i, std::vector<Tensor>& outs) const {
  for (const Stack& stack : stacks_) {
    const bool fits = stack.planned && !is_object(stack.whole.dtype());
    outs.push_back(fits ? row_of(stack.whole, i) : Tensor());
  }
}

void Collected::take(std::int64_t i, std::span<const Tensor> results) {
  for (std::size_t k = 0; k < stacks_.size(); ++k) {
    take(stacks_[k], i, results[static_cast<std::size_t>(first_) + k]);
  }
}

void Collected::take(Stack& stack, std::int64_t i, const Tensor& value) {
  if (!stack.whole.defined()) {
    const std::int64_t rows = count_ >= 0 ? count_ : kFirstRows;
    stack.whole = Tensor::allocate(value.dtype(), join({rows}, value.shape()), c_.allocator());
  }
  const Shape row = row_shape(stack.whole.shape());
  check(row == value.shape(), Code::kInvalidArgument, "iteration ", i, " gives a value of shape ",
        value.shape(), " to be stacked on others of shape ", row,
        "; a loop variable whose shape changes needs a looser one in shapeInvariants");
  if (i >= stack.whole.dim(0)) grow(stack, i);
  const Tensor place = row_of(stack.whole, i);
  if (place.raw() != value.raw()) copy_elements(place, value);
}

// Twice the rows: each value is copied once more on average.
void Collected::grow(Stack& stack, std::int64_t i) {
  const Shape shape = with_dim(stack.whole.shape(), 0, 2 * i);
  const Tensor wider = Tensor::allocate(stack.whole.dtype(), shape, c_.allocator());
  copy_elements(rows_of(wider, i), rows_of(stack.whole, i));
  stack.whole = wider;
}

void Collected::finish(std::int64_t count) {
  for (std::size_t k = 0; k < stacks_.size(); ++k) {
    const int output = first_ + static_cast<int>(k);
    Tensor& whole = stacks_[k].whole;
    if (whole.defined()) {
      c_.set_output(output, rows_of(whole, count));
      continue;
    }
    // No iteration: unknown dims are 0.
    const Shape& known = c_.node().outputs[static_cast<std::size_t>(output)].shape;
    Shape empty = known.has_rank() ? known : Shape{0};
    for (int axis = 0; axis < empty.rank(); ++axis) {
      if (axis == 0 || empty[axis] == kUnknownDim) empty[axis] = 0;
    }
    c_.allocate_output(output, empty);
  }
}

}  // namespace tw
