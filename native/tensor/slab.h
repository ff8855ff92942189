#pragma once

#include <cstddef>

#include "tensor/buffer.h"

namespace tw {

// Uninitialised 64-byte aligned memory for values that live long, such as weights: those too small
// for huge pages of their own lie side by side in shared ones, whose first touch costs a fraction
// of that of small pages. Shared memory goes back when nobody refers to any part of it. Safe on any
// thread; throws kResourceExhausted when the system has none.
BufferRef allocate_beside(std::size_t bytes);

}  // namespace tw
