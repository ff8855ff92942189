#include "kernels/resize.h"

#define KERNEL_FILE "kernels/resize.cc"
#include "simd/foreach_isa.h"

namespace tw::KERNEL_ISA {

template <class T>
static float as_float(T x) noexcept {
  return static_cast<float>(x);
}
static float as_float(Half x) noexcept { return to_float(x); }
static float as_float(BFloat16 x) noexcept { return to_float(x); }

template <class T>
static void between(float* y, const void* x, const ResizeAxis& axis,
                    std::int64_t channels) noexcept {
  const T* row = static_cast<const T*>(x);
  for (std::int64_t i = 0; i < axis.size; ++i) {
    const T *a = row + axis.lower[i], *b = row + axis.upper[i];
    const float w = axis.weight[i];
    float* __restrict to = y + i * channels;
    for (std::int64_t c = 0; c < channels; ++c) {
      const float left = as_float(a[c]), right = as_float(b[c]);
      to[c] = left + (right - left) * w;
    }
  }
}

static ResizeRow row_of(DType dtype) noexcept {
  switch (dtype) {
    case DType::kFloat32: return between<float>;
    case DType::kFloat64: return between<double>;
    case DType::kFloat16: return between<Half>;
    case DType::kBFloat16: return between<BFloat16>;
    case DType::kInt8: return between<std::int8_t>;
    case DType::kInt16: return between<std::int16_t>;
    case DType::kInt32: return between<std::int32_t>;
    case DType::kInt64: return between<std::int64_t>;
    case DType::kUint8: return between<std::uint8_t>;
    case DType::kUint16: return between<std::uint16_t>;
    case DType::kUint32: return between<std::uint32_t>;
    default: return between<std::uint64_t>;
  }
}

static void blend(float* __restrict y, const float* top, const float* bottom, float weight,
                  std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; ++i) y[i] = top[i] + (bottom[i] - top[i]) * weight;
}

static void spread(float* dx, const float* dy, const ResizeAxis& axis, std::int64_t channels,
                   float scale) noexcept {
  for (std::int64_t i = 0; i < axis.size; ++i) {
    const float right = axis.weight[i] * scale, left = scale - right;
    const float* from = dy + i * channels;
    float *a = dx + axis.lower[i], *b = dx + axis.upper[i];
    for (std::int64_t c = 0; c < channels; ++c) a[c] += from[c] * left;
    for (std::int64_t c = 0; c < channels; ++c) b[c] += from[c] * right;
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

ResizeRow resize_row(DType dtype) noexcept { return KERNEL_SELECT(row_of)(dtype); }

void blend_rows(float* y, const float* top, const float* bottom, float weight,
                std::int64_t n) noexcept {
  KERNEL_SELECT(blend)(y, top, bottom, weight, n);
}

void spread_row(float* dx, const float* dy, const ResizeAxis& axis, std::int64_t channels,
                float scale) noexcept {
  KERNEL_SELECT(spread)(dx, dy, axis, channels, scale);
}

}  // namespace tw
#endif
