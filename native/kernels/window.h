// The part of a window that lies inside the input. Kernel files include it after vec.h; it compiles
// once per pass, so it has no include guard of its own.

#include "kernels/conv_shape.h"

namespace tw::KERNEL_ISA {

struct Range {
  std::int64_t begin, end;
};

// Taps k with 0 <= o * stride - pad + k * dilation < in + beyond.
static inline Range taps_inside(const ConvShape& s, int d, std::int64_t o, std::int64_t before,
                                std::int64_t beyond) noexcept {
  const std::int64_t start = o * s.stride[d] - s.pad[d] + before, step = s.dilation[d];
  const std::int64_t size = s.in[d] + before + beyond;
  // Divisions cost more than a small window does.
  if (start >= 0 && start + (s.kernel[d] - 1) * step < size) return {0, s.kernel[d]};
  const auto ceil_div = [&](std::int64_t a) { return step == 1 ? a : (a + step - 1) / step; };
  const std::int64_t begin = start >= 0 ? 0 : ceil_div(-start);
  const std::int64_t end = size <= start ? 0 : ceil_div(size - start);
  const std::int64_t last = end < s.kernel[d] ? end : s.kernel[d];
  return {begin < last ? begin : last, last};
}

// The window of one output pixel: which taps, and where they begin in the input.
struct Window {
  Range taps[3];
  std::int64_t image;
  std::int64_t at[3];  // input position of tap 0, perhaps outside
  std::int64_t o[3];

  Window(const ConvShape& s, std::int64_t row) noexcept {
    for (int d = 2; d >= 0; --d) o[d] = row % s.out[d], row /= s.out[d];
    image = row;
    for (int d = 0; d < 3; ++d) place(s, d);
  }

  // To the next pixel of the batch.
  void advance(const ConvShape& s) noexcept {
    int d = 2;
    for (; d >= 0 && ++o[d] == s.out[d]; --d) o[d] = 0;
    if (d < 0) ++image;
    for (int changed = d < 0 ? 0 : d; changed < 3; ++changed) place(s, changed);
  }

  void place(const ConvShape& s, int d) noexcept {
    taps[d] = taps_inside(s, d, o[d], 0, 0);
    at[d] = o[d] * s.stride[d] - s.pad[d];
  }

  std::int64_t count() const noexcept {
    std::int64_t n = 1;
    for (int d = 0; d < 3; ++d) n *= taps[d].end - taps[d].begin;
    return n;
  }

  // body(input pixel, tap) for each tap inside, in order.
  template <class Body>
  VEC_FN void each(const ConvShape& s, Body body) const noexcept {
    for (std::int64_t kd = taps[0].begin; kd < taps[0].end; ++kd) {
      const std::int64_t plane = image * s.in[0] + at[0] + kd * s.dilation[0];
      for (std::int64_t kh = taps[1].begin; kh < taps[1].end; ++kh) {
        const std::int64_t line = (plane * s.in[1] + at[1] + kh * s.dilation[1]) * s.in[2] + at[2];
        const std::int64_t tap = (kd * s.kernel[1] + kh) * s.kernel[2];
        for (std::int64_t kw = taps[2].begin; kw < taps[2].end; ++kw) {
          body.apply(line + kw * s.dilation[2], tap + kw);
        }
      }
    }
  }
};

}  // namespace tw::KERNEL_ISA
