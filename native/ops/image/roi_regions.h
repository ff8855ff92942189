#pragma once

#include <vector>

#include "graph/op_context.h"
#include "graph/shape_context.h"

namespace tw {

// The four terms of a bilinear sample: pixels of a plane, their weights, and how these change with
// the place of the sample. Outside of the map there are none, and each term is 0.
struct RoiSample {
  std::int64_t offset[4];
  float weight[4], by_y[4], by_x[4];

  bool exists() const { return offset[0] >= 0; }
  float term(const float* plane, int k) const {
    return exists() ? weight[k] * plane[offset[k]] : 0;
  }
  // The number of the first largest term.
  int largest(const float* plane) const;
};

// A region on the feature map, cut into bins of which each is sampled at a few places.
class RoiRegion {
 public:
  RoiRegion(const Attrs& attrs, const float* roi, std::int64_t height, std::int64_t width);

  // Samples per bin, at least 1.
  std::int64_t count() const;

  // Visits the samples of a bin, with their places down and across the region, from 0 to 1.
  template <class Visit>
  void each_sample(std::int64_t bin, Visit visit) const {
    const auto i = static_cast<double>(bin / bins_[1]), j = static_cast<double>(bin % bins_[1]);
    for (std::int64_t a = 0; a < samples_[0]; ++a) {
      const double step = i + (static_cast<double>(a) + 0.5) / static_cast<double>(samples_[0]);
      for (std::int64_t b = 0; b < samples_[1]; ++b) {
        const double along = j + (static_cast<double>(b) + 0.5) / static_cast<double>(samples_[1]);
        visit(sample(top_ + step * bin_height_, left_ + along * bin_width_),
              step / static_cast<double>(bins_[0]), along / static_cast<double>(bins_[1]));
      }
    }
  }

  // Adds to the gradient of the roi what the slopes by x and y of a sample at such a place give.
  void add_slopes(double by_x, double by_y, double down, double across, double* roi) const;

 private:
  RoiSample sample(double y, double x) const;

  double scale_, top_, left_, bin_height_, bin_width_;
  bool stretches_down_, stretches_across_;  // not when the least size of 1 is in force
  std::int64_t height_, width_, bins_[2], samples_[2];
};

// The images of the regions, checked.
std::vector<std::int64_t> roi_images(const Tensor& x, const Tensor& rois, const Tensor& images);
Shape aligned_shape(const Attrs& attrs, const Tensor& x, const Tensor& rois);

}  // namespace tw
