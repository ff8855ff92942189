#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tw {

class Buffer;
class Deferred;

// What is to happen to a buffer's memory when nobody refers to it any more.
class BufferOwner {
 public:
  virtual void release(Buffer& buffer) noexcept = 0;
  // Of buffers without data, whose elements are made when somebody asks for them.
  virtual Deferred* deferred() noexcept { return nullptr; }

 protected:
  ~BufferOwner() = default;
};

// A block of memory, counted by its references. Deleted after owner->release.
class Buffer {
 public:
  Buffer(void* data, std::size_t bytes, BufferOwner* owner) noexcept
      : data_(data), bytes_(bytes), owner_(owner) {}

  void* data() const noexcept { return data_; }
  std::size_t bytes() const noexcept { return bytes_; }
  Deferred* deferred() const noexcept { return owner_ != nullptr ? owner_->deferred() : nullptr; }

  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void drop() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (owner_ != nullptr) owner_->release(*this);
    delete this;
  }
  bool unique() const noexcept { return references_.load(std::memory_order_acquire) == 1; }

 private:
  void* data_;
  std::size_t bytes_;
  BufferOwner* owner_;
  std::atomic<std::int64_t> references_{1};
};

// A counted reference to a buffer, or none.
class BufferRef {
 public:
  BufferRef() = default;
  static BufferRef adopt(Buffer* buffer) noexcept {
    BufferRef ref;
    ref.buffer_ = buffer;
    return ref;
  }
  BufferRef(const BufferRef& other) noexcept : buffer_(other.buffer_) {
    if (buffer_ != nullptr) buffer_->retain();
  }
  BufferRef(BufferRef&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  BufferRef& operator=(BufferRef other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~BufferRef() {
    if (buffer_ != nullptr) buffer_->drop();
  }
  Buffer* get() const noexcept { return buffer_; }
  Buffer* operator->() const noexcept { return buffer_; }
  explicit operator bool() const noexcept { return buffer_ != nullptr; }

 private:
  Buffer* buffer_ = nullptr;
};

}  // namespace tw
