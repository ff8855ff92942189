#pragma once

#include <cstdint>

namespace tw {

constexpr std::int64_t kMostTapRows = 32;

// A stretch of pixels on one output line of a convolution, for some columns of one panel. The
// windows of neighbours lie `step` elements apart in each of the input lines that they meet, so no
// row pointers are needed. Sums are chains as those of TileBlock, with the same bits.
template <class T>
struct ConvLine {
  const T* const* lines;     // by row of taps: the whole input line, or null when it is padding
  std::int64_t taps, depth;  // rows of taps, and the elements of each: kernel width * channels
  std::int64_t first;        // element under the first tap of the first pixel, perhaps outside
  std::int64_t step;
  std::int64_t length;       // elements of an input line
  std::int64_t pixels;
  const T* panel;            // packed [taps * depth][width]; see TileShape
  std::int64_t columns;      // at most those of a panel
  T* out;                    // first column of the first pixel
  std::int64_t out_step;
  const T* bias;             // of the first column, or null
  bool clamp;                // NaN passes through
  T low, high;
  T* scratch;                // conv_line_scratch(...) elements
};

// Whether a line may be computed like that: what one tile reads is short enough.
bool conv_line_fits(std::int64_t taps, std::int64_t depth, std::int64_t step) noexcept;
std::int64_t conv_line_scratch(std::int64_t taps, std::int64_t depth, std::int64_t step) noexcept;

// For float and double.
template <class T>
void conv_line(const ConvLine<T>& line) noexcept;

}  // namespace tw
