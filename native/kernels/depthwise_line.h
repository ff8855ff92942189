// Some lines of a depthwise convolution for one vector of channels. depthwise.cc includes it after
// window.h; it compiles once per pass, so it has no include guard of its own.

#include "kernels/block_epilogue.h"

namespace tw::KERNEL_ISA {

// Keeps a value in a register: the compiler would rather load it anew for each use, and compute each
// address by itself.
template <class V>
VEC_FN void in_register(V& v) noexcept {
#if defined(__x86_64__)
  if constexpr (std::is_pointer_v<V>) asm("" : "+r"(v));
  if constexpr (!std::is_pointer_v<V> && KERNEL_BYTES == 64) asm("" : "+v"(v));
  if constexpr (!std::is_pointer_v<V> && KERNEL_BYTES < 64) asm("" : "+x"(v));
#endif
}

// An output line: which taps are inside along depth and height, where the line under tap 0 begins
// in the input (perhaps outside), and where the line begins in the output.
struct LinePlace {
  Range depth, height;
  std::int64_t in, out;
};

template <class T>
struct DepthwiseLines {
  const ConvShape& s;
  const T* x;  // first channel of the vector, pixel 0
  const T* w;
  T* y;
  const LinePlace* places;
  int count;
  std::int64_t lanes;
  Vec<T> start, low, high;
  bool clamp;

  VEC_FN const T* line_of(const LinePlace& p, std::int64_t kd, std::int64_t kh) const noexcept {
    const std::int64_t lines = kd * s.dilation[0] * s.in[1] + kh * s.dilation[1];
    return x + p.in + lines * s.in[2] * s.in_channels;
  }
  template <bool kFull>
  VEC_FN Vec<T> read(const T* p) const noexcept {
    return kFull ? load<Vec<T>>(p) : load_partial<Vec<T>>(p, lanes);
  }
  template <bool kFull>
  VEC_FN void write(const LinePlace& p, std::int64_t pixel, Vec<T> v) const noexcept {
    if (clamp) v = min_or_second(high, max_or_second(low, v));
    T* out = y + p.out + pixel * s.in_channels;
    if constexpr (kFull) store(out, v);
    if constexpr (!kFull) store_partial(out, v, lanes);
  }

  // Any kernel: one pixel, of which taps `columns` are inside.
  template <bool kFull>
  VEC_FN void pixel(const LinePlace& p, std::int64_t o, Range columns) const noexcept {
    const std::int64_t c = s.in_channels, first = (o * s.stride[2] - s.pad[2]) * c;
    Vec<T> acc = start;
    for (std::int64_t kd = p.depth.begin; kd < p.depth.end; ++kd) {
      for (std::int64_t kh = p.height.begin; kh < p.height.end; ++kh) {
        const T* line = line_of(p, kd, kh) + first;
        const T* weights = w + (kd * s.kernel[1] + kh) * s.kernel[2] * c;
        for (std::int64_t kw = columns.begin; kw < columns.end; ++kw) {
          const T* at = line + kw * s.dilation[2] * c;
          acc = fma(read<kFull>(at), read<kFull>(weights + kw * c), acc);
        }
      }
    }
    write<kFull>(p, o, acc);
  }

  // The products of one row of taps for N pixels; in[] holds what they read.
  template <int W, int S, int N, bool kEdge, bool kFull>
  VEC_FN void add_row(const T* from, const T* weights, std::int64_t first,
                      Vec<T>* acc) const noexcept {
    constexpr int kInputs = (N - 1) * S + W;
    const std::int64_t c = s.in_channels, size = s.in[2];
    Vec<T> in[kInputs];
#pragma GCC unroll 24
    for (int i = 0; i < kInputs; ++i, from += c) {
      const bool outside = kEdge && (first + i < 0 || first + i >= size);
      in[i] = outside ? Vec<T>{} : read<kFull>(from);
      in_register(in[i]);
      in_register(from);
    }
#pragma GCC unroll 8
    for (int k = 0; k < W; ++k, weights += c) {
      Vec<T> weight = read<kFull>(weights);
      in_register(weight);
#pragma GCC unroll 8
      for (int i = 0; i < N; ++i) acc[i] = fma(in[i * S + k], weight, acc[i]);
    }
  }

  // N pixels from o on with kernels W wide at stride S: each input vector is loaded once for all
  // the pixels it meets. At an edge, what lies outside counts as zeros.
  template <int W, int S, int N, bool kEdge, bool kFull>
  VEC_FN void tile(const LinePlace& p, std::int64_t o) const noexcept {
    const std::int64_t c = s.in_channels, first = o * S - s.pad[2];
    const std::int64_t line = s.dilation[1] * s.in[2] * c;
    const std::int64_t rows = p.height.end - p.height.begin;
    Vec<T> acc[N];
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i) acc[i] = start;
    for (std::int64_t kd = p.depth.begin; kd < p.depth.end; ++kd) {
      const T* at = line_of(p, kd, p.height.begin) + first * c;
      const T* weights = w + (kd * s.kernel[1] + p.height.begin) * W * c;
      for (std::int64_t r = 0; r < rows; ++r, at += line, weights += W * c) {
        add_row<W, S, N, kEdge, kFull>(at, weights, first, acc);
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i) {
      if (!kEdge || o + i < s.out[2]) write<kFull>(p, o + i, acc[i]);
    }
  }

  // Downwards strip by strip: the rows that neighbouring lines share stay in L1, whatever the
  // width and the number of channels.
  template <int W, int S, int N, bool kFull>
  VEC_FN void strips() const noexcept {
    for (int i = 0; i < count; ++i) {
      for (std::int64_t o = 0; o < s.out[2]; o += N) {
        const std::int64_t first = o * S - s.pad[2];
        const bool whole = first >= 0 && first + (N - 1) * S + W <= s.in[2] && o + N <= s.out[2];
        if (whole) {
          tile<W, S, N, false, kFull>(places[i], o);
        } else {
          tile<W, S, N, true, kFull>(places[i], o);
        }
      }
    }
  }

  template <bool kFull>
  void run() const noexcept {
    // As many pixels as leave registers for the inputs that they share.
    constexpr bool kMany = KERNEL_BYTES == 64;
    if (s.dilation[2] == 1 && s.kernel[2] == 3 && s.stride[2] == 1) {
      return strips<3, 1, kMany ? 8 : 4, kFull>();
    }
    if (s.dilation[2] == 1 && s.kernel[2] == 3 && s.stride[2] == 2) {
      return strips<3, 2, kMany ? 6 : 3, kFull>();
    }
    if (s.dilation[2] == 1 && s.kernel[2] == 5 && s.stride[2] == 1) {
      return strips<5, 1, kMany ? 8 : 4, kFull>();
    }
    if (s.dilation[2] == 1 && s.kernel[2] == 5 && s.stride[2] == 2) {
      return strips<5, 2, kMany ? 6 : 3, kFull>();
    }
    for (std::int64_t o = 0; o < s.out[2]; ++o) {
      const Range columns = taps_inside(s, 2, o, 0, 0);
      for (int i = 0; i < count; ++i) pixel<kFull>(places[i], o, columns);
    }
  }
};

}  // namespace tw::KERNEL_ISA
