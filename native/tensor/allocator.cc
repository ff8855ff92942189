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

// Mapped, not from the heap, so that what is given back leaves the process at once. Of its `bytes`
// the first `used` are asked for: a huge page is whole in memory once any of it is touched, so the
// last of them, where they do not fill one, stay in small pages.
void* huge_block(std::size_t bytes, std::size_t used) {
  const std::size_t mapped = bytes + kHugePage;
  void* const map =
      mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) return nullptr;
  const auto begin = reinterpret_cast<std::uintptr_t>(map);
  const std::uintptr_t block = (begin + kHugePage - 1) & ~(kHugePage - 1);
  if (block > begin) munmap(map, block - begin);
  const std::uintptr_t end = block + bytes;
  const std::uintptr_t page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t last = (end + page - 1) & ~(page - 1);
  if (begin + mapped > last) munmap(reinterpret_cast<void*>(last), begin + mapped - last);
#if defined(MADV_HUGEPAGE)
  madvise(reinterpret_cast<void*>(block), used & ~(kHugePage - 1), MADV_HUGEPAGE);
#endif
  return reinterpret_cast<void*>(block);
}

void* system_block(std::size_t bytes, std::size_t used) {
  if (bytes >= kHugePage) return huge_block(bytes, used);
  void* block = nullptr;
  return posix_memalign(&block, kAlignment, bytes) == 0 ? block : nullptr;
}

void free_block(void* block, std::size_t bytes) noexcept {
  if (bytes >= kHugePage) {
    munmap(block, bytes);
  } else {
    std::free(block);
  }
}

// The inverse of class_index.
std::size_t bytes_of_class(std::size_t index) {
  const std::size_t power = std::size_t{1} << (index / 4);
  return power + power / 4 * (index % 4);
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
  if (block == nullptr) block = system_block(rounded, bytes);
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
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    for (void* block : kept_[i]) free_block(block, bytes_of_class(i));
    kept_[i].clear();
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
