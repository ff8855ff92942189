// Maxima of floats over windows K wide at stride S, a few neighbours of a line at a time: each
// column of inputs is reduced once for all the windows it meets. pool.cc includes it after
// window.h; it compiles once per pass, so it has no include guard of its own.

#include "kernels/pool.h"

namespace tw::KERNEL_ISA {

template <class T, int K, int S>
class MaxTiles {
 public:
  static constexpr int kPixels = 4, kColumns = (kPixels - 1) * S + K, kMostLines = 32;

  // Every window has to meet the input: what lies outside is then replaced by its neighbour inside.
  static bool fits(const PoolShape& p) noexcept {
    const ConvShape& s = p.window;
    for (int d = 0; d < 3; ++d) {
      const std::int64_t last = (s.out[d] - 1) * s.stride[d] - s.pad[d];
      if (s.dilation[d] != 1 || s.pad[d] >= s.kernel[d] || last >= s.in[d]) return false;
    }
    return s.kernel[2] == K && s.stride[2] == S && s.kernel[0] * s.kernel[1] <= kMostLines;
  }

  MaxTiles(const PoolShape& p, const T* x, T* y) noexcept
      : s_(p.window), x_(x), y_(y), c_(p.window.in_channels) {}

  // Output pixels [row, row + count).
  void run(std::int64_t row, std::int64_t count) noexcept {
    for (const std::int64_t end = row + count; row < end;) {
      const Window w(s_, row);
      place_lines(w);
      const std::int64_t left = end - row, in_line = s_.out[2] - w.o[2];
      const std::int64_t pixels = left < in_line ? left : in_line;
      for (std::int64_t i = 0; i < pixels; i += kPixels) {
        place_tile(w.o[2] + i);
        const std::int64_t n = pixels - i;
        maxima(y_ + (row + i) * c_, n < kPixels ? static_cast<int>(n) : kPixels);
      }
      row += pixels;
    }
  }

 private:
  void place_lines(const Window& w) noexcept {
    lines_ = 0;
    for (std::int64_t kd = w.taps[0].begin; kd < w.taps[0].end; ++kd) {
      const std::int64_t plane = w.image * s_.in[0] + w.at[0] + kd;
      for (std::int64_t kh = w.taps[1].begin; kh < w.taps[1].end; ++kh) {
        line_[lines_++] = x_ + (plane * s_.in[1] + w.at[1] + kh) * s_.in[2] * c_;
      }
    }
  }

  void place_tile(std::int64_t o) noexcept {
    for (int i = 0; i < kColumns; ++i) {
      const std::int64_t at = o * S - s_.pad[2] + i, last = s_.in[2] - 1;
      column_[i] = (at < 0 ? 0 : at > last ? last : at) * c_;
    }
  }

  void maxima(T* y, int pixels) const noexcept {
    constexpr int L = kLanes<T>;
    std::int64_t j = 0;
    for (; j + L <= c_; j += L) vectors<Vec<T>, false>(y, pixels, j, L);
    if (j == c_) return;
#if KERNEL_BYTES == 64
    if (c_ - j == L / 2) return vectors<VecBytes<T, 32>, false>(y, pixels, j, L / 2);
#endif
    vectors<Vec<T>, true>(y, pixels, j, c_ - j);
  }

  template <class V, bool kPart>
  VEC_FN void vectors(T* y, int pixels, std::int64_t j, std::int64_t lanes) const noexcept {
    // A plain maximum costs one instruction instead of three, and is right unless there is a NaN.
    if (!reduce<V, kPart, false>(y, pixels, j, lanes)) reduce<V, kPart, true>(y, pixels, j, lanes);
  }

  template <bool kNan, class V>
  static VEC_FN V larger(V a, V b) noexcept {
    return kNan ? max(a, b) : max_or_second(a, b);
  }

  // False, unless kNan, when an input may be NaN: the plain sums, which cost nothing beside the
  // loads, are NaN then.
  template <class V, bool kPart, bool kNan>
  VEC_FN bool reduce(T* y, int pixels, std::int64_t j, std::int64_t lanes) const noexcept {
    V best[kColumns], sums[4] = {};
#pragma GCC unroll 16
    for (int i = 0; i < kColumns; ++i) {
      best[i] = splat<V>(-std::numeric_limits<T>::infinity());
    }
    for (int r = 0; r < lines_; ++r) {
      const T* line = line_[r] + j;
#pragma GCC unroll 16
      for (int i = 0; i < kColumns; ++i) {
        const T* from = line + column_[i];
        const V in = kPart ? load_partial<V>(from, lanes) : load<V>(from);
        best[i] = larger<kNan>(best[i], in);
        if constexpr (!kNan) sums[i % 4] += in;
      }
    }
    const V sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    if (!kNan && !same(sum, sum)) return false;
#pragma GCC unroll 4
    for (int o = 0; o < kPixels; ++o) {
      V v = best[o * S];
#pragma GCC unroll 5
      for (int k = 1; k < K; ++k) v = larger<kNan>(v, best[o * S + k]);
      if (o >= pixels) break;
      if constexpr (kPart) store_partial(y + o * c_ + j, v, lanes);
      if constexpr (!kPart) store(y + o * c_ + j, v);
    }
    return true;
  }

  template <class V>
  static VEC_FN bool same(V a, V b) noexcept {
#if KERNEL_BYTES == 64
    if constexpr (sizeof(V) == 32) return !any_half_bits((VecBytes<std::int32_t, 32>)(a != b));
#endif
    if constexpr (sizeof(V) == KERNEL_BYTES) return all(a == b);
  }

  const ConvShape& s_;
  const T* x_;
  T* y_;
  const std::int64_t c_;
  int lines_ = 0;
  const T* line_[kMostLines];
  std::int64_t column_[kColumns];
};

}  // namespace tw::KERNEL_ISA
