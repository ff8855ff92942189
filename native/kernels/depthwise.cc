#include "kernels/depthwise.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/depthwise.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/window.h"
#include "kernels/depthwise_line.h"
#include "kernels/depthwise_tile.h"

namespace tw::KERNEL_ISA {

// Fetches what the next lines will read while these are computed: walking one vector of channels at
// a time, the hardware does not see the stream.
template <class T>
class Ahead {
 public:
  Ahead(const ConvShape& s, const T* x, std::int64_t line, std::int64_t count) noexcept {
    const std::int64_t width = s.in[2] * s.in_channels, lines = s.batch * s.in[0] * s.in[1];
    const std::int64_t next = (line + count) * s.stride[1] + s.kernel[1] - 1 - s.pad[1];
    const std::int64_t first = next < lines ? next : lines;
    const std::int64_t after = first + count * s.stride[1];
    at_ = reinterpret_cast<const char*>(x + first * width);
    end_ = reinterpret_cast<const char*>(x + (after < lines ? after : lines) * width);
    const std::int64_t steps = (s.in_channels + kLanes<T> - 1) / kLanes<T>;
    each_ = ((end_ - at_) / (steps > 0 ? steps : 1) + 63) / 64 * 64;
  }
  VEC_FN void step() noexcept {
    const char* end = end_ - at_ < each_ ? end_ : at_ + each_;
    for (; at_ < end; at_ += 64) __builtin_prefetch(at_, 0, 2);
  }

 private:
  const char* at_;
  const char* end_;
  std::int64_t each_;
};

static LinePlace place_of(const ConvShape& s, std::int64_t line) noexcept {
  const std::int64_t h = line % s.out[1], d = line / s.out[1] % s.out[0];
  const std::int64_t image = line / (s.out[1] * s.out[0]);
  const std::int64_t plane = image * s.in[0] + s.position(0, d, 0);
  const std::int64_t in_line = plane * s.in[1] + s.position(1, h, 0);
  return {taps_inside(s, 0, d, 0, 0), taps_inside(s, 1, h, 0, 0),
          in_line * s.in[2] * s.in_channels, line * s.out[2] * s.in_channels};
}

constexpr int kMostLines = 16;

template <class T>
static void forward_lines(const ConvShape& s, const T* x, const T* w, const BlockEpilogue<T>& e,
                          std::int64_t line, int count, T* y) noexcept {
  using V = Vec<T>;
  const std::int64_t c = s.in_channels;
  LinePlace places[kMostLines];
  for (int i = 0; i < count; ++i) places[i] = place_of(s, line + i);
  Ahead<T> ahead(s, x, line, count);
  for (std::int64_t j = 0; j < c; j += kLanes<T>) {
    const std::int64_t lanes = c - j < kLanes<T> ? c - j : kLanes<T>;
    const V start = e.bias != nullptr ? load_partial<V>(e.bias + j, lanes) : V{};
    ahead.step();
    const DepthwiseLines<T> lines{s,     x + j, w + j,           y + j,           places, count,
                                  lanes, start, splat<V>(e.low), splat<V>(e.high), e.clamp};
    if (lanes == kLanes<T>) {
      lines.template run<true>();
    } else {
      lines.template run<false>();
    }
  }
}

// Whether the tiles for kernels K wide and high at stride S serve this convolution.
static bool is_square(const ConvShape& s, std::int64_t k, std::int64_t stride) noexcept {
  return s.kernel[0] == 1 && s.in[0] == s.out[0] && s.stride[0] == 1 && s.pad[0] == 0 &&
         s.kernel[1] == k && s.kernel[2] == k && s.stride[1] == stride && s.stride[2] == stride &&
         s.dilation[1] == 1 && s.dilation[2] == 1;
}

template <class T>
static void forward(const ConvShape& s, const T* x, const T* w, const BlockEpilogue<T>& e,
                    std::int64_t line, std::int64_t count, T* y) noexcept {
  if (is_square(s, 3, 1)) return DepthwiseTiles<T, 3, 1>(s, x, w, e, y).run(line, count);
  if (is_square(s, 3, 2)) return DepthwiseTiles<T, 3, 2>(s, x, w, e, y).run(line, count);
  if (is_square(s, 5, 1)) return DepthwiseTiles<T, 5, 1>(s, x, w, e, y).run(line, count);
  if (is_square(s, 5, 2)) return DepthwiseTiles<T, 5, 2>(s, x, w, e, y).run(line, count);
  for (std::int64_t done = 0; done < count; done += kMostLines) {
    const std::int64_t left = count - done;
    forward_lines(s, x, w, e, line + done, left < kMostLines ? int(left) : kMostLines, y);
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
