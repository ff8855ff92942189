#pragma once

#include "graph/attr.h"
#include "tensor/tensor.h"

namespace tw {

constexpr int kMostAxes = 3;

// The taps of one coordinate along an axis: pixels and their weights, of which index -1 stands for
// zero, and how the weights change with the coordinate.
struct AxisPoint {
  std::int64_t index[4];
  double weight[4], slope[4];
};

// The places of a grid in an image, by attrs mode, padding_mode and align_corners.
class GridPoints {
 public:
  GridPoints(const Attrs& attrs, const Shape& x, const Shape& grid);

  // One point of one image, along all axes. The grid gives the last axis first.
  template <class T>
  void place(const Tensor& grid, std::int64_t image, std::int64_t point, AxisPoint* at) const {
    const T* from = grid.data<T>() + (image * points + point) * axes;
    for (int a = 0; a < axes; ++a) {
      at[a] = axis_point(static_cast<double>(from[axes - 1 - a]), sizes_[a]);
    }
  }

  // Visits all combinations of taps that lie in the image: the offset of the pixel in its plane,
  // and the number of the tap along each axis.
  template <class Visit>
  void each_tap(const AxisPoint* at, Visit visit) const {
    for (std::int64_t n = 0; n < combinations_; ++n) {
      std::int64_t rest = n, offset = 0, taps[kMostAxes];
      bool exists = true;
      for (int a = 0; a < axes; ++a, rest /= taps_) {
        taps[a] = rest % taps_;
        exists = exists && at[a].index[taps[a]] >= 0;
        offset += at[a].index[taps[a]] * strides_[a];
      }
      if (exists) visit(offset, taps);
    }
  }

  int axes;
  std::int64_t points;  // per image

 private:
  enum class Padding { kZeros, kBorder, kReflection };

  AxisPoint axis_point(double at, std::int64_t size) const;
  double inside(double place, std::int64_t size, double* slope) const;

  Padding padding_;
  bool align_corners_;
  int taps_;  // along each axis: 1, 2 or 4
  std::int64_t combinations_ = 1, sizes_[kMostAxes], strides_[kMostAxes];
};

}  // namespace tw
