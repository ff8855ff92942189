#pragma once

#include <cstdint>

namespace tw {

// The one contract of the flop-bound kernels: rows given by pointers times a packed panel.
//
//   out[r][j] = clamp(start + sum over taps t, depth d of
//                     rows[t][r][d * step] * panel[t * depth + d][j])
//
// where start is out[r][j] when `accumulate`, else bias[j], else 0. Each output element is one
// chain of fma in the order of (t, d), whatever tile it falls into, so that the split of the work
// never changes a bit. Rows, panels, bias and outputs need only the alignment of T; out may not
// overlap the others.
template <class T>
struct TileBlock {
  const T* const* rows;        // rows[t * tap_stride + r]: `depth` elements, `step` apart
  std::int64_t tap_stride;
  std::int64_t taps, depth;
  std::int64_t row_count;
  const T* panels;             // panel p starts at panels + p * panel_stride
  std::int64_t panel_stride;
  std::int64_t columns;        // from the first panel on; the last panel may be narrower
  T* const* out;               // out[r]: the element of the first column
  const T* bias;               // of the first column, or null
  bool accumulate = false;
  bool clamp = false;          // NaN passes through
  T low{}, high{};
  std::int64_t step = 1;
  // Memory that the caller reads next, brought near while the last tiles are computed: a line for
  // each step of depth, `ahead_step` apart, and so on from each multiple of `ahead_tile`, as many
  // as a panel's row has lines. Null for none; what is not there does no harm.
  const T* ahead = nullptr;
  std::int64_t ahead_step = 0, ahead_tile = 0;
  // One whole panel of one tap that is not packed yet, rows of it unpacked_stride apart: the first
  // tile reads it here and writes it to `panels`. Null when it is packed.
  const T* unpacked = nullptr;
  std::int64_t unpacked_stride = 0;
};

// Panels are packed [taps * depth][width]: width is `panel` for all but the last one, whose width
// is its columns rounded up to `lanes`, filled with zeros; where `narrow`, to half of them when half
// a vector, or one and a half, holds the columns.
struct TileShape {
  int lanes;  // elements of a vector
  int panel;  // columns of a full panel
  int rows;   // most rows of one tile: blocks of a multiple of it leave no lower tile
  bool narrow;
};

// Of the instruction set in force, for float and double.
template <class T>
TileShape tile_shape() noexcept;

template <class T>
void tile_block(const TileBlock<T>& block) noexcept;

// The depth that a packed panel and its rows best stay within; longer products are split and
// accumulate through memory.
constexpr std::int64_t kMaxDepth = 1024;

}  // namespace tw
