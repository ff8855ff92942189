#pragma once

#include <cstdint>

namespace tw {

// Row r of `to` is the bytes of `from` at offsets[r], for r in [0, rows). Rows of `to` follow each
// other; the two do not overlap.
void gather_rows(char* to, const char* from, const std::int64_t* offsets, std::int64_t rows,
                 std::int64_t bytes) noexcept;

}  // namespace tw
