#pragma once

#include "kernels/conv_shape.h"

namespace tw {

// Pooling windows: a ConvShape whose in_channels are the channels; out_channels, groups unused.
struct PoolShape {
  ConvShape window;
  std::array<std::int64_t, 3> pad_after{0, 0, 0};
  // Averages divide by the taps within the padded input, else by those within the input.
  bool count_pads = false;
};

// Output pixels [row, row + count) of the batch. Padding never wins and adds nothing; a window
// wholly in the padding gives the least value, or 0. NaN propagates. T: float, double, and for
// max_pool any integer type.
template <class T>
void max_pool(const PoolShape& shape, const T* x, std::int64_t row, std::int64_t count,
              T* y) noexcept;
template <class T>
void avg_pool(const PoolShape& shape, const T* x, std::int64_t row, std::int64_t count,
              T* y) noexcept;

// Gradients for channels [channel, channel + count) of image `image`, which they overwrite in dx.
// max_pool_grad gives each gradient to the first tap that holds the maximum.
template <class T>
void max_pool_grad(const PoolShape& shape, const T* x, const T* y, const T* dy, std::int64_t image,
                   std::int64_t channel, std::int64_t count, T* dx) noexcept;
template <class T>
void avg_pool_grad(const PoolShape& shape, const T* dy, std::int64_t image, std::int64_t channel,
                   std::int64_t count, T* dx) noexcept;

}  // namespace tw
