#pragma once

#include <array>
#include <cstdint>

namespace tw {

// A convolution (or pooling) over up to three spatial dims: depth, height, width. Those that a
// 1-D or 2-D convolution lacks come first and are 1. Tensors are channels last; weights are
// [kernel..., in_channels / groups, out_channels].
struct ConvShape {
  std::int64_t batch = 1;
  std::array<std::int64_t, 3> in{1, 1, 1}, out{1, 1, 1}, kernel{1, 1, 1};
  std::array<std::int64_t, 3> stride{1, 1, 1}, dilation{1, 1, 1};
  std::array<std::int64_t, 3> pad{0, 0, 0};  // before the first element; what follows comes of out
  std::int64_t in_channels = 1, out_channels = 1, groups = 1;

  std::int64_t taps() const noexcept { return kernel[0] * kernel[1] * kernel[2]; }
  std::int64_t in_pixels() const noexcept { return in[0] * in[1] * in[2]; }
  std::int64_t out_pixels() const noexcept { return out[0] * out[1] * out[2]; }
  // All output pixels of the batch.
  std::int64_t rows() const noexcept { return batch * out_pixels(); }
  std::int64_t group_in() const noexcept { return in_channels / groups; }
  std::int64_t group_out() const noexcept { return out_channels / groups; }
  // The input position under tap k of output position o, along spatial dim d; may lie outside.
  std::int64_t position(int d, std::int64_t o, std::int64_t k) const noexcept {
    return o * stride[d] - pad[d] + k * dilation[d];
  }
  // One tap that touches every pixel where it lies: a plain product of matrices.
  bool pointwise() const noexcept {
    return taps() == 1 && stride == std::array<std::int64_t, 3>{1, 1, 1} && in == out &&
           pad == std::array<std::int64_t, 3>{0, 0, 0};
  }
};

}  // namespace tw
