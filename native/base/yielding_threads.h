#pragma once

#include "base/function_ref.h"

namespace tw {

// Runs long work on a thread that on Linux comes after the others of the process, such as one that
// serves an event loop, where these want its core, and waits for its end. At most pool_size() such works go
// on at the same time; others wait in order. Where no thread can be had the caller does the work.
// The work throws nothing.
void run_yielding(FunctionRef<void()> work) noexcept;

}  // namespace tw
