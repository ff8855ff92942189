#pragma once

#include <algorithm>
#include <cstring>

#include "engine.h"

namespace tw::binding {

// memcpy; large blocks on several threads, because the event loop waits meanwhile.
inline void copy_bytes(void* to, const void* from, std::size_t bytes) {
  constexpr std::size_t kPiece = 1 << 20;
  if (bytes == 0) return;
  if (bytes < 2 * kPiece) {
    std::memcpy(to, from, bytes);
    return;
  }
  const auto pieces = static_cast<std::int64_t>((bytes + kPiece - 1) / kPiece);
  parallel_for(pieces, pool_size(), nullptr, [&](std::int64_t piece, int) {
    const std::size_t first = static_cast<std::size_t>(piece) * kPiece;
    std::memcpy(static_cast<char*>(to) + first, static_cast<const char*>(from) + first,
                std::min(kPiece, bytes - first));
  });
}

}  // namespace tw::binding
