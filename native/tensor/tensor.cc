#include "tensor/tensor.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "tensor/deferred.h"

namespace tw {
namespace {

// Objects need their destructors run before the block goes back.
template <class T>
class ObjectOwner final : public BufferOwner {
 public:
  void release(Buffer& buffer) noexcept override { delete[] static_cast<T*>(buffer.data()); }
};

template <class T>
Tensor allocate_objects(DType dtype, const Shape& shape) {
  static ObjectOwner<T>& owner = *new ObjectOwner<T>;
  const auto size = static_cast<std::size_t>(shape.size());
  auto* objects = new T[size];
  return Tensor(dtype, shape, objects,
                BufferRef::adopt(new Buffer(objects, size * sizeof(T), &owner)));
}

}  // namespace

Tensor Tensor::allocate(DType dtype, const Shape& shape, Allocator& allocator) {
  if (dtype == DType::kString) return allocate_objects<std::string>(dtype, shape);
  if (dtype == DType::kVariant) return allocate_objects<Variant>(dtype, shape);
  const std::int64_t size = shape.size();
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
    std::copy_n(data<std::string>(), size_, made.mutable_data<std::string>());
  } else if (dtype_ == DType::kVariant) {
    std::copy_n(data<Variant>(), size_, made.mutable_data<Variant>());
  } else if (size_ > 0) {
    std::memcpy(made.raw(), raw(), bytes());
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

Tensor variant_of(std::vector<Tensor> list) {
  Tensor tensor = Tensor::allocate(DType::kVariant, {});
  *tensor.mutable_data<Variant>() = Variant(std::move(list));
  return tensor;
}

bool identical(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || !(a.shape() == b.shape())) return false;
  if (a.deferred() != nullptr && b.deferred() != nullptr) return alike(a, b);
  if (a.dtype() == DType::kString) {
    for (std::int64_t i = 0; i < a.size(); ++i) {
      if (a.data<std::string>()[i] != b.data<std::string>()[i]) return false;
    }
    return true;
  }
  return a.size() == 0 || std::memcmp(a.raw(), b.raw(), a.bytes()) == 0;
}

std::uint64_t content_hash(const Tensor& tensor) {
  const std::hash<std::string_view> hash;
  std::uint64_t h = static_cast<std::uint64_t>(tensor.dtype()) * 0x9e3779b97f4a7c15u;
  for (std::int64_t dim : tensor.shape().dims()) h = h * 31 + static_cast<std::uint64_t>(dim);
  if (tensor.deferred() != nullptr) return (h ^ hash_of_elements(tensor)) * 0xd6e8feb86659fd93u;
  if (tensor.dtype() == DType::kString) {
    for (std::int64_t i = 0; i < tensor.size(); ++i) h = h * 31 + hash(tensor.data<std::string>()[i]);
    return h;
  }
  return h * 31 + hash({static_cast<const char*>(tensor.raw()), tensor.bytes()});
}

}  // namespace tw
