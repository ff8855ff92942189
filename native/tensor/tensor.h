#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "tensor/allocator.h"
#include "tensor/buffer.h"
#include "tensor/dtype.h"
#include "tensor/dtype_visit.h"
#include "tensor/shape.h"

namespace tw {

// A value: dtype, fully known shape, row-major elements. Copies share the memory. A tensor
// without a buffer borrows its memory (a feed of a synchronous run, a slice of an arena).
class Tensor {
 public:
  Tensor() = default;
  Tensor(DType dtype, const Shape& shape, void* data, BufferRef buffer = {})
      : shape_(shape), data_(data), buffer_(std::move(buffer)), size_(shape.size()), dtype_(dtype) {}

  // Uninitialised (strings and variants: empty).
  static Tensor allocate(DType dtype, const Shape& shape, Allocator& allocator = heap_allocator());
  template <class T>
  static Tensor of(const Shape& shape, std::span<const T> values);
  template <class T>
  static Tensor scalar(T value) { return of<T>({}, std::span<const T>(&value, 1)); }
  template <class T>
  static Tensor vector(const std::vector<T>& values) {
    return of<T>({static_cast<std::int64_t>(values.size())}, std::span<const T>(values));
  }
  static Tensor int64s(std::span<const std::int64_t> values) {
    return of<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
  }

  bool defined() const noexcept { return dtype_ != DType::kInvalid; }
  DType dtype() const noexcept { return dtype_; }
  const Shape& shape() const noexcept { return shape_; }
  int rank() const noexcept { return shape_.rank(); }
  std::int64_t dim(int axis) const noexcept { return shape_[axis]; }
  std::int64_t size() const noexcept { return size_; }
  std::size_t bytes() const noexcept { return static_cast<std::size_t>(size_) * size_of(dtype_); }
  // Makes the elements of a deferred constant (deferred.h), for which there may be no memory.
  void* raw() const { return data_ != nullptr || !buffer_ ? data_ : elements(); }
  const BufferRef& buffer() const noexcept { return buffer_; }

  // T must be the C++ type of the dtype, or one of the same size.
  template <class T>
  const T* data() const { return static_cast<const T*>(raw()); }
  template <class T>
  T* mutable_data() const { return static_cast<T*>(raw()); }

  // The same elements under another shape of the same size.
  Tensor reshaped(const Shape& shape) const;
  Tensor copy(Allocator& allocator = heap_allocator()) const;
  // The elements of an int32 or int64 tensor (of any integer dtype when small).
  std::vector<std::int64_t> to_int64s() const;
  // Null, or what makes the elements of a deferred constant.
  Deferred* deferred() const noexcept {
    return data_ == nullptr && buffer_ ? buffer_->deferred() : nullptr;
  }
  // Not 0: two tensors with the same number, dtype and shape have the same content.
  std::uint64_t own_content() const noexcept;

 private:
  void* elements() const;

  Shape shape_;
  void* data_ = nullptr;
  BufferRef buffer_;
  std::int64_t size_ = 0;
  DType dtype_ = DType::kInvalid;
};

template <class T>
Tensor Tensor::of(const Shape& shape, std::span<const T> values) {
  check(static_cast<std::int64_t>(values.size()) == shape.size(), Code::kInternal,
        "expected ", shape.size(), " values, got ", values.size());
  Tensor tensor = allocate(dtype_of<T>, shape);
  for (std::size_t i = 0; i < values.size(); ++i) tensor.mutable_data<T>()[i] = values[i];
  return tensor;
}

// The element of a variant tensor: a list of tensors, which any number of variants share.
struct Variant {
  std::shared_ptr<const std::vector<Tensor>> values;

  Variant() = default;
  explicit Variant(std::vector<Tensor> list)
      : values(std::make_shared<const std::vector<Tensor>>(std::move(list))) {}
  std::span<const Tensor> list() const noexcept {
    return values ? std::span<const Tensor>(*values) : std::span<const Tensor>();
  }
};

// A variant tensor of rank 0.
Tensor variant_of(std::vector<Tensor> list);

// Same dtype, shape and bytes; variants are identical when they share their list.
bool identical(const Tensor& a, const Tensor& b);
std::uint64_t content_hash(const Tensor& tensor);

}  // namespace tw
