#pragma once

#include "kernels/conv.h"

namespace tw {

// Winograd's algorithm for float convolutions of 3 x 3 taps, stride 1, dilation 1, one group: the
// input's overlapping tiles of side + 2 pixels each way are transformed, each of the (side + 2)^2
// positions is one product of matrices [tiles, in_channels] x [in_channels, out_channels], and the
// products are transformed back to tiles of side x side outputs. Sums are taken in another order
// than a direct convolution's and through factors that are rounded: the worst error stays below
// 4e-5 of the outputs' root mean square. An Inf or NaN spreads over the whole tile.

// Whether the algorithm applies: taps, strides, dilations, groups.
bool winograd_fits(const ConvShape& shape) noexcept;

// The side of the output tiles with which a convolution is quickest: 4, 2, or 0 for a direct one.
// `packed`: its filter is transformed beforehand, else in every run.
int winograd_side(const ConvShape& shape, bool packed) noexcept;

// The transformed filter: for each position a packed matrix in_channels x out_channels. Packs rows
// [channel, channel + count) of all of them.
std::int64_t winograd_packed_size(const ConvShape& shape, int side) noexcept;
void winograd_pack(const ConvShape& shape, int side, const float* weights, std::int64_t channel,
                   std::int64_t count, float* packed) noexcept;

// How a convolution is split. Tiles are counted line by line through the whole batch.
struct WinogradPlan {
  ConvShape shape;
  int side;
  std::int64_t lines, line_tiles, tiles;  // lines of tiles and tiles of a line, of one image; all
  std::int64_t tile_block, column_block;  // of one task
  std::int64_t column_blocks, tasks;
  std::int64_t scratch;                   // elements that winograd_task needs, per worker
};
WinogradPlan winograd_plan(const ConvShape& shape, int side) noexcept;

// As conv_task, with the filter that winograd_pack made.
void winograd_task(const WinogradPlan& plan, const ConvOperands<float>& operands,
                   std::int64_t task, float* scratch) noexcept;

}  // namespace tw
