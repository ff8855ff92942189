#pragma once

#include "kernels/conv_shape.h"
#include "kernels/integer_tile.h"

namespace tw {

// Depthwise convolution on bytes with one output per channel: groups, in_channels and out_channels
// of the shape are equal. Weights without zero points come in blocks (depthwise_pack). Others are
// given less their zero points, as 16 bits, two taps for each channel in turn:
// [(taps + 1) / 2][channels][2], with zeros for a tap that is not there.
struct IntegerDepthwise {
  const std::uint8_t* x;        // channels last
  const std::uint8_t* outside;  // what stands for padding, by channel
  const std::int8_t* blocks;    // null: pairs
  const std::int16_t* pairs;
  void* y;
  std::int64_t y_size;          // bytes of an element
  IntegerFinish finish;         // without row sums
};

// Weights [taps][channels], each byte changed by xor with flip, and their sums by channel.
std::int64_t depthwise_packed_size(std::int64_t taps, std::int64_t channels) noexcept;
void depthwise_pack(const std::uint8_t* weights, std::int64_t taps, std::int64_t channels,
                    std::uint8_t flip, std::int8_t* packed, std::int32_t* sums) noexcept;

// Output lines [line, line + count), counted through the whole batch (a line is out[2] pixels).
// table: room for taps * out[2] pointers.
void integer_depthwise(const ConvShape& shape, const IntegerDepthwise& operands, std::int64_t line,
                       std::int64_t count, const std::uint8_t** table) noexcept;

}  // namespace tw
