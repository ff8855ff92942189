#pragma once

#include <cstdint>

namespace tw {

// A matrix with any two strides.
template <class T>
struct StridedMatrix {
  const T* data;
  std::int64_t row_stride, column_stride;
};

// Rows [row, row + rows) of c = a * b, wrapping on overflow. c is n wide and contiguous.
// For every integer type.
template <class T>
void gemm_integer(const StridedMatrix<T>& a, const StridedMatrix<T>& b, std::int64_t row,
                  std::int64_t rows, std::int64_t n, std::int64_t k, T* c) noexcept;

}  // namespace tw
