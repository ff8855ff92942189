#include <algorithm>
#include <cmath>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

// A region on the feature map, cut into bins of which each is sampled at a few places.
struct Region {
  double top, left, bin_height, bin_width;
  std::int64_t rows, columns;  // samples per bin
};

Region region_of(const Attrs& attrs, const float* roi) {
  const double scale = attrs.real("spatial_scale");
  const bool half = attrs.string("coordinate_transformation_mode") == "half_pixel";
  const double shift = half ? 0.5 : 0;
  double at[4];
  for (int i = 0; i < 4; ++i) at[i] = static_cast<double>(roi[i]) * scale - shift;
  double width = at[2] - at[0], height = at[3] - at[1];
  if (!half) width = std::max(width, 1.0), height = std::max(height, 1.0);
  const auto rows = static_cast<double>(attrs.integer("output_height"));
  const auto columns = static_cast<double>(attrs.integer("output_width"));
  const std::int64_t ratio = attrs.integer("sampling_ratio");
  const auto samples = [&](double size, double bins) {
    const double wanted = std::clamp(std::ceil(size / bins), 0.0, 4096.0);
    return ratio > 0 ? ratio : static_cast<std::int64_t>(wanted);
  };
  return {at[1], at[0], height / rows, width / columns, samples(height, rows),
          samples(width, columns)};
}

struct Plane {
  const float* data;
  std::int64_t height, width;
};

// The four terms of a bilinear sample; outside of the map all are 0.
struct Sample {
  float terms[4];
  float sum() const { return terms[0] + terms[1] + terms[2] + terms[3]; }
  float largest() const { return *std::max_element(terms, terms + 4); }
};

Sample sample_at(const Plane& p, double y, double x) {
  const auto height = static_cast<double>(p.height), width = static_cast<double>(p.width);
  if (!(y >= -1 && y <= height && x >= -1 && x <= width)) return {{0, 0, 0, 0}};
  y = std::clamp(y, 0.0, height - 1), x = std::clamp(x, 0.0, width - 1);
  const auto top = static_cast<std::int64_t>(y), left = static_cast<std::int64_t>(x);
  const std::int64_t bottom = std::min(top + 1, p.height - 1), right = std::min(left + 1, p.width - 1);
  const auto dy = static_cast<float>(y - static_cast<double>(top));
  const auto dx = static_cast<float>(x - static_cast<double>(left));
  const auto at = [&](std::int64_t i, std::int64_t j) { return p.data[i * p.width + j]; };
  return {{(1 - dy) * (1 - dx) * at(top, left), (1 - dy) * dx * at(top, right),
           dy * (1 - dx) * at(bottom, left), dy * dx * at(bottom, right)}};
}

float bin_value(const Plane& p, const Region& r, std::int64_t i, std::int64_t j, bool maximum) {
  float total = 0;
  bool first = true;
  for (std::int64_t a = 0; a < r.rows; ++a) {
    const double step = (static_cast<double>(a) + 0.5) / static_cast<double>(r.rows);
    const double y = r.top + (static_cast<double>(i) + step) * r.bin_height;
    for (std::int64_t b = 0; b < r.columns; ++b) {
      const double along = (static_cast<double>(b) + 0.5) / static_cast<double>(r.columns);
      const double x = r.left + (static_cast<double>(j) + along) * r.bin_width;
      const Sample s = sample_at(p, y, x);
      if (maximum) {
        total = first ? s.largest() : std::max(total, s.largest());
      } else {
        total += s.sum();
      }
      first = false;
    }
  }
  const std::int64_t count = std::max<std::int64_t>(r.rows * r.columns, 1);
  return maximum ? total : total / static_cast<float>(count);
}

void roi_align_shape(ShapeContext& c) {
  const Shape &x = c.with_rank(0, 4), &rois = c.with_rank(1, 2);
  c.with_rank(2, 1);
  c.set_output(0, Shape{rois.has_rank() ? rois[0] : kUnknownDim, x.has_rank() ? x[1] : kUnknownDim,
                        c.attrs().integer("output_height"), c.attrs().integer("output_width")});
}

void roi_align_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &rois = c.input(1), &images = c.input(2);
  check(x.rank() == 4 && rois.rank() == 2 && rois.dim(1) == 4 && images.rank() == 1 &&
            images.dim(0) == rois.dim(0),
        Code::kInvalidArgument, "expected X [N, C, H, W], rois [R, 4] and batch_indices [R], got ",
        x.shape(), ", ", rois.shape(), " and ", images.shape());
  const std::int64_t channels = x.dim(1), rows = c.attrs().integer("output_height");
  const std::int64_t columns = c.attrs().integer("output_width");
  const std::vector<std::int64_t> image = images.to_int64s();
  for (const std::int64_t i : image) {
    check(i >= 0 && i < x.dim(0), Code::kInvalidArgument, "batch index ", i, " is not in [0, ",
          x.dim(0), ")");
  }
  const Tensor& y = c.allocate_output(0, Shape{rois.dim(0), channels, rows, columns});
  check(y.size() == 0 || x.size() > 0, Code::kInvalidArgument, "X is empty: ", x.shape());
  const bool maximum = c.attrs().string("mode") == "max";
  c.parallel_for(rois.dim(0) * channels, [&](std::int64_t task, int) {
    const std::int64_t r = task / channels, k = task % channels;
    const Region region = region_of(c.attrs(), rois.data<float>() + r * 4);
    const std::int64_t plane = image[static_cast<std::size_t>(r)] * channels + k;
    const Plane p{x.data<float>() + plane * x.dim(2) * x.dim(3), x.dim(2), x.dim(3)};
    float* to = y.mutable_data<float>() + task * rows * columns;
    for (std::int64_t n = 0; n < rows * columns; ++n) {
      to[n] = bin_value(p, region, n / columns, n % columns, maximum);
    }
  });
}

}  // namespace

OP(RoiAlign)
    .doc("The average (or largest term) of bilinear samples in each bin of each region of a feature\n"
         "map, as ONNX's operator of that name; sampling_ratio 0 takes as many samples as pixels.")
    .input("X: float32").input("rois: float32").input("batch_indices: int64").output("Y: float32")
    .attr("mode: {avg, max} = avg").attr("output_height: int >= 1 = 1")
    .attr("output_width: int >= 1 = 1").attr("sampling_ratio: int >= 0 = 0")
    .attr("spatial_scale: float = 1")
    .attr("coordinate_transformation_mode: {half_pixel, output_half_pixel} = half_pixel")
    .shape(roi_align_shape)
    .no_gradient("not registered: sampling at computed places is for inference here")
    .kernel(Device::kCpu, roi_align_kernel);

}  // namespace tw
