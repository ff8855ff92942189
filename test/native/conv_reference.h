#pragma once

#include <vector>

#include "kernels/conv_shape.h"

namespace tw::test {

// What a convolution of zero-padded input must give, in float64, and the sum of the sizes of the
// products, which bounds its rounding.
struct ConvReference {
  std::vector<double> y, size;
};

// body(output row, input row, tap) for every tap that falls inside the input.
template <class Body>
void each_tap(const ConvShape& s, Body body) {
  const auto inside = [&](int d, std::int64_t o, std::int64_t k) {
    const std::int64_t p = s.position(d, o, k);
    return p >= 0 && p < s.in[d];
  };
  for (std::int64_t row = 0; row < s.rows(); ++row) {
    const std::int64_t w = row % s.out[2], h = row / s.out[2] % s.out[1];
    const std::int64_t d = row / (s.out[2] * s.out[1]) % s.out[0], n = row / s.out_pixels();
    for (std::int64_t tap = 0; tap < s.taps(); ++tap) {
      const std::int64_t kw = tap % s.kernel[2], kh = tap / s.kernel[2] % s.kernel[1];
      const std::int64_t kd = tap / (s.kernel[2] * s.kernel[1]);
      if (!inside(0, d, kd) || !inside(1, h, kh) || !inside(2, w, kw)) continue;
      const std::int64_t plane = n * s.in[0] + s.position(0, d, kd);
      const std::int64_t line = plane * s.in[1] + s.position(1, h, kh);
      body(row, line * s.in[2] + s.position(2, w, kw), tap);
    }
  }
}

template <class T>
ConvReference conv_reference(const ConvShape& s, const std::vector<T>& x, const std::vector<T>& w,
                             const std::vector<T>& bias) {
  const std::int64_t k = s.out_channels, c = s.in_channels;
  ConvReference r;
  for (std::int64_t i = 0; i < s.rows() * k; ++i) {
    r.y.push_back(bias.empty() ? 0.0 : bias[i % k]);
    r.size.push_back(r.y.back() < 0 ? -r.y.back() : r.y.back());
  }
  each_tap(s, [&](std::int64_t row, std::int64_t pixel, std::int64_t tap) {
    for (std::int64_t o = 0; o < k; ++o) {
      const std::int64_t first = o / s.group_out() * s.group_in();
      for (std::int64_t i = 0; i < s.group_in(); ++i) {
        const double p = static_cast<double>(x[pixel * c + first + i]) *
                         w[(tap * s.group_in() + i) * k + o];
        r.y[row * k + o] += p;
        r.size[row * k + o] += p < 0 ? -p : p;
      }
    }
  });
  return r;
}

}  // namespace tw::test
