#include "tensor/allocator.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "base/cpu_quota.h"
#include "base/error.h"

namespace tw {
namespace {

constexpr std::size_t kPooledBytes = 64 * 1024;
constexpr std::size_t kHugePage = 2 * 1024 * 1024;

// Four classes for each power of two: at most a quarter of a block is unused.
std::size_t class_bytes(std::size_t bytes) {
  const std::size_t power = std::bit_floor(bytes);
  const std::size_t step = power / 4;
  return (bytes + step - 1) / step * step;
}

int class_index(std::size_t rounded) {
  const int log2 = std::bit_width(rounded) - 1;
  const std::size_t quarter = (rounded - (std::size_t{1} << log2)) / ((std::size_t{1} << log2) / 4);
  return log2 * 4 + static_cast<int>(quarter);
}

std::size_t rounded_bytes(std::size_t bytes) {
  if (bytes < kPooledBytes) return (std::max<std::size_t>(bytes, 1) + kAlignment - 1) & ~(kAlignment - 1);
  return class_bytes(bytes);
}

void* system_block(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : kAlignment;
  void* block = nullptr;
  if (posix_memalign(&block, alignment, bytes) != 0) return nullptr;
#if defined(MADV_HUGEPAGE)
  if (bytes >= kHugePage) madvise(block, bytes & ~(kHugePage - 1), MADV_HUGEPAGE);
#endif
  return block;
}

}  // namespace

std::shared_ptr<Allocator> Allocator::make(std::size_t limit) {
  return std::shared_ptr<Allocator>(new Allocator(limit));
}

Allocator::~Allocator() { free_pooled(); }

BufferRef Allocator::allocate(std::size_t bytes) {
  const std::size_t rounded = rounded_bytes(bytes);
  void* block = nullptr;
  {
    std::lock_guard lock(mutex_);
    check(limit_ == 0 || stats_.live_bytes + rounded <= limit_, Code::kResourceExhausted,
          "memory limit of ", limit_, " bytes: ", stats_.live_bytes, " are in use and ", rounded,
          " more were asked for");
    if (rounded >= kPooledBytes) {
      auto& kept = kept_[class_index(rounded)];
      if (!kept.empty()) {
        block = kept.back();
        kept.pop_back();
        stats_.pooled_bytes -= rounded;
      } else if (limit_ != 0 && stats_.live_bytes + stats_.pooled_bytes + rounded > limit_) {
        free_pooled();
      }
    }
    if (stats_.live_bytes == 0) self_ = shared_from_this();
    stats_.live_bytes += rounded;
    stats_.peak_bytes = std::max(stats_.peak_bytes, stats_.live_bytes);
  }
  if (block == nullptr) block = system_block(rounded);
  if (block == nullptr) {
    std::shared_ptr<Allocator> last;
    std::lock_guard lock(mutex_);
    stats_.live_bytes -= rounded;
    if (stats_.live_bytes == 0) last = std::move(self_);
    fail(Code::kResourceExhausted, "the system has no ", rounded, " bytes of memory");
  }
  return BufferRef::adopt(new Buffer(block, rounded, this));
}

void Allocator::release(Buffer& buffer) noexcept {
  std::shared_ptr<Allocator> last;
  {
    std::lock_guard lock(mutex_);
    stats_.live_bytes -= buffer.bytes();
    if (buffer.bytes() >= kPooledBytes) {
      kept_[class_index(buffer.bytes())].push_back(buffer.data());
      stats_.pooled_bytes += buffer.bytes();
    } else {
      std::free(buffer.data());
    }
    if (stats_.live_bytes == 0) last = std::move(self_);
  }
}

void Allocator::free_pooled() noexcept {
  for (auto& kept : kept_) {
    for (void* block : kept) std::free(block);
    kept.clear();
  }
  stats_.pooled_bytes = 0;
}

void Allocator::trim() noexcept {
  std::lock_guard lock(mutex_);
  free_pooled();
}

Allocator::Stats Allocator::stats() const {
  std::lock_guard lock(mutex_);
  return stats_;
}

Allocator& heap_allocator() {
  static Allocator& heap = **new std::shared_ptr<Allocator>(Allocator::make(0));
  return heap;
}

std::size_t default_memory_limit() noexcept {
  const std::size_t ram =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::uint64_t group = cgroup_memory_limit();
  return (group == 0 ? ram : std::min<std::uint64_t>(ram, group)) / 5 * 4;
}

}  // namespace tw
