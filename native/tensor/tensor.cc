#include "tensor/tensor.h"

#include <cstring>
#include <string_view>

namespace tw {
namespace {

// Strings need their destructors run before the block goes back.
class StringOwner final : public BufferOwner {
 public:
  void release(Buffer& buffer) noexcept override {
    delete[] static_cast<std::string*>(buffer.data());
  }
};

StringOwner& string_owner() {
  static StringOwner& owner = *new StringOwner;
  return owner;
}

}  // namespace

Tensor Tensor::allocate(DType dtype, const Shape& shape, Allocator& allocator) {
  const std::int64_t size = shape.size();
  if (dtype == DType::kString) {
    auto* strings = new std::string[static_cast<std::size_t>(size)];
    const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(std::string);
    return Tensor(dtype, shape, strings,
                  BufferRef::adopt(new Buffer(strings, bytes, &string_owner())));
  }
  const std::int64_t bytes = checked_product(size, static_cast<std::int64_t>(size_of(dtype)));
  BufferRef buffer = allocator.allocate(static_cast<std::size_t>(bytes));
  void* data = buffer->data();
  return Tensor(dtype, shape, data, std::move(buffer));
}

Tensor Tensor::reshaped(const Shape& shape) const {
  check(shape.size() == size_, Code::kInvalidArgument, "cannot reshape ", shape_, " of ", size_,
        " elements to ", shape, " of ", shape.size());
  Tensor other = *this;
  other.shape_ = shape;
  return other;
}

Tensor Tensor::copy(Allocator& allocator) const {
  Tensor made = allocate(dtype_, shape_, allocator);
  if (dtype_ == DType::kString) {
    for (std::int64_t i = 0; i < size_; ++i) {
      made.mutable_data<std::string>()[i] = data<std::string>()[i];
    }
  } else if (size_ > 0) {
    std::memcpy(made.raw(), data_, bytes());
  }
  return made;
}

std::vector<std::int64_t> Tensor::to_int64s() const {
  std::vector<std::int64_t> values(static_cast<std::size_t>(size_));
  visit_index(dtype_, [&]<class T>() {
    for (std::int64_t i = 0; i < size_; ++i) values[static_cast<std::size_t>(i)] = data<T>()[i];
  });
  return values;
}

bool identical(const Tensor& a, const Tensor& b) noexcept {
  if (a.dtype() != b.dtype() || !(a.shape() == b.shape())) return false;
  if (a.dtype() == DType::kString) {
    for (std::int64_t i = 0; i < a.size(); ++i) {
      if (a.data<std::string>()[i] != b.data<std::string>()[i]) return false;
    }
    return true;
  }
  return a.size() == 0 || std::memcmp(a.raw(), b.raw(), a.bytes()) == 0;
}

std::uint64_t content_hash(const Tensor& tensor) noexcept {
  const std::hash<std::string_view> hash;
  std::uint64_t h = static_cast<std::uint64_t>(tensor.dtype()) * 0x9e3779b97f4a7c15u;
  for (std::int64_t dim : tensor.shape().dims()) h = h * 31 + static_cast<std::uint64_t>(dim);
  if (tensor.dtype() == DType::kString) {
    for (std::int64_t i = 0; i < tensor.size(); ++i) h = h * 31 + hash(tensor.data<std::string>()[i]);
    return h;
  }
  return h * 31 + hash({static_cast<const char*>(tensor.raw()), tensor.bytes()});
}

}  // namespace tw
