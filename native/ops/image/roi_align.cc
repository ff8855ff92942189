#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/image/roi_regions.h"

namespace tw {
namespace {

float bin_value(const float* plane, const RoiRegion& r, std::int64_t bin, bool maximum) {
  float total = 0;
  bool first = true;
  r.each_sample(bin, [&](const RoiSample& s, double, double) {
    const float largest = s.term(plane, s.largest(plane));
    if (!maximum) {
      total += s.term(plane, 0) + s.term(plane, 1) + s.term(plane, 2) + s.term(plane, 3);
    } else {
      total = first ? largest : std::max(total, largest);
    }
    first = false;
  });
  return maximum ? total : total / static_cast<float>(r.count());
}

void roi_align_shape(ShapeContext& c) {
  const Shape &x = c.with_rank(0, 4), &rois = c.with_rank(1, 2);
  c.with_rank(2, 1);
  c.set_output(0, Shape{rois.has_rank() ? rois[0] : kUnknownDim, x.has_rank() ? x[1] : kUnknownDim,
                        c.attrs().integer("output_height"), c.attrs().integer("output_width")});
}

void roi_align_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &rois = c.input(1);
  const std::vector<std::int64_t> image = roi_images(x, rois, c.input(2));
  const Tensor& y = c.allocate_output(0, aligned_shape(c.attrs(), x, rois));
  check(y.size() == 0 || x.size() > 0, Code::kInvalidArgument, "X is empty: ", x.shape());
  const bool maximum = c.attrs().string("mode") == "max";
  const std::int64_t channels = x.dim(1), bins = y.dim(2) * y.dim(3);
  c.parallel_for(rois.dim(0) * channels, [&](std::int64_t task, int) {
    const std::int64_t r = task / channels, k = task % channels;
    const RoiRegion region(c.attrs(), rois.data<float>() + r * 4, x.dim(2), x.dim(3));
    const std::int64_t plane = image[static_cast<std::size_t>(r)] * channels + k;
    const float* from = x.data<float>() + plane * x.dim(2) * x.dim(3);
    float* to = y.mutable_data<float>() + task * bins;
    for (std::int64_t n = 0; n < bins; ++n) to[n] = bin_value(from, region, n, maximum);
  });
}

void roi_align_gradient(GradientContext& g) {
  AttrMap attrs = {{"spatial_scale", g.attrs().real("spatial_scale")}};
  for (const char* name : {"mode", "coordinate_transformation_mode"}) {
    attrs.emplace_back(name, g.attrs().string(name));
  }
  for (const char* name : {"output_height", "output_width", "sampling_ratio"}) {
    attrs.emplace_back(name, g.attrs().integer(name));
  }
  const Output node = g.op("RoiAlignGrad", {g.input_value(0), g.input_value(1), g.input_value(2),
                                            g.output_grad(0)}, attrs);
  g.input(0) = node;
  g.input(1) = {node.node, 1};
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
    .gradient(roi_align_gradient)
    .kernel(Device::kCpu, roi_align_kernel);

}  // namespace tw
