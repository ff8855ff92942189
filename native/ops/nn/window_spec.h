#pragma once

#include <array>

#include "graph/attr.h"
#include "kernels/conv_shape.h"
#include "tensor/shape.h"

namespace tw {

// The attrs that convolutions and pools share: strides, dilations, padding with
// explicit_paddings, data_format. Lists may name all dims of the tensor, the spatial dims, or be
// empty (all ones). Index d counts spatial dims only.
struct WindowSpec {
  enum class Padding { kSame, kValid, kExplicit };

  int spatial;  // 1 to 3
  bool channels_first;
  Padding padding;
  std::array<std::int64_t, 3> stride{1, 1, 1}, dilation{1, 1, 1}, before{}, after{};

  int rank() const noexcept { return spatial + 2; }
  int channel_axis() const noexcept { return channels_first ? 1 : spatial + 1; }
  int axis(int d) const noexcept { return channels_first ? d + 2 : d + 1; }
  std::int64_t reach(int d, std::int64_t kernel) const noexcept {
    return (kernel - 1) * dilation[static_cast<std::size_t>(d)] + 1;
  }
  // The size of the output along d; unknown when a size is. Throws when it would be negative.
  std::int64_t output_size(int d, std::int64_t in, std::int64_t kernel) const;
  // Padding before the first element, and on both sides together; sizes known.
  std::int64_t pad_before(int d, std::int64_t in, std::int64_t kernel) const noexcept;
  std::int64_t pad_total(int d, std::int64_t in, std::int64_t kernel) const noexcept;
  // [batch, spatial..., channels] in the order of the data format.
  Shape shape_of(std::int64_t batch, const std::int64_t* sizes, std::int64_t channels) const;
};

// Throws kInvalidArgument when the attrs make no sense.
WindowSpec window_spec(const Attrs& attrs);
// The entries of a list attr for the spatial dims, in either way of writing it.
std::array<std::int64_t, 3> spatial_entries(const Attrs& attrs, const char* name,
                                            const WindowSpec& spec);

// The geometry for the kernels: input of shape `x`, kernel sizes by spatial dim.
ConvShape conv_shape(const WindowSpec& spec, const Shape& x, const std::int64_t* kernel);

}  // namespace tw
