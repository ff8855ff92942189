#include "kernels/winograd.h"

#include <algorithm>

#include "kernels/pack.h"
#include "kernels/tile_block.h"
#include "kernels/winograd_tile.h"

namespace tw {
namespace {

// Tiles of a task, transformed and multiplied, stay in the second cache.
constexpr std::int64_t kBlockBytes = 512 * 1024;
constexpr std::int64_t kMostTiles = 96;
// As many rows as make reading the weights cheap beside multiplying them.
constexpr std::int64_t kFewTiles = 24;
constexpr double kLeastProducts = 1 << 19;
constexpr std::int64_t kMostTasks = 16;
// Serves as the pixels of the padding.
constexpr std::int64_t kMostChannels = 2304;
alignas(64) constexpr float kZeros[kMostChannels] = {};

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }
std::int64_t round_up(std::int64_t a, std::int64_t b) { return ceil_div(a, b) * b; }

// Elements between the rows, and between the positions, of a block's transformed tiles. Positions
// start one cache line apart in the sets of the caches.
std::int64_t row_stride(std::int64_t channels) { return round_up(channels, 16); }
std::int64_t plane_stride(std::int64_t tiles, std::int64_t channels) {
  return tiles * row_stride(channels) + 16;
}

struct Place {
  std::int64_t tile, tiles, column, columns;
};

// One tile of the output: image, first line and column.
struct Corner {
  std::int64_t image, y, x;
};

Corner corner_of(const WinogradPlan& p, std::int64_t tile) {
  const std::int64_t line = tile / p.line_tiles;
  return {line / p.lines, line % p.lines * p.side, tile % p.line_tiles * p.side};
}

void transform_input(const WinogradPlan& p, const float* x, std::int64_t tile, float* out,
                     std::int64_t plane) noexcept {
  const ConvShape& s = p.shape;
  const Corner corner = corner_of(p, tile);
  const int size = p.side + 2;
  const float* pixels[kMostPositions];
  for (int i = 0; i < size; ++i) {
    const std::int64_t line = corner.y - s.pad[1] + i;
    const bool inside = line >= 0 && line < s.in[1];
    const float* first = x + (corner.image * s.in[1] + line) * s.in[2] * s.in_channels;
    for (int j = 0; j < size; ++j) {
      const std::int64_t column = corner.x - s.pad[2] + j;
      const bool valid = inside && column >= 0 && column < s.in[2];
      pixels[i * size + j] = valid ? first + column * s.in_channels : kZeros;
    }
  }
  winograd_input(p.side, pixels, s.in_channels, out, plane);
}

void multiply(const WinogradPlan& p, const float* packed, const Place& place, const float* in,
              std::int64_t in_plane, float* out, std::int64_t out_plane) noexcept {
  const ConvShape& s = p.shape;
  const std::int64_t matrix = packed_size<float>(s.in_channels, s.out_channels);
  const std::int64_t full = tile_shape<float>().panel;
  const std::int64_t in_row = row_stride(s.in_channels), out_row = row_stride(p.column_block);
  const float* rows[kMostTiles];
  float* to[kMostTiles];
  for (int i = 0; i < winograd_positions(p.side); ++i) {
    for (std::int64_t t = 0; t < place.tiles; ++t) {
      rows[t] = in + i * in_plane + t * in_row;
      to[t] = out + i * out_plane + t * out_row;
    }
    tile_block<float>({.rows = rows,
                       .tap_stride = place.tiles,
                       .taps = 1,
                       .depth = s.in_channels,
                       .row_count = place.tiles,
                       .panels = packed + i * matrix + place.column * s.in_channels,
                       .panel_stride = full * s.in_channels,
                       .columns = place.columns,
                       .out = to,
                       .bias = nullptr});
  }
}

void transform_output(const WinogradPlan& p, const ConvOperands<float>& x, const Place& place,
                      const float* products, std::int64_t plane) noexcept {
  const ConvShape& s = p.shape;
  const BlockEpilogue<float>& e = x.epilogue;
  const std::int64_t row = row_stride(p.column_block);
  WinogradOutput o{};
  o.plane = plane, o.channels = place.columns;
  o.line_stride = s.out[2] * s.out_channels, o.pixel_stride = s.out_channels;
  o.bias = e.bias != nullptr ? e.bias + place.column : nullptr;
  o.clamp = e.clamp, o.low = e.low, o.high = e.high;
  for (std::int64_t t = 0; t < place.tiles; ++t) {
    const Corner corner = corner_of(p, place.tile + t);
    const std::int64_t line = corner.image * s.out[1] + corner.y;
    o.products = products + t * row;
    o.y = x.y + (line * s.out[2] + corner.x) * s.out_channels + place.column;
    o.rows = static_cast<int>(std::min<std::int64_t>(p.side, s.out[1] - corner.y));
    o.columns = static_cast<int>(std::min<std::int64_t>(p.side, s.out[2] - corner.x));
    winograd_output(p.side, o);
  }
}

// The epilogue's program over the outputs of a task, line by line.
void finish(const WinogradPlan& p, const ConvOperands<float>& x, const Place& place) noexcept {
  if (x.epilogue.program == nullptr) return;
  const ConvShape& s = p.shape;
  for (std::int64_t tile = place.tile, end = place.tile + place.tiles; tile < end;) {
    const std::int64_t count = std::min(end - tile, p.line_tiles - tile % p.line_tiles);
    const Corner corner = corner_of(p, tile);
    const std::int64_t columns = std::min(count * p.side, s.out[2] - corner.x);
    const std::int64_t lines = std::min<std::int64_t>(p.side, s.out[1] - corner.y);
    for (std::int64_t i = 0; i < lines; ++i) {
      const std::int64_t row = (corner.image * s.out[1] + corner.y + i) * s.out[2] + corner.x;
      x.epilogue.program(x.epilogue.context, x.y + row * s.out_channels + place.column,
                         s.out_channels, row, columns, place.column, place.columns);
    }
    tile += count;
  }
}

std::int64_t tiles_in_cache(const WinogradPlan& p) {
  const std::int64_t channels = row_stride(p.shape.in_channels) + row_stride(p.column_block);
  const std::int64_t bytes = winograd_positions(p.side) * channels * 4;
  return std::clamp<std::int64_t>(kBlockBytes / bytes, kFewTiles, kMostTiles);
}

// Tiles first; when these are few, columns, though each part of them transforms the input again.
void split(WinogradPlan& p) {
  const ConvShape& s = p.shape;
  const double products = static_cast<double>(p.tiles) * winograd_positions(p.side) *
                          s.in_channels * s.out_channels;
  const auto wanted = static_cast<std::int64_t>(
      std::clamp<double>(products / kLeastProducts, 1, static_cast<double>(kMostTasks)));
  constexpr std::int64_t kWide = 128;  // columns beside which transforming again is cheap
  const std::int64_t by_tiles = std::min(wanted, ceil_div(p.tiles, kFewTiles));
  const std::int64_t parts = std::min(ceil_div(s.out_channels, kWide), ceil_div(wanted, by_tiles));
  const std::int64_t panel = tile_shape<float>().panel;
  p.column_block = std::min(s.out_channels, round_up(ceil_div(s.out_channels, parts), panel));
  p.column_blocks = ceil_div(s.out_channels, p.column_block);
  const std::int64_t blocks = std::max(by_tiles, ceil_div(p.tiles, tiles_in_cache(p)));
  p.tile_block = ceil_div(p.tiles, blocks > 1 ? round_up(blocks, 2) : 1);
  p.tasks = ceil_div(p.tiles, p.tile_block) * p.column_blocks;
}

}  // namespace

bool winograd_fits(const ConvShape& s) noexcept {
  using Sizes = std::array<std::int64_t, 3>;
  const Sizes ones{1, 1, 1};
  return s.kernel == Sizes{1, 3, 3} && s.stride == ones && s.dilation == ones && s.groups == 1 &&
         s.in[0] == 1 && s.out[0] == 1 && s.in_channels <= kMostChannels;
}

std::int64_t winograd_packed_size(const ConvShape& s, int side) noexcept {
  return winograd_positions(side) * packed_size<float>(s.in_channels, s.out_channels);
}

void winograd_pack(const ConvShape& s, int side, const float* weights, std::int64_t channel,
                   std::int64_t count, float* packed) noexcept {
  const std::int64_t c = s.in_channels, k = s.out_channels;
  const std::int64_t full = tile_shape<float>().panel, matrix = packed_size<float>(c, k);
  for (std::int64_t p = 0; p < panel_count<float>(k); ++p) {
    const std::int64_t width = panel_width<float>(k, p);
    for (std::int64_t i = channel; i < channel + count; ++i) {
      winograd_filter(side, weights + i * k + p * full, c * k, std::min(full, k - p * full),
                      packed + p * full * c + i * width, matrix, width);
    }
  }
}

WinogradPlan winograd_plan(const ConvShape& s, int side) noexcept {
  WinogradPlan p{};
  p.shape = s, p.side = side;
  p.lines = ceil_div(s.out[1], side), p.line_tiles = ceil_div(s.out[2], side);
  p.tiles = s.batch * p.lines * p.line_tiles;
  if (p.tiles == 0 || s.out_channels == 0) return p;
  split(p);
  p.scratch = winograd_positions(side) * (plane_stride(p.tile_block, s.in_channels) +
                                          plane_stride(p.tile_block, p.column_block));
  return p;
}

void winograd_task(const WinogradPlan& p, const ConvOperands<float>& x, std::int64_t task,
                   float* scratch) noexcept {
  const ConvShape& s = p.shape;
  const std::int64_t tile = task / p.column_blocks * p.tile_block;
  const std::int64_t column = task % p.column_blocks * p.column_block;
  const Place place{tile, std::min(p.tile_block, p.tiles - tile), column,
                    std::min(p.column_block, s.out_channels - column)};
  const std::int64_t in_plane = plane_stride(p.tile_block, s.in_channels);
  const std::int64_t out_plane = plane_stride(p.tile_block, p.column_block);
  float* products = scratch + winograd_positions(p.side) * in_plane;
  for (std::int64_t t = 0; t < place.tiles; ++t) {
    float* out = scratch + t * row_stride(s.in_channels);
    transform_input(p, x.x, tile + t, out, in_plane);
  }
  multiply(p, x.packed, place, scratch, in_plane, products, out_plane);
  transform_output(p, x, place, products, out_plane);
  finish(p, x, place);
}

}  // namespace tw
