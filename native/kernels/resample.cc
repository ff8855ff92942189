#include "kernels/resample.h"

namespace tw {
namespace {

template <class T>
void resample_lines(const Lines& lines, const Taps& taps, const T* x, T* y, std::int64_t first,
                    std::int64_t last) noexcept {
  const std::int64_t inner = lines.inner;
  for (std::int64_t o = first; o < last; ++o) {
    const T* from = x + o * lines.length * inner;
    T* to = y + o * taps.outputs * inner;
    for (std::int64_t i = 0; i < taps.outputs; ++i, to += inner) {
      const std::int64_t* index = taps.index + i * taps.taps;
      const float* weight = taps.weight + i * taps.taps;
      if (index[0] < 0) {
        for (std::int64_t k = 0; k < inner; ++k) to[k] = static_cast<T>(taps.outside);
        continue;
      }
      const T w0 = static_cast<T>(weight[0]);
      const T* row = from + index[0] * inner;
      if (taps.taps == 1) {
        for (std::int64_t k = 0; k < inner; ++k) to[k] = row[k];
        continue;
      }
      for (std::int64_t k = 0; k < inner; ++k) to[k] = row[k] * w0;
      for (std::int64_t t = 1; t < taps.taps; ++t) {
        const T w = static_cast<T>(weight[t]);
        if (w == T(0)) continue;
        row = from + index[t] * inner;
        for (std::int64_t k = 0; k < inner; ++k) to[k] += row[k] * w;
      }
    }
  }
}

template <class T>
void spread_lines(const Lines& lines, const Taps& taps, const T* y, T* x, std::int64_t first,
                  std::int64_t last) noexcept {
  const std::int64_t inner = lines.inner, size = lines.length * inner;
  for (std::int64_t o = first; o < last; ++o) {
    T* to = x + o * size;
    for (std::int64_t k = 0; k < size; ++k) to[k] = T(0);
    const T* from = y + o * taps.outputs * inner;
    for (std::int64_t i = 0; i < taps.outputs; ++i, from += inner) {
      for (std::int64_t t = 0; t < taps.taps; ++t) {
        const std::int64_t index = taps.index[i * taps.taps + t];
        const T w = static_cast<T>(taps.weight[i * taps.taps + t]);
        if (index < 0 || w == T(0)) continue;
        T* row = to + index * inner;
        for (std::int64_t k = 0; k < inner; ++k) row[k] += from[k] * w;
      }
    }
  }
}

}  // namespace

void resample(const Lines& lines, const Taps& taps, const float* x, float* y, std::int64_t first,
              std::int64_t last) noexcept {
  resample_lines(lines, taps, x, y, first, last);
}

void resample(const Lines& lines, const Taps& taps, const double* x, double* y, std::int64_t first,
              std::int64_t last) noexcept {
  resample_lines(lines, taps, x, y, first, last);
}

void spread(const Lines& lines, const Taps& taps, const float* y, float* x, std::int64_t first,
            std::int64_t last) noexcept {
  spread_lines(lines, taps, y, x, first, last);
}

void spread(const Lines& lines, const Taps& taps, const double* y, double* x, std::int64_t first,
            std::int64_t last) noexcept {
  spread_lines(lines, taps, y, x, first, last);
}

}  // namespace tw
