#pragma once

#include <cstdint>

namespace tw {

// One loop of a copy: how often, and the steps in bytes (0: the same again; negative: backwards).
struct CopyAxis {
  std::int64_t size, to, from;
};

// Copies outer.size x inner.size elements of the loop's element size.
using CopyLoop = void (*)(char* to, const char* from, const CopyAxis& outer,
                          const CopyAxis& inner) noexcept;

// inner.to and inner.from are both the element size, whatever that is; `bytes` below.
CopyLoop copy_runs(std::int64_t element_bytes) noexcept;
// inner.to is the element size, inner.from is 0.
CopyLoop copy_repeats(std::int64_t element_bytes) noexcept;
// Any steps.
CopyLoop copy_elements(std::int64_t element_bytes) noexcept;
// inner.to and outer.from are the element size: the source's rows become the target's columns.
// stream: writes around the caches, for targets far larger than they are.
CopyLoop copy_transposed(std::int64_t element_bytes, bool stream) noexcept;

}  // namespace tw
