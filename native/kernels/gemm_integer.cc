#include "kernels/gemm_integer.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/gemm_integer.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

// Signed arithmetic goes through the unsigned type, where wrapping is defined. Small types are
// promoted to int by the language, which cannot overflow for one product of them but for uint16.
template <class T>
using Wrapping = std::conditional_t<sizeof(T) < 4, std::uint32_t, std::make_unsigned_t<T>>;

template <class T>
static void axpy_rows(const StridedMatrix<T>& a, const StridedMatrix<T>& b, std::int64_t row,
                      std::int64_t rows, std::int64_t n, std::int64_t k, T* c) noexcept {
  using W = Wrapping<T>;
  constexpr std::int64_t kChunk = 256;
  for (std::int64_t first = 0; first < n; first += kChunk) {
    const std::int64_t count = n - first < kChunk ? n - first : kChunk;
    for (std::int64_t r = row; r < row + rows; ++r) {
      W sums[kChunk] = {};
      for (std::int64_t i = 0; i < k; ++i) {
        const W x = static_cast<W>(a.data[r * a.row_stride + i * a.column_stride]);
        const T* y = b.data + i * b.row_stride + first;
        for (std::int64_t j = 0; j < count; ++j) sums[j] += x * static_cast<W>(y[j]);
      }
      for (std::int64_t j = 0; j < count; ++j) c[r * n + first + j] = static_cast<T>(sums[j]);
    }
  }
}

template <class T>
static void dot_rows(const StridedMatrix<T>& a, const StridedMatrix<T>& b, std::int64_t row,
                     std::int64_t rows, std::int64_t n, std::int64_t k, T* c) noexcept {
  using W = Wrapping<T>;
  for (std::int64_t r = row; r < row + rows; ++r) {
    for (std::int64_t j = 0; j < n; ++j) {
      const T* x = a.data + r * a.row_stride;
      const T* y = b.data + j * b.column_stride;
      W sum = 0;
      for (std::int64_t i = 0; i < k; ++i) {
        sum += static_cast<W>(x[i * a.column_stride]) * static_cast<W>(y[i * b.row_stride]);
      }
      c[r * n + j] = static_cast<T>(sum);
    }
  }
}

template <class T>
static void product(const StridedMatrix<T>& a, const StridedMatrix<T>& b, std::int64_t row,
                    std::int64_t rows, std::int64_t n, std::int64_t k, T* c) noexcept {
  if (b.column_stride == 1) return axpy_rows(a, b, row, rows, n, k, c);
  dot_rows(a, b, row, rows, n, k, c);
}

template <class T>
struct Integer {
  static constexpr auto product = KERNEL_ISA::product<T>;
};

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void gemm_integer(const StridedMatrix<T>& a, const StridedMatrix<T>& b, std::int64_t row,
                  std::int64_t rows, std::int64_t n, std::int64_t k, T* c) noexcept {
  KERNEL_SELECT(Integer<T>::product)(a, b, row, rows, n, k, c);
}

#define TW_INTEGER(T)                                                                          \
  template void gemm_integer(const StridedMatrix<T>&, const StridedMatrix<T>&, std::int64_t,   \
                             std::int64_t, std::int64_t, std::int64_t, T*) noexcept;
TW_INTEGER(std::int8_t)
TW_INTEGER(std::int16_t)
TW_INTEGER(std::int32_t)
TW_INTEGER(std::int64_t)
TW_INTEGER(std::uint8_t)
TW_INTEGER(std::uint16_t)
TW_INTEGER(std::uint32_t)
TW_INTEGER(std::uint64_t)
#undef TW_INTEGER

}  // namespace tw
#endif
