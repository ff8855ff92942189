#include "kernels/winograd.h"

#include <algorithm>

#include "kernels/tile_block.h"
#include "kernels/winograd_tile.h"

namespace tw {
namespace {

double round_up(std::int64_t a, std::int64_t b) {
  return static_cast<double>((a + b - 1) / b * b);
}

// Costs in multiply-adds, as measured on AVX-512 with one thread. Columns of a product come in half
// vectors, channels of a transform in whole ones:
//   direct    pixels * (9 * C * K + 200)
//   tiles     positions * (C * K * max(tiles, 4 or 6) + tiles * (80 + 8 * C + 6 * K) * n)
// where n is 2 for vectors of eight, which transform half as many channels at a time, else 1:
// smaller ones multiply as much slower as they transform. A filter that is transformed in every run
// costs positions * 12 * C * K more. One that is packed has (positions - 9) * C * K weights more than
// a direct one; each beyond a quarter of a million costs 30: a megabyte has to save 0.13 ms of a
// run, since it takes 1 to 2 ms to make in the first one, and as much more memory from then on.
double columns(const ConvShape& s) { return round_up(s.out_channels, 8); }

double direct_cost(const ConvShape& s) {
  constexpr double kPixel = 200;  // finding its rows
  return static_cast<double>(s.rows()) * (9.0 * s.in_channels * columns(s) + kPixel);
}

double winograd_cost(const ConvShape& s, int side, bool packed) {
  // By tile and position: what it takes at all, and for a channel; by weight: the transform of one.
  constexpr double kTile = 80, kIn = 8, kOut = 6, kWeight = 12;
  constexpr double kCached = 2 << 20;  // weights beyond these come from farther away
  constexpr double kFree = 1 << 18, kMemory = 30;
  const double tiles = static_cast<double>(s.batch) * (round_up(s.out[1], side) / side) *
                       (round_up(s.out[2], side) / side);
  const double weights = s.in_channels * columns(s);
  // Reading a weight takes as long as multiplying it with a few tiles.
  const double least = winograd_positions(side) * weights > kCached ? 6 : 4;
  const double more = std::max(0.0, (winograd_positions(side) - 9) * weights - kFree);
  const double each = kTile + kIn * round_up(s.in_channels, 16) +
                      kOut * round_up(s.out_channels, 16);
  const double transforms = tile_shape<float>().lanes == 8 ? 2 * each : each;
  return winograd_positions(side) * (weights * std::max(tiles, least) + tiles * transforms +
                                     (packed ? 0 : kWeight * weights)) +
         (packed ? kMemory * more : 0);
}

}  // namespace

int winograd_side(const ConvShape& s, bool packed) noexcept {
  const double direct = direct_cost(s);
  const double four = winograd_cost(s, 4, packed), two = winograd_cost(s, 2, packed);
  if (direct <= std::min(four, two)) return 0;
  return four <= two ? 4 : 2;
}

}  // namespace tw
