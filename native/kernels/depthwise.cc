#include "kernels/depthwise.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/depthwise.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/window.h"

namespace tw::KERNEL_ISA {

// Output pixels that share each load of the weights.
static constexpr int kPixels = KERNEL_BYTES == 64 ? 8 : 6;

// One line of outputs for one vector of channels.
template <class T>
struct DepthwiseLine {
  const ConvShape& s;
  const T* x;  // first channel of the image's first pixel
  const T* w;  // first channel of tap 0
  T* y;        // first channel of the line's first pixel
  Range rows[2];             // taps inside along depth and height
  std::int64_t depth, height;  // input position of tap 0
  std::int64_t lanes;
  Vec<T> start, low, high;
  bool clamp;

  VEC_FN const T* line_of(std::int64_t kd, std::int64_t kh) const noexcept {
    const std::int64_t d = depth + kd * s.dilation[0], h = height + kh * s.dilation[1];
    return x + (d * s.in[1] + h) * s.in[2] * s.in_channels;
  }
  template <bool kFull>
  VEC_FN Vec<T> read(const T* p) const noexcept {
    return kFull ? load<Vec<T>>(p) : load_partial<Vec<T>>(p, lanes);
  }
  template <bool kFull>
  VEC_FN void write(std::int64_t pixel, Vec<T> v) const noexcept {
    if (clamp) v = min_or_second(high, max_or_second(low, v));
    T* out = y + pixel * s.in_channels;
    if constexpr (kFull) store(out, v);
    if constexpr (!kFull) store_partial(out, v, lanes);
  }

  // Pixels [o, o + N), of which taps [columns.begin, columns.end) are all inside.
  template <int N, bool kFull>
  VEC_FN void pixels(std::int64_t o, Range columns) const noexcept {
    const std::int64_t c = s.in_channels, step = s.stride[2] * c;
    const std::int64_t first = (o * s.stride[2] - s.pad[2]) * c;
    Vec<T> acc[N];
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i) acc[i] = start;
    for (std::int64_t kd = rows[0].begin; kd < rows[0].end; ++kd) {
      for (std::int64_t kh = rows[1].begin; kh < rows[1].end; ++kh) {
        const T* line = line_of(kd, kh) + first;
        const T* weights = w + (kd * s.kernel[1] + kh) * s.kernel[2] * c;
        for (std::int64_t kw = columns.begin; kw < columns.end; ++kw) {
          const Vec<T> weight = read<kFull>(weights + kw * c);
          const T* at = line + kw * s.dilation[2] * c;
#pragma GCC unroll 8
          for (int i = 0; i < N; ++i) acc[i] = fma(read<kFull>(at + i * step), weight, acc[i]);
        }
      }
    }
#pragma GCC unroll 8
    for (int i = 0; i < N; ++i) write<kFull>(o + i, acc[i]);
  }

  template <bool kFull>
  void run() const noexcept {
    const Range all{0, s.kernel[2]};
    for (std::int64_t o = 0; o < s.out[2];) {
      const Range here = taps_inside(s, 2, o, 0, 0);
      const std::int64_t last = o + kPixels - 1;
      const bool whole = here.begin == 0 && last < s.out[2] &&
                         taps_inside(s, 2, last, 0, 0).end == s.kernel[2];
      if (whole && here.end == s.kernel[2]) {
        pixels<kPixels, kFull>(o, all);
        o += kPixels;
      } else {
        pixels<1, kFull>(o, here);
        ++o;
      }
    }
  }
};

template <class T>
static void forward(const ConvShape& s, const T* x, const T* w, const BlockEpilogue<T>& e,
                    std::int64_t line, std::int64_t count, T* y) noexcept {
  using V = Vec<T>;
  const std::int64_t c = s.in_channels;
  // Channels outermost: the lines of one vector of channels stay in L1.
  for (std::int64_t j = 0; j < c; j += kLanes<T>) {
    const std::int64_t lanes = c - j < kLanes<T> ? c - j : kLanes<T>;
    const V start = e.bias != nullptr ? load_partial<V>(e.bias + j, lanes) : V{};
    for (std::int64_t i = line; i < line + count; ++i) {
      const std::int64_t h = i % s.out[1], d = i / s.out[1] % s.out[0];
      const std::int64_t image = i / (s.out[1] * s.out[0]);
      const DepthwiseLine<T> l{s,
                               x + image * s.in_pixels() * c + j,
                               w + j,
                               y + i * s.out[2] * c + j,
                               {taps_inside(s, 0, d, 0, 0), taps_inside(s, 1, h, 0, 0)},
                               s.position(0, d, 0),
                               s.position(1, h, 0),
                               lanes,
                               start,
                               splat<V>(e.low),
                               splat<V>(e.high),
                               e.clamp};
      if (lanes == kLanes<T>) {
        l.template run<true>();
      } else {
        l.template run<false>();
      }
    }
  }
}

// Output positions o with o * stride - pad + k * dilation == p for a tap k: body(o, k).
template <class Body>
static VEC_FN void each_source(const ConvShape& s, int d, std::int64_t p, Body body) noexcept {
  for (std::int64_t k = 0; k < s.kernel[d]; ++k) {
    const std::int64_t scaled = p + s.pad[d] - k * s.dilation[d];
    if (scaled < 0 || scaled % s.stride[d] != 0) continue;
    if (scaled / s.stride[d] < s.out[d]) body.apply(scaled / s.stride[d], k);
  }
}

// dx of one pixel += dy of one pixel times the weights of one tap.
template <class T>
struct AddProduct {
  const ConvShape& s;
  const T* dy;
  const T* w;
  T* dx;
  VEC_FN void add(std::int64_t pixel, std::int64_t tap) const noexcept {
    const std::int64_t c = s.in_channels;
    for (std::int64_t j = 0; j < c; j += kLanes<T>) {
      const std::int64_t lanes = c - j < kLanes<T> ? c - j : kLanes<T>;
      const Vec<T> g = load_partial<Vec<T>>(dy + pixel * c + j, lanes);
      const Vec<T> k = load_partial<Vec<T>>(w + tap * c + j, lanes);
      store_partial(dx + j, fma(g, k, load_partial<Vec<T>>(dx + j, lanes)), lanes);
    }
  }
};
template <class T>
struct SourceColumn {
  const AddProduct<T>& add;
  std::int64_t line, tap;
  VEC_FN void apply(std::int64_t o, std::int64_t k) const noexcept {
    add.add(line * add.s.out[2] + o, tap * add.s.kernel[2] + k);
  }
};
template <class T>
struct SourceLine {
  const AddProduct<T>& add;
  std::int64_t plane, tap, w;
  VEC_FN void apply(std::int64_t o, std::int64_t k) const noexcept {
    each_source(add.s, 2, w,
                SourceColumn<T>{add, plane * add.s.out[1] + o, tap * add.s.kernel[1] + k});
  }
};
template <class T>
struct SourcePlane {
  const AddProduct<T>& add;
  std::int64_t image, h, w;
  VEC_FN void apply(std::int64_t o, std::int64_t k) const noexcept {
    each_source(add.s, 1, h, SourceLine<T>{add, image * add.s.out[0] + o, k, w});
  }
};

template <class T>
static void input_grad(const ConvShape& s, const T* dy, const T* w, std::int64_t line,
                       std::int64_t count, T* dx) noexcept {
  const std::int64_t c = s.in_channels;
  for (std::int64_t i = line; i < line + count; ++i) {
    const std::int64_t h = i % s.in[1], d = i / s.in[1] % s.in[0];
    const std::int64_t image = i / (s.in[1] * s.in[0]);
    for (std::int64_t p = 0; p < s.in[2]; ++p) {
      T* out = dx + (i * s.in[2] + p) * c;
      __builtin_memset(out, 0, static_cast<size_t>(c) * sizeof(T));
      const AddProduct<T> add{s, dy, w, out};
      each_source(s, 0, d, SourcePlane<T>{add, image, h, p});
    }
  }
}

template <class T>
struct AddTap {
  const T* x;
  T* dw;
  std::int64_t channels, lanes;
  Vec<T> g;
  VEC_FN void apply(std::int64_t pixel, std::int64_t tap) const noexcept {
    T* at = dw + tap * channels;
    const Vec<T> v = load_partial<Vec<T>>(x + pixel * channels, lanes);
    store_partial(at, fma(v, g, load_partial<Vec<T>>(at, lanes)), lanes);
  }
};

template <class T>
static void filter_grad(const ConvShape& s, const T* x, const T* dy, std::int64_t channel,
                        std::int64_t count, T* dw) noexcept {
  const std::int64_t c = s.in_channels;
  for (std::int64_t t = 0; t < s.taps(); ++t) {
    __builtin_memset(dw + t * c + channel, 0, static_cast<size_t>(count) * sizeof(T));
  }
  for (std::int64_t j = channel; j < channel + count; j += kLanes<T>) {
    const std::int64_t left = channel + count - j, lanes = left < kLanes<T> ? left : kLanes<T>;
    for (std::int64_t i = 0; i < s.rows(); ++i) {
      const Vec<T> g = load_partial<Vec<T>>(dy + i * c + j, lanes);
      Window(s, i).each(s, AddTap<T>{x + j, dw + j, c, lanes, g});
    }
  }
}

template <class T>
struct Depthwise {
  static constexpr auto forward = KERNEL_ISA::forward<T>;
  static constexpr auto input_grad = KERNEL_ISA::input_grad<T>;
  static constexpr auto filter_grad = KERNEL_ISA::filter_grad<T>;
};

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void depthwise(const ConvShape& shape, const T* x, const T* weights,
               const BlockEpilogue<T>& epilogue, std::int64_t line, std::int64_t count,
               T* y) noexcept {
  KERNEL_SELECT(Depthwise<T>::forward)(shape, x, weights, epilogue, line, count, y);
}

template <class T>
void depthwise_input_grad(const ConvShape& shape, const T* dy, const T* weights, std::int64_t line,
                          std::int64_t count, T* dx) noexcept {
  KERNEL_SELECT(Depthwise<T>::input_grad)(shape, dy, weights, line, count, dx);
}

template <class T>
void depthwise_filter_grad(const ConvShape& shape, const T* x, const T* dy, std::int64_t channel,
                           std::int64_t count, T* dw) noexcept {
  KERNEL_SELECT(Depthwise<T>::filter_grad)(shape, x, dy, channel, count, dw);
}

#define TW_DEPTHWISE(T)                                                                       \
  template void depthwise(const ConvShape&, const T*, const T*, const BlockEpilogue<T>&,      \
                          std::int64_t, std::int64_t, T*) noexcept;                           \
  template void depthwise_input_grad(const ConvShape&, const T*, const T*, std::int64_t,      \
                                     std::int64_t, T*) noexcept;                              \
  template void depthwise_filter_grad(const ConvShape&, const T*, const T*, std::int64_t,     \
                                      std::int64_t, T*) noexcept;
TW_DEPTHWISE(float)
TW_DEPTHWISE(double)
#undef TW_DEPTHWISE

}  // namespace tw
#endif
