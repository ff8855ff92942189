#include "ops/image/roi_regions.h"

#include <algorithm>
#include <cmath>

namespace tw {

int RoiSample::largest(const float* plane) const {
  const float terms[4] = {term(plane, 0), term(plane, 1), term(plane, 2), term(plane, 3)};
  return static_cast<int>(std::max_element(terms, terms + 4) - terms);
}

RoiRegion::RoiRegion(const Attrs& attrs, const float* roi, std::int64_t height, std::int64_t width)
    : scale_(attrs.real("spatial_scale")),
      height_(height),
      width_(width),
      bins_{attrs.integer("output_height"), attrs.integer("output_width")} {
  const bool half = attrs.string("coordinate_transformation_mode") == "half_pixel";
  const double shift = half ? 0.5 : 0;
  double at[4];
  for (int i = 0; i < 4; ++i) at[i] = static_cast<double>(roi[i]) * scale_ - shift;
  double across = at[2] - at[0], down = at[3] - at[1];
  stretches_across_ = half || across > 1;
  stretches_down_ = half || down > 1;
  if (!half) across = std::max(across, 1.0), down = std::max(down, 1.0);
  const auto rows = static_cast<double>(bins_[0]), columns = static_cast<double>(bins_[1]);
  const std::int64_t ratio = attrs.integer("sampling_ratio");
  const auto samples = [&](double size, double bins) {
    const double wanted = std::clamp(std::ceil(size / bins), 0.0, 4096.0);
    return ratio > 0 ? ratio : static_cast<std::int64_t>(wanted);
  };
  top_ = at[1], left_ = at[0];
  bin_height_ = down / rows, bin_width_ = across / columns;
  samples_[0] = samples(down, rows), samples_[1] = samples(across, columns);
}

std::int64_t RoiRegion::count() const {
  return std::max<std::int64_t>(samples_[0] * samples_[1], 1);
}

RoiSample RoiRegion::sample(double y, double x) const {
  const auto height = static_cast<double>(height_), width = static_cast<double>(width_);
  if (!(y >= -1 && y <= height && x >= -1 && x <= width)) return {{-1, -1, -1, -1}, {}, {}, {}};
  const float moves_y = y >= 0 && y <= height - 1 ? 1 : 0;
  const float moves_x = x >= 0 && x <= width - 1 ? 1 : 0;
  y = std::clamp(y, 0.0, height - 1), x = std::clamp(x, 0.0, width - 1);
  const auto top = static_cast<std::int64_t>(y), left = static_cast<std::int64_t>(x);
  const std::int64_t bottom = std::min(top + 1, height_ - 1);
  const std::int64_t right = std::min(left + 1, width_ - 1);
  const auto dy = static_cast<float>(y - static_cast<double>(top));
  const auto dx = static_cast<float>(x - static_cast<double>(left));
  const auto at = [&](std::int64_t i, std::int64_t j) { return i * width_ + j; };
  return {{at(top, left), at(top, right), at(bottom, left), at(bottom, right)},
          {(1 - dy) * (1 - dx), (1 - dy) * dx, dy * (1 - dx), dy * dx},
          {-moves_y * (1 - dx), -moves_y * dx, moves_y * (1 - dx), moves_y * dx},
          {-moves_x * (1 - dy), moves_x * (1 - dy), -moves_x * dy, moves_x * dy}};
}

void RoiRegion::add_slopes(double by_x, double by_y, double down, double across,
                           double* roi) const {
  if (!stretches_across_) across = 0;
  if (!stretches_down_) down = 0;
  roi[0] += scale_ * (1 - across) * by_x;
  roi[1] += scale_ * (1 - down) * by_y;
  roi[2] += scale_ * across * by_x;
  roi[3] += scale_ * down * by_y;
}

std::vector<std::int64_t> roi_images(const Tensor& x, const Tensor& rois, const Tensor& images) {
  check(x.rank() == 4 && rois.rank() == 2 && rois.dim(1) == 4 && images.rank() == 1 &&
            images.dim(0) == rois.dim(0),
        Code::kInvalidArgument, "expected X [N, C, H, W], rois [R, 4] and batch_indices [R], got ",
        x.shape(), ", ", rois.shape(), " and ", images.shape());
  std::vector<std::int64_t> image = images.to_int64s();
  for (const std::int64_t i : image) {
    check(i >= 0 && i < x.dim(0), Code::kInvalidArgument, "batch index ", i, " is not in [0, ",
          x.dim(0), ")");
  }
  return image;
}

Shape aligned_shape(const Attrs& attrs, const Tensor& x, const Tensor& rois) {
  return {rois.dim(0), x.dim(1), attrs.integer("output_height"), attrs.integer("output_width")};
}

}  // namespace tw
