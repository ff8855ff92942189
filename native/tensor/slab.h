#pragma once

#include <cstddef>

#include "tensor/buffer.h"

namespace tw {

// Uninitialised 64-byte aligned memory for values that live long, such as weights: those too small
// for huge pages of their own lie side by side in shared ones, which take one page fault where
// small pages take 512. Shared memory goes back when nobody refers to any part of it. Safe on any
// thread; throws kResourceExhausted when the system has none.
BufferRef allocate_beside(std::size_t bytes);

}  // namespace tw
