#include <algorithm>

#include "graph/op_registry.h"
#include "ops/image/roi_regions.h"

namespace tw {
namespace {

// Visits the terms that a bin is the sum of, or the one that is the largest: the sample, the number
// of the term, and its place down and across the region.
template <class Visit>
void each_term(const float* plane, const RoiRegion& r, std::int64_t bin, bool maximum,
               Visit visit) {
  RoiSample best{};
  int number = -1;
  double down = 0, across = 0;
  r.each_sample(bin, [&](const RoiSample& s, double y, double x) {
    if (!maximum) {
      for (int k = 0; k < 4 && s.exists(); ++k) visit(s, k, y, x);
      return;
    }
    const int largest = s.largest(plane);
    if (number >= 0 && !(s.term(plane, largest) > best.term(plane, number))) return;
    best = s, number = largest, down = y, across = x;
  });
  if (number >= 0 && best.exists()) visit(best, number, down, across);
}

// By the images: each plane collects from the regions in their order.
void plane_gradients(OpContext& c, const std::vector<std::int64_t>& image, bool maximum) {
  const Tensor &x = c.input(0), &rois = c.input(1), &dy = c.input(3);
  const std::int64_t channels = x.dim(1), size = x.dim(2) * x.dim(3);
  const std::int64_t bins = dy.dim(2) * dy.dim(3);
  c.parallel_for(x.dim(0) * channels, [&](std::int64_t task, int) {
    const float* plane = x.data<float>() + task * size;
    float* to = c.output(0).mutable_data<float>() + task * size;
    std::fill_n(to, size, 0.0f);
    for (std::int64_t r = 0; r < rois.dim(0); ++r) {
      if (image[static_cast<std::size_t>(r)] != task / channels) continue;
      const RoiRegion region(c.attrs(), rois.data<float>() + r * 4, x.dim(2), x.dim(3));
      const float* flow = dy.data<float>() + (r * channels + task % channels) * bins;
      const float scale = maximum ? 1 : 1 / static_cast<float>(region.count());
      for (std::int64_t n = 0; n < bins; ++n) {
        each_term(plane, region, n, maximum, [&](const RoiSample& s, int k, double, double) {
          to[s.offset[k]] += flow[n] * scale * s.weight[k];
        });
      }
    }
  });
}

// By the regions: the sum over all channels and bins of how their places move.
void region_gradients(OpContext& c, const std::vector<std::int64_t>& image, bool maximum) {
  const Tensor &x = c.input(0), &rois = c.input(1), &dy = c.input(3);
  const std::int64_t channels = x.dim(1), size = x.dim(2) * x.dim(3);
  const std::int64_t bins = dy.dim(2) * dy.dim(3);
  c.parallel_for(rois.dim(0), [&](std::int64_t r, int) {
    const RoiRegion region(c.attrs(), rois.data<float>() + r * 4, x.dim(2), x.dim(3));
    const double scale = maximum ? 1 : 1 / static_cast<double>(region.count());
    double sums[4] = {};
    for (std::int64_t k = 0; k < channels; ++k) {
      const std::int64_t at = image[static_cast<std::size_t>(r)] * channels + k;
      const float* plane = x.data<float>() + at * size;
      const float* flow = dy.data<float>() + (r * channels + k) * bins;
      for (std::int64_t n = 0; n < bins; ++n) {
        each_term(plane, region, n, maximum, [&](const RoiSample& s, int t, double y, double x_at) {
          const double value = scale * static_cast<double>(flow[n] * plane[s.offset[t]]);
          region.add_slopes(value * static_cast<double>(s.by_x[t]),
                            value * static_cast<double>(s.by_y[t]), y, x_at, sums);
        });
      }
    }
    float* to = c.output(1).mutable_data<float>() + r * 4;
    for (int i = 0; i < 4; ++i) to[i] = static_cast<float>(sums[i]);
  });
}

void roi_align_grad_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &rois = c.input(1), &dy = c.input(3);
  const std::vector<std::int64_t> image = roi_images(x, rois, c.input(2));
  const Shape wanted = aligned_shape(c.attrs(), x, rois);
  check(dy.shape() == wanted, Code::kInvalidArgument, "expected grad of shape ", wanted, ", got ",
        dy.shape());
  c.allocate_output(0, x.shape());
  c.allocate_output(1, rois.shape());
  const bool maximum = c.attrs().string("mode") == "max";
  plane_gradients(c, image, maximum);
  region_gradients(c, image, maximum);
}

}  // namespace

OP(RoiAlignGrad)
    .doc("The gradients of RoiAlign by the feature map and by the regions.")
    .internal()
    .input("X: float32").input("rois: float32").input("batch_indices: int64").input("grad: float32")
    .output("dX: float32").output("drois: float32")
    .attr("mode: {avg, max} = avg").attr("output_height: int >= 1 = 1")
    .attr("output_width: int >= 1 = 1").attr("sampling_ratio: int >= 0 = 0")
    .attr("spatial_scale: float = 1")
    .attr("coordinate_transformation_mode: {half_pixel, output_half_pixel} = half_pixel")
    .shape([](ShapeContext& c) {
      c.set_output(0, c.input(0));
      c.set_output(1, c.input(1));
    })
    .no_gradient("not registered: places and images are differentiated once")
    .kernel(Device::kCpu, roi_align_grad_kernel);

}  // namespace tw
