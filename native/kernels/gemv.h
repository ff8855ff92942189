#pragma once

#include <cstdint>

namespace tw {

// y[j] = start[j] + sum over k of a[k] * b[k * stride + j] for j < n; start may be null or y.
// The chain runs in the order of k.
template <class T>
void gemv_row(const T* a, const T* b, std::int64_t stride, std::int64_t k, std::int64_t n,
              const T* start, T* y) noexcept;

// y[i * y_stride] = start(i) + sum over k of x[k] * rows[i * stride + k] for i < n, where start(i)
// is start[i * start_step] or 0. The sum runs in lanes whose number depends on the instruction set.
template <class T>
void gemv_dots(const T* rows, std::int64_t stride, const T* x, std::int64_t k, std::int64_t n,
               const T* start, std::int64_t start_step, T* y, std::int64_t y_stride) noexcept;

// y[i] = min(max(y[i], low), high), NaN passing through.
template <class T>
void clamp_row(T* y, std::int64_t n, T low, T high) noexcept;

}  // namespace tw
