#include "tensor/deferred.h"

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>

namespace tw {

class Deferred final : public BufferOwner {
 public:
  Deferred(PackedMatrix matrix, Unpack unpack, std::uint64_t id)
      : matrix_(std::move(matrix)), unpack_(unpack), id_(id) {}

  void release(Buffer&) noexcept override { delete this; }
  Deferred* deferred() noexcept override { return this; }

  // Stays where it is for as long as a tensor refers to it.
  void* elements() {
    std::lock_guard lock(mutex_);
    if (!plain_) {
      BufferRef plain = heap_allocator().allocate(bytes());
      unpack_(matrix_, static_cast<float*>(plain->data()));
      plain_ = std::move(plain);
      matrix_.panels = Tensor();
    }
    return plain_->data();
  }

  std::optional<PackedMatrix> matrix() const {
    std::lock_guard lock(mutex_);
    return plain_ ? std::nullopt : std::optional(matrix_);
  }

  void copy_to(void* to) const {
    std::unique_lock lock(mutex_);
    if (plain_) {
      std::memcpy(to, plain_->data(), bytes());
      return;
    }
    const PackedMatrix matrix = matrix_;
    lock.unlock();
    unpack_(matrix, static_cast<float*>(to));
  }

  std::size_t bytes() const noexcept {
    return static_cast<std::size_t>(matrix_.k * matrix_.n) * sizeof(float);
  }
  Unpack unpack() const noexcept { return unpack_; }
  std::uint64_t id() const noexcept { return id_; }
  // Of the matrix in this order.
  std::uint64_t content() const noexcept { return 2 * id_ + (matrix_.outputs_first ? 1 : 0); }
  std::uint64_t hash() const noexcept { return 2 * matrix_.hash + (matrix_.outputs_first ? 1 : 0); }

 private:
  mutable std::mutex mutex_;
  PackedMatrix matrix_;
  const Unpack unpack_;
  const std::uint64_t id_;
  BufferRef plain_;
};

namespace {

Tensor deferred_tensor(const Shape& shape, PackedMatrix matrix, Unpack unpack, std::uint64_t id) {
  check(shape.size() == matrix.k * matrix.n, Code::kInternal, "a matrix of ", matrix.k, " x ",
        matrix.n, " as ", shape);
  auto owner = std::make_unique<Deferred>(std::move(matrix), unpack, id);
  auto* const buffer = new Buffer(nullptr, owner->bytes(), owner.get());
  owner.release();
  return Tensor(DType::kFloat32, shape, nullptr, BufferRef::adopt(buffer));
}

}  // namespace

Tensor deferred(const Shape& shape, PackedMatrix matrix, Unpack unpack) {
  static std::atomic<std::uint64_t> made{0};
  return deferred_tensor(shape, std::move(matrix), unpack, ++made);
}

std::optional<PackedMatrix> packed_form(const Tensor& tensor) {
  const Deferred* const from = tensor.deferred();
  return from != nullptr ? from->matrix() : std::nullopt;
}

std::optional<Tensor> permuted_form(const Tensor& tensor, std::span<const std::int64_t> perm) {
  const int rank = tensor.rank();
  std::optional<PackedMatrix> matrix = packed_form(tensor);
  if (!matrix || !matrix->outputs_first || rank < 2) return std::nullopt;
  if (static_cast<int>(perm.size()) != rank || tensor.dim(0) != matrix->n ||
      tensor.dim(1) != matrix->k / matrix->taps) {
    return std::nullopt;
  }
  Shape shape;
  for (int axis = 0; axis < rank; ++axis) {
    const std::int64_t from = axis < rank - 2 ? axis + 2 : rank - 1 - axis;
    if (normal_axis(perm[static_cast<std::size_t>(axis)], rank) != from) return std::nullopt;
    shape.push_back(tensor.dim(static_cast<int>(from)));
  }
  matrix->outputs_first = false;
  const Deferred* const from = tensor.deferred();
  return deferred_tensor(shape, *std::move(matrix), from->unpack(), from->id());
}

std::uint64_t hash_of_elements(const Tensor& a) noexcept { return a.deferred()->hash(); }

bool alike(const Tensor& a, const Tensor& b) {
  if (a.own_content() == b.own_content()) return true;
  if (a.deferred()->hash() != b.deferred()->hash()) return false;
  const auto x = packed_form(a), y = packed_form(b);
  const bool comparable = x && y && x->k == y->k && x->n == y->n && x->taps == y->taps;
  if (!comparable) return std::memcmp(a.raw(), b.raw(), a.bytes()) == 0;
  return std::memcmp(x->panels.raw(), y->panels.raw(), x->panels.bytes()) == 0;
}

void copy_elements(const Tensor& tensor, void* to) {
  if (const Deferred* const from = tensor.deferred()) {
    from->copy_to(to);
  } else if (tensor.bytes() > 0) {
    std::memcpy(to, tensor.raw(), tensor.bytes());
  }
}

Tensor plain_copy(const Tensor& tensor) {
  Tensor made = Tensor::allocate(tensor.dtype(), tensor.shape());
  copy_elements(tensor, made.raw());
  return made;
}

void* Tensor::elements() const {
  Deferred* const from = deferred();
  return from != nullptr ? from->elements() : nullptr;
}

std::uint64_t Tensor::own_content() const noexcept {
  const Deferred* const from = deferred();
  return from != nullptr ? from->content() : 0;
}

}  // namespace tw
