#include "tensor/slab.h"

#include <memory>
#include <mutex>

#include "tensor/allocator.h"

namespace tw {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Only huge pages that hold a block are ever touched; at its end at most one block's worth is lost.
constexpr std::size_t kSlabBytes = std::size_t{16} << 20;

class Slab;

// Which slab the next block comes from; the lock guards all slabs.
struct Shelf {
  std::mutex mutex;
  Slab* current = nullptr;  // not owned
};

Shelf& shelf() {
  static Shelf& only = *new Shelf;
  return only;
}

// Lives as long as any of its blocks.
class Slab final : public BufferOwner {
 public:
  Slab() : memory_(heap_allocator().allocate(kSlabBytes)) {}

  bool has_room(std::size_t bytes) const noexcept { return bytes <= kSlabBytes - used_; }

  BufferRef take(std::size_t bytes) {
    auto* const buffer = new Buffer(static_cast<char*>(memory_->data()) + used_, bytes, this);
    used_ += bytes;
    ++live_;
    return BufferRef::adopt(buffer);
  }

  void release(Buffer&) noexcept override {
    std::lock_guard lock(shelf().mutex);
    if (--live_ > 0) return;
    if (shelf().current == this) shelf().current = nullptr;
    delete this;
  }

 private:
  const BufferRef memory_;
  std::size_t used_ = 0;
  std::size_t live_ = 0;
};

}  // namespace

BufferRef allocate_beside(std::size_t bytes) {
  if (bytes >= kHugePage) return heap_allocator().allocate(bytes);
  const std::size_t rounded = (bytes + kAlignment - 1) & ~(kAlignment - 1);
  Shelf& place = shelf();
  std::lock_guard lock(place.mutex);
  if (place.current != nullptr && place.current->has_room(rounded)) {
    return place.current->take(rounded);
  }
  // The slab before lives on by its blocks.
  auto made = std::make_unique<Slab>();
  BufferRef block = made->take(rounded);
  place.current = made.release();
  return block;
}

}  // namespace tw
