#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "tensor/buffer.h"

namespace tw {

constexpr std::size_t kAlignment = 64;

// Gives 64-byte aligned blocks under a limit. Blocks of 64 KiB and more come in size classes, ask
// for huge pages and are kept for the next request, because first touch of fresh pages costs more
// than most kernels. Blocks may outlive the handle to the allocator; safe on any thread.
class Allocator final : public BufferOwner, public std::enable_shared_from_this<Allocator> {
 public:
  struct Stats {
    std::size_t live_bytes = 0;    // given out and not yet back
    std::size_t pooled_bytes = 0;  // back, kept for reuse
    std::size_t peak_bytes = 0;    // the most that was ever given out
  };

  // limit: in bytes, 0 for none.
  static std::shared_ptr<Allocator> make(std::size_t limit);
  ~Allocator();

  // Uninitialised memory. Throws kResourceExhausted over the limit or when the system has none.
  BufferRef allocate(std::size_t bytes);
  // Gives kept blocks back to the system.
  void trim() noexcept;
  Stats stats() const;
  std::size_t limit() const noexcept { return limit_; }

  void release(Buffer& buffer) noexcept override;

 private:
  static constexpr int kClasses = 4 * 48;
  explicit Allocator(std::size_t limit) : limit_(limit) {}
  void free_pooled() noexcept;

  const std::size_t limit_;
  mutable std::mutex mutex_;
  Stats stats_;
  std::array<std::vector<void*>, kClasses> kept_;
  std::shared_ptr<Allocator> self_;  // held while blocks are out
};

// For constants and values made while building; no limit.
Allocator& heap_allocator();
// 80 % of the smaller of the cgroup's memory limit and the machine's memory.
std::size_t default_memory_limit() noexcept;

}  // namespace tw
