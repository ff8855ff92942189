#pragma once

#include <mutex>
#include <vector>

#include "tensor/allocator.h"

namespace tw {

// The arenas of a session's frames that no run uses right now. All plans share them, so that an
// unseen feed shape finds memory that was touched before, and idle plans hold none.
class ArenaCache {
 public:
  explicit ArenaCache(Allocator& allocator) : allocator_(allocator) {}

  // A block of at least `bytes`: the smallest that fits, else a new one.
  BufferRef take(std::size_t bytes);
  void give(BufferRef arena);
  void clear();

 private:
  static constexpr std::size_t kMostIdle = 8;
  Allocator& allocator_;
  std::mutex mutex_;
  std::vector<BufferRef> idle_;  // smallest first
};

}  // namespace tw
