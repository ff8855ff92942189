#include "kernels/winograd_tile.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/winograd_tile.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

using V = Vec<float>;
static constexpr int L = kLanes<float>;

static VEC_FN std::int64_t at_most(std::int64_t most, std::int64_t n) noexcept {
  return n < most ? n : most;
}
static VEC_FN V times(float factor, V x, V plus) noexcept { return fma(splat<V>(factor), x, plus); }

// One dimension of each transform, to vectors `step` apart. That of the input comes in two halves,
// so that a half of both dimensions' values stays in registers.
struct Side4 {
  static constexpr int kSide = 4, kTile = 6;
  static constexpr float kRoot2 = 1.41421356237f, kRootHalf = 0.70710678119f;

  template <int kHalf>
  static VEC_FN void input(const V* d, V* v) noexcept {
    if constexpr (kHalf == 0) {
      const V even = times(-2.0f, d[2], d[4]), odd = times(-2.0f, d[1], d[3]);
      v[0] = times(-2.5f, d[2], d[0] + d[4]);
      v[1] = times(kRootHalf, odd, even);
      v[2] = times(-kRootHalf, odd, even);
    } else {
      const V even = times(-0.5f, d[2], d[4]), odd = times(-0.5f, d[1], d[3]);
      v[0] = times(kRoot2, odd, even);
      v[1] = times(-kRoot2, odd, even);
      v[2] = times(-2.5f, d[3], d[1] + d[5]);
    }
  }

  static VEC_FN void filter(const V* g, V* u, int step) noexcept {
    const V near = (g[0] + g[2] * 0.5f) * (-2.0f / 3), odd_near = g[1] * (-kRoot2 / 3);
    const V far = times(2.0f, g[2], g[0]) * (1.0f / 6), odd_far = g[1] * (kRoot2 / 6);
    u[0] = g[0];
    u[step] = near + odd_near;
    u[2 * step] = near - odd_near;
    u[3 * step] = far + odd_far;
    u[4 * step] = far - odd_far;
    u[5 * step] = g[2];
  }

  static VEC_FN void output(const V* m, V* y, int step) noexcept {
    const V near = m[1] + m[2], odd_near = m[1] - m[2];
    const V far = m[3] + m[4], odd_far = m[3] - m[4];
    y[0] = (m[0] + near) + far;
    y[step] = times(kRootHalf, odd_near, odd_far * kRoot2);
    y[2 * step] = times(2.0f, far, near * 0.5f);
    y[3 * step] = times(2 * kRoot2, odd_far, times(kRootHalf / 2, odd_near, m[5]));
  }
};

struct Side2 {
  static constexpr int kSide = 2, kTile = 4;

  template <int kHalf>
  static VEC_FN void input(const V* d, V* v) noexcept {
    v[0] = kHalf == 0 ? d[0] - d[2] : d[2] - d[1];
    v[1] = kHalf == 0 ? d[1] + d[2] : d[3] - d[1];
  }

  static VEC_FN void filter(const V* g, V* u, int step) noexcept {
    const V even = (g[0] + g[2]) * 0.5f, odd = g[1] * 0.5f;
    u[0] = g[0];
    u[step] = even + odd;
    u[2 * step] = even - odd;
    u[3 * step] = g[2];
  }

  static VEC_FN void output(const V* m, V* y, int step) noexcept {
    y[0] = (m[0] + m[1]) + m[2];
    y[step] = (m[1] - m[2]) + m[3];
  }
};

// Transformed columns [kHalf * kTile / 2, ...) of one vector of channels.
template <class F, int kHalf>
static VEC_FN void input_half(const float* const* pixels, std::int64_t c, std::int64_t left,
                              float* out, std::int64_t plane) noexcept {
  constexpr int t = F::kTile;
  V half[t][t / 2], d[t], v[t];
#pragma GCC unroll 6
  for (int i = 0; i < t; ++i) {
#pragma GCC unroll 6
    for (int j = 0; j < t; ++j) {
      const float* x = pixels[i * t + j] + c;
      d[j] = left == L ? load<V>(x) : load_partial<V>(x, left);
    }
    F::template input<kHalf>(d, half[i]);
  }
#pragma GCC unroll 3
  for (int j = 0; j < t / 2; ++j) {
#pragma GCC unroll 6
    for (int i = 0; i < t; ++i) d[i] = half[i][j];
    F::template input<0>(d, v);
    F::template input<1>(d, v + t / 2);
#pragma GCC unroll 6
    for (int i = 0; i < t; ++i) store(out + (i * t + kHalf * (t / 2) + j) * plane, v[i]);
  }
}

template <class F>
static void input_of(const float* const* pixels, std::int64_t channels, float* out,
                     std::int64_t plane) noexcept {
  for (std::int64_t c = 0; c < channels; c += L) {
    const std::int64_t left = at_most(L, channels - c);
    if (left == L) {
      input_half<F, 0>(pixels, c, L, out + c, plane);
      input_half<F, 1>(pixels, c, L, out + c, plane);
    } else {
      input_half<F, 0>(pixels, c, left, out + c, plane);
      input_half<F, 1>(pixels, c, left, out + c, plane);
    }
  }
}

template <class F>
static void filter_of(const float* w, std::int64_t tap_stride, std::int64_t columns, float* u,
                      std::int64_t plane, std::int64_t width) noexcept {
  constexpr int t = F::kTile;
  for (std::int64_t j = 0; j < width; j += L) {
    const std::int64_t valid = columns > j ? at_most(L, columns - j) : 0;
    V half[3][t], g[3], v[t];
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < 3; ++x) g[x] = load_partial<V>(w + (y * 3 + x) * tap_stride + j, valid);
      F::filter(g, half[y], 1);
    }
    for (int x = 0; x < t; ++x) {
      for (int y = 0; y < 3; ++y) g[y] = half[y][x];
      F::filter(g, v, 1);
      for (int y = 0; y < t; ++y) {
        store_partial(u + (y * t + x) * plane + j, v[y], at_most(L, width - j));
      }
    }
  }
}

template <class F>
static void output_of(const WinogradOutput& o) noexcept {
  constexpr int t = F::kTile, n = F::kSide;
  for (std::int64_t k = 0; k < o.channels; k += L) {
    const std::int64_t left = at_most(L, o.channels - k);
    V half[n][t], m[t], y[n];
#pragma GCC unroll 6
    for (int j = 0; j < t; ++j) {
#pragma GCC unroll 6
      for (int i = 0; i < t; ++i) {
        const float* p = o.products + (i * t + j) * o.plane + k;
        m[i] = left == L ? load<V>(p) : load_partial<V>(p, left);
      }
      F::output(m, &half[0][j], t);
    }
    const V bias = o.bias != nullptr ? load_partial<V>(o.bias + k, left) : V{};
    float* line = o.y + k;
    for (int i = 0; i < o.rows; ++i, line += o.line_stride) {
      F::output(half[i], y, 1);
#pragma GCC unroll 4
      for (int j = 0; j < n; ++j) {
        V value = y[j] + bias;
        if (o.clamp) {
          value = max_or_second(splat<V>(o.low), value);
          value = min_or_second(splat<V>(o.high), value);
        }
        if (j < o.columns) store_partial(line + j * o.pixel_stride, value, left);
      }
    }
  }
}

static void input(int side, const float* const* pixels, std::int64_t channels, float* out,
                  std::int64_t plane) noexcept {
  (side == 4 ? input_of<Side4> : input_of<Side2>)(pixels, channels, out, plane);
}
static void filter(int side, const float* w, std::int64_t tap_stride, std::int64_t columns,
                   float* u, std::int64_t plane, std::int64_t width) noexcept {
  (side == 4 ? filter_of<Side4> : filter_of<Side2>)(w, tap_stride, columns, u, plane, width);
}
static void output(int side, const WinogradOutput& tile) noexcept {
  (side == 4 ? output_of<Side4> : output_of<Side2>)(tile);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void winograd_input(int side, const float* const* pixels, std::int64_t channels, float* out,
                    std::int64_t plane) noexcept {
  KERNEL_SELECT(input)(side, pixels, channels, out, plane);
}
void winograd_filter(int side, const float* w, std::int64_t tap_stride, std::int64_t columns,
                     float* u, std::int64_t plane, std::int64_t width) noexcept {
  KERNEL_SELECT(filter)(side, w, tap_stride, columns, u, plane, width);
}
void winograd_output(int side, const WinogradOutput& tile) noexcept {
  KERNEL_SELECT(output)(side, tile);
}

}  // namespace tw
#endif
