#pragma once

#include <cstdint>

namespace tw {

// What happens to the outputs of a product after their last addition, in this order: bias (the
// chain begins with it), clamp, program. The program runs on finished blocks while they are in
// cache: rows [row, row + rows) and columns [column, column + columns) of the whole output, y
// being the block's first element and rows of it y_stride elements apart.
template <class T>
struct BlockEpilogue {
  const T* bias = nullptr;  // one for each column
  bool clamp = false;       // NaN passes through
  T low{}, high{};
  void (*program)(const void* context, T* y, std::int64_t y_stride, std::int64_t row,
                  std::int64_t rows, std::int64_t column, std::int64_t columns) = nullptr;
  const void* context = nullptr;
};

}  // namespace tw
