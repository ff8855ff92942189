#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "kernels/combine_rows.h"
#include "kernels/gather_rows.h"
#include "ops/image/resize_axis.h"

namespace tw {
namespace {

std::vector<std::int64_t> times(std::vector<std::int64_t> places, std::int64_t step) {
  for (std::int64_t& place : places) place *= step;
  return places;
}

// Rows of the output that come from one row of the input are made once and copied.
void nearest_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Attrs attrs = c.attrs();
  Tensor& y = c.allocate_output(0, size_from(c.input(1), x.shape(), attrs));
  const Planes p = planes_of(x.shape(), y.shape(), attrs);
  const auto pixel = p.channels * static_cast<std::int64_t>(size_of(x.dtype()));
  const auto rows = nearest_places(attrs, 0, p.in_height, p.out_height);
  const auto columns = times(nearest_places(attrs, 1, p.in_width, p.out_width), pixel);
  const std::int64_t in_row = p.in_width * pixel, out_row = p.out_width * pixel;
  const std::int64_t block = std::max<std::int64_t>(1, (64 << 10) / (out_row + 1));
  const std::int64_t blocks = (p.out_height + block - 1) / block;
  c.parallel_for(p.count * blocks, [&](std::int64_t task, int) {
    const std::int64_t plane = task / blocks, first = task % blocks * block;
    const char* from = static_cast<const char*>(x.raw()) + plane * p.in_height * in_row;
    char* to = static_cast<char*>(y.raw()) + (plane * p.out_height + first) * out_row;
    const std::int64_t end = std::min(p.out_height, first + block);
    for (std::int64_t i = first; i < end; ++i, to += out_row) {
      const std::int64_t row = rows[static_cast<std::size_t>(i)];
      if (i > first && row == rows[static_cast<std::size_t>(i - 1)]) {
        std::copy_n(to - out_row, out_row, to);
      } else {
        gather_rows(to, from + row * in_row, columns.data(), p.out_width, pixel);
      }
    }
  });
}

void grad_kernel(OpContext& c) {
  const Tensor& dy = c.input(0);
  const Attrs attrs = c.attrs();
  Tensor& dx = c.allocate_output(0, size_from(c.input(1), dy.shape(), attrs));
  const Planes p = planes_of(dx.shape(), dy.shape(), attrs);
  const auto rows = nearest_places(attrs, 0, p.in_height, p.out_height);
  const auto columns = times(nearest_places(attrs, 1, p.in_width, p.out_width), p.channels);
  const CombineRows add = combine_rows(Combine::kAdd, dx.dtype());
  const auto size = static_cast<std::int64_t>(size_of(dx.dtype()));
  const std::int64_t in_row = p.in_width * p.channels * size;
  const std::int64_t out_row = p.out_width * p.channels * size;
  c.parallel_for(p.count, [&](std::int64_t plane, int) {
    char* to = static_cast<char*>(dx.raw()) + plane * p.in_height * in_row;
    const char* from = static_cast<const char*>(dy.raw()) + plane * p.out_height * out_row;
    std::fill_n(to, p.in_height * in_row, char{0});
    for (std::int64_t i = 0; i < p.out_height; ++i) {
      add(to + rows[static_cast<std::size_t>(i)] * in_row, columns.data(), from + i * out_row,
          p.out_width, p.channels, p.channels);
    }
  });
}

AttrMap nearest_attrs(const Attrs& attrs) {
  AttrMap map = resize_attrs(attrs);
  map.emplace_back("nearest_mode", attrs.string("nearest_mode"));
  return map;
}

// The height and width of a tensor, as an int64 vector.
Output size_of_images(GradientContext& g, Output images) {
  const std::int64_t first = channels_first(g.attrs()) ? 2 : 1;
  return g.op("Slice", {g.shape_of(images), g.int_vector({first}), g.int_vector({2})});
}

}  // namespace

OP(ResizeNearestNeighbor)
    .doc("Images [N, H, W, C] (or [N, C, H, W]) at another size [height, width], each pixel that "
         "of the nearest place. A place i of the output lies at i * in / out of the input, at (i + "
         "0.5) * in / out - 0.5 with half_pixel_centers, at i * (in - 1) / (out - 1) with "
         "align_corners; coordinate_transformation_mode says the same by ONNX's names, scales "
         "[height, width] stand for out / in where these are not exact, and nearest_mode rounds "
         "(default: down, to nearest with the other two).")
    .input("images: T").input("size: Tsize").output("resized_images: T")
    .attr("T: numeric").attr("Tsize: int32|int64 = int32").TW_RESIZE_ATTRS
    .attr("nearest_mode: {default, floor, ceil, round_prefer_floor, round_prefer_ceil} = default")
    .shape(resize_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ResizeNearestNeighborGrad",
                        {g.output_grad(0), size_of_images(g, g.input_value(0))},
                        nearest_attrs(g.attrs()));
    })
    .permute(resize_permute)
    .kernel(Device::kCpu, nearest_kernel);

OP(ResizeNearestNeighborGrad)
    .doc("Adds each pixel of grads to the place in images of the given size that "
         "ResizeNearestNeighbor took it from.")
    .internal()
    .input("grads: T").input("size: Tsize").output("output: T")
    .attr("T: numeric").attr("Tsize: int32|int64 = int32").TW_RESIZE_ATTRS
    .attr("nearest_mode: {default, floor, ceil, round_prefer_floor, round_prefer_ceil} = default")
    .shape(resize_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ResizeNearestNeighbor",
                        {g.output_grad(0), size_of_images(g, g.input_value(0))},
                        nearest_attrs(g.attrs()));
    })
    .permute(resize_permute)
    .kernel(Device::kCpu, grad_kernel);

}  // namespace tw
