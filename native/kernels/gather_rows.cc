#include "kernels/gather_rows.h"

#include <cstddef>
#include <cstring>

namespace tw {
namespace {

template <int kBytes>
void gather_fixed(char* to, const char* from, const std::int64_t* offsets,
                  std::int64_t rows) noexcept {
  for (std::int64_t r = 0; r < rows; ++r) std::memcpy(to + r * kBytes, from + offsets[r], kBytes);
}

}  // namespace

void gather_rows(char* to, const char* from, const std::int64_t* offsets, std::int64_t rows,
                 std::int64_t bytes) noexcept {
  switch (bytes) {
    case 1: return gather_fixed<1>(to, from, offsets, rows);
    case 2: return gather_fixed<2>(to, from, offsets, rows);
    case 4: return gather_fixed<4>(to, from, offsets, rows);
    case 8: return gather_fixed<8>(to, from, offsets, rows);
    case 16: return gather_fixed<16>(to, from, offsets, rows);
    default: break;
  }
  // Rows lie anywhere: the next one is asked for while this one is copied.
  for (std::int64_t r = 0; r < rows; ++r) {
    if (r + 1 < rows) __builtin_prefetch(from + offsets[r + 1]);
    std::memcpy(to + r * bytes, from + offsets[r], static_cast<std::size_t>(bytes));
  }
}

}  // namespace tw
