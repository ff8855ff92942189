#pragma once

#include <cstdint>

namespace tw {

// The transforms of Winograd's algorithm F(side x side, 3 x 3), side 2 or 4, between tiles of
// (side + 2)^2 positions. Side 4 interpolates at 0, +-sqrt(1/2), +-sqrt(2) and infinity, whose
// error is a third of that of the usual points; side 2 at 0, +-1 and infinity.
constexpr int winograd_positions(int side) noexcept { return (side + 2) * (side + 2); }
constexpr int kMostPositions = winograd_positions(4);

// Position i of a transformed tile starts at out + i * plane; it has `channels` elements, then
// zeros up to a whole vector. pixels[i]: the input's channels at position i of the tile.
void winograd_input(int side, const float* const* pixels, std::int64_t channels, float* out,
                    std::int64_t plane) noexcept;

// u[i * plane + j]: the transform at position i of w[tap * tap_stride + j] for j < columns, then
// zeros up to `width`.
void winograd_filter(int side, const float* w, std::int64_t tap_stride, std::int64_t columns,
                     float* u, std::int64_t plane, std::int64_t width) noexcept;

// The products of one tile back to rows x columns <= side x side pixels, plus bias, clamped.
struct WinogradOutput {
  const float* products;  // position i at products + i * plane
  std::int64_t plane, channels;
  float* y;
  std::int64_t line_stride, pixel_stride;
  int rows, columns;
  const float* bias;  // or null
  bool clamp;         // NaN passes through
  float low, high;
};
void winograd_output(int side, const WinogradOutput& tile) noexcept;

}  // namespace tw
