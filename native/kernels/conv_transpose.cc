#include "kernels/conv_transpose.h"

#include <algorithm>
#include <numeric>

#include "kernels/pack.h"
#include "kernels/tile_block.h"

namespace tw {
namespace {

// One dim of one phase: input positions first + j * stride, taps tap + t * tap_step, and the
// output position under tap t of position j: base + j - t * back.
struct PhaseAxis {
  std::int64_t first, count, tap, tap_step, taps, base, back;
};

std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return (a % b + b) % b; }

PhaseAxis phase_axis(const ConvShape& s, int d, std::int64_t residue) noexcept {
  const std::int64_t stride = s.stride[d], dilation = s.dilation[d];
  PhaseAxis a{};
  a.first = floor_mod(residue - s.pad[d], stride);
  a.count = a.first < s.in[d] ? (s.in[d] - a.first + stride - 1) / stride : 0;
  a.tap_step = stride / std::gcd(stride, dilation);
  a.tap = 0;
  const std::int64_t end = std::min(a.tap_step, s.kernel[d]);
  while (a.tap < end && a.tap * dilation % stride != residue) ++a.tap;
  a.taps = a.tap < end ? (s.kernel[d] - a.tap - 1) / a.tap_step + 1 : 0;
  a.base = (a.first + s.pad[d] - a.tap * dilation) / stride;
  a.back = a.tap_step * dilation / stride;
  return a;
}

// Where the taps along the width neither overlap nor leave gaps, they are so many more channels of
// a convolution without width: dx of one line, [out, kernel * in_channels], lies as it should, and
// so do the weights. All functions work on this shape.
ConvShape merged(const ConvShape& s) noexcept {
  if (transposed_repeats(s) == 1) return s;
  ConvShape m = s;
  m.in[2] = s.out[2];
  m.in_channels = s.in_channels * s.kernel[2];
  m.kernel[2] = m.stride[2] = 1;
  return m;
}

struct Phase {
  PhaseAxis axis[3];
  std::int64_t taps() const noexcept { return axis[0].taps * axis[1].taps * axis[2].taps; }
};

Phase phase_of(const ConvShape& s, std::int64_t phase) noexcept {
  Phase p{};
  for (int d = 2; d >= 0; --d) {
    p.axis[d] = phase_axis(s, d, phase % s.stride[d]);
    phase /= s.stride[d];
  }
  return p;
}

}  // namespace

bool transposed_may_repeat(const ConvShape& s) noexcept {
  return s.stride[2] > 1 && s.kernel[2] == s.stride[2] && s.dilation[2] == 1 && s.groups == 1;
}

std::int64_t transposed_repeats(const ConvShape& s) noexcept {
  const bool merges = transposed_may_repeat(s) && s.pad[2] == 0 &&
                      s.in[2] == s.out[2] * s.stride[2];
  return merges ? s.kernel[2] : 1;
}

std::int64_t transposed_phases(const ConvShape& shape) noexcept {
  const ConvShape s = merged(shape);
  return s.stride[0] * s.stride[1] * s.stride[2];
}

template <class T>
std::int64_t transposed_offset(const ConvShape& shape, std::int64_t phase) noexcept {
  const ConvShape s = merged(shape);
  std::int64_t taps = 0;
  for (std::int64_t p = 0; p < phase; ++p) taps += phase_of(s, p).taps();
  return s.groups * packed_size<T>(taps * s.group_out(), s.group_in());
}

template <class T>
std::int64_t transposed_packed_size(const ConvShape& s) noexcept {
  return transposed_offset<T>(s, transposed_phases(s));
}

template <class T>
ConvPlan transposed_plan(const ConvShape& shape, std::int64_t phase) noexcept {
  const ConvShape s = merged(shape);
  const Phase p = phase_of(s, phase);
  ConvShape c;
  c.batch = s.batch;
  c.in_channels = s.out_channels, c.out_channels = s.in_channels, c.groups = s.groups;
  for (int d = 0; d < 3; ++d) {
    c.in[d] = s.out[d];
    c.out[d] = p.axis[d].count;
    c.kernel[d] = p.axis[d].taps;
    c.dilation[d] = -p.axis[d].back;
    c.pad[d] = -p.axis[d].base;
  }
  ConvPlan plan = conv_plan<T>(c);
  for (int d = 0; d < 3; ++d) plan.out_first[d] = p.axis[d].first;
  plan.out_step = s.stride;
  plan.out_size = s.in;
  return plan;
}

template <class T>
void transposed_pack(const ConvShape& shape, const T* weights, T* packed) noexcept {
  const ConvShape s = merged(shape);
  const std::int64_t full = tile_shape<T>().panel, n = s.group_in(), k = s.group_out();
  for (std::int64_t phase = 0; phase < transposed_phases(s); ++phase) {
    const Phase p = phase_of(s, phase);
    const std::int64_t depth = p.taps() * k;
    T* out = packed + transposed_offset<T>(s, phase);
    for (std::int64_t i = 0; i < s.groups * p.taps(); ++i) {
      const std::int64_t group = i / p.taps(), t = i % p.taps();
      const std::int64_t at[3] = {t / (p.axis[2].taps * p.axis[1].taps),
                                  t / p.axis[2].taps % p.axis[1].taps, t % p.axis[2].taps};
      std::int64_t tap = 0;
      for (int d = 0; d < 3; ++d) {
        tap = tap * s.kernel[d] + p.axis[d].tap + at[d] * p.axis[d].tap_step;
      }
      const MatrixView<T> view{weights + tap * n * s.out_channels + group * k, s.out_channels,
                               true};
      T* panels = out + group * packed_size<T>(depth, n);
      for (std::int64_t panel = 0; panel < panel_count<T>(n); ++panel) {
        T* rows = panels + panel * full * depth + t * k * panel_width<T>(n, panel);
        pack_panel(view, n, panel, 0, k, rows);
      }
    }
  }
}

#define TW_TRANSPOSED(T)                                                                   \
  template ConvPlan transposed_plan<T>(const ConvShape&, std::int64_t) noexcept;           \
  template std::int64_t transposed_offset<T>(const ConvShape&, std::int64_t) noexcept;     \
  template std::int64_t transposed_packed_size<T>(const ConvShape&) noexcept;              \
  template void transposed_pack(const ConvShape&, const T*, T*) noexcept;
TW_TRANSPOSED(float)
TW_TRANSPOSED(double)
#undef TW_TRANSPOSED

}  // namespace tw
