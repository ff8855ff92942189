#include "runtime/arena_cache.h"

#include <algorithm>

namespace tw {
namespace {

struct BySize {
  bool operator()(const BufferRef& a, std::size_t bytes) const { return a->bytes() < bytes; }
};

}  // namespace

BufferRef ArenaCache::take(std::size_t bytes) {
  {
    std::lock_guard lock(mutex_);
    const auto found = std::lower_bound(idle_.begin(), idle_.end(), bytes, BySize());
    if (found != idle_.end()) {
      BufferRef arena = std::move(*found);
      idle_.erase(found);
      return arena;
    }
    // None is large enough: the new one will serve wherever the largest did, which makes room.
    if (!idle_.empty()) idle_.pop_back();
  }
  // The process grows: by no more than it must.
  allocator_.trim();
  return allocator_.allocate(bytes);
}

void ArenaCache::give(BufferRef arena) {
  std::lock_guard lock(mutex_);
  const auto place = std::lower_bound(idle_.begin(), idle_.end(), arena->bytes(), BySize());
  idle_.insert(place, std::move(arena));
  if (idle_.size() > kMostIdle) idle_.erase(idle_.begin());
}

void ArenaCache::clear() {
  std::lock_guard lock(mutex_);
  idle_.clear();
}

}  // namespace tw
