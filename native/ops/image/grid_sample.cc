#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/image/grid_points.h"

namespace tw {
namespace {

void check_shapes(const Shape& x, const Shape& grid) {
  if (!x.has_rank() || !grid.has_rank()) return;
  const int axes = x.rank() - 2;
  check(axes >= 1 && axes <= kMostAxes && grid.rank() == x.rank(), Code::kInvalidArgument,
        "expected X of rank 3 to 5 and a grid of the same rank, got ", x, " and ", grid);
  const std::int64_t last = grid[grid.rank() - 1];
  check(last == kUnknownDim || last == axes, Code::kInvalidArgument, "the grid's last dim is ",
        last, ", expected ", axes);
  check(compatible(Shape{x[0]}, Shape{grid[0]}), Code::kInvalidArgument, "X has ", x[0],
        " images, the grid ", grid[0]);
}

Shape sampled_shape(const Shape& x, const Shape& grid) {
  Shape y = x;
  for (int i = 2; i < x.rank(); ++i) y[i] = grid[i - 1];
  return y;
}

void grid_sample_shape(ShapeContext& c) {
  const Shape &x = c.input(0), &grid = c.input(1);
  check_shapes(x, grid);
  if (!x.has_rank() || !grid.has_rank()) return c.set_output(0, Shape::unknown());
  c.set_output(0, sampled_shape(x, grid));
}

template <class T>
void grid_sample(OpContext& c) {
  const Tensor &x = c.input(0), &grid = c.input(1), &y = c.output(0);
  const GridPoints g(c.attrs(), x.shape(), grid.shape());
  const std::int64_t plane = x.shape().size(2, x.rank()), channels = x.dim(1);
  check(plane > 0 || y.size() == 0, Code::kInvalidArgument, "nothing to sample in ", x.shape());
  const std::int64_t block = 256, blocks = (g.points + block - 1) / block;
  c.parallel_for(x.dim(0) * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, first = task % blocks * block;
    for (std::int64_t p = first; p < std::min(g.points, first + block); ++p) {
      AxisPoint at[kMostAxes];
      g.place<T>(grid, image, p, at);
      for (std::int64_t k = image * channels; k < (image + 1) * channels; ++k) {
        const T* from = x.data<T>() + k * plane;
        double sum = 0;
        g.each_tap(at, [&](std::int64_t offset, const std::int64_t* taps) {
          double weight = 1;
          for (int a = 0; a < g.axes; ++a) weight *= at[a].weight[taps[a]];
          sum += weight * static_cast<double>(from[offset]);
        });
        y.mutable_data<T>()[k * g.points + p] = static_cast<T>(sum);
      }
    }
  });
}

void grid_sample_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &grid = c.input(1);
  check_shapes(x.shape(), grid.shape());
  c.allocate_output(0, sampled_shape(x.shape(), grid.shape()));
  return x.dtype() == DType::kFloat64 ? grid_sample<double>(c) : grid_sample<float>(c);
}

// From the gradient of the samples: of each channel's plane, whose places add up in the order of the
// points. Some channels share the work of finding the places.
template <class T>
void plane_gradients(OpContext& c, const GridPoints& grid, const T* dy, T* dx) {
  const Tensor& x = c.input(0);
  const std::int64_t plane = x.shape().size(2, x.rank()), channels = x.dim(1), some = 8;
  const std::int64_t groups = (channels + some - 1) / some;
  c.parallel_for(x.dim(0) * groups, [&](std::int64_t task, int) {
    const std::int64_t image = task / groups, begin = image * channels + task % groups * some;
    const std::int64_t end = std::min(begin + some, (image + 1) * channels);
    std::fill_n(dx + begin * plane, (end - begin) * plane, T(0));
    for (std::int64_t p = 0; p < grid.points; ++p) {
      AxisPoint at[kMostAxes];
      grid.place<T>(c.input(1), image, p, at);
      grid.each_tap(at, [&](std::int64_t offset, const std::int64_t* taps) {
        double weight = 1;
        for (int a = 0; a < grid.axes; ++a) weight *= at[a].weight[taps[a]];
        for (std::int64_t k = begin; k < end; ++k) {
          const double flow = static_cast<double>(dy[k * grid.points + p]);
          dx[k * plane + offset] += static_cast<T>(flow * weight);
        }
      });
    }
  });
}

// Of the places: a sum over all channels.
template <class T>
void place_gradients(OpContext& c, const GridPoints& grid, const T* dy, T* d_grid) {
  const Tensor& x = c.input(0);
  const std::int64_t plane = x.shape().size(2, x.rank()), channels = x.dim(1);
  const std::int64_t block = 256, blocks = (grid.points + block - 1) / block;
  c.parallel_for(x.dim(0) * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, first = task % blocks * block;
    for (std::int64_t p = first; p < std::min(grid.points, first + block); ++p) {
      AxisPoint at[kMostAxes];
      grid.place<T>(c.input(1), image, p, at);
      double sums[kMostAxes] = {};
      grid.each_tap(at, [&](std::int64_t offset, const std::int64_t* taps) {
        double flow = 0;
        for (std::int64_t k = image * channels; k < (image + 1) * channels; ++k) {
          flow += static_cast<double>(dy[k * grid.points + p]) *
                  static_cast<double>(x.data<T>()[k * plane + offset]);
        }
        for (int along = 0; along < grid.axes; ++along) {
          double weight = flow;
          for (int a = 0; a < grid.axes; ++a) {
            weight *= a == along ? at[a].slope[taps[a]] : at[a].weight[taps[a]];
          }
          sums[along] += weight;
        }
      });
      T* to = d_grid + (image * grid.points + p) * grid.axes;
      for (int a = 0; a < grid.axes; ++a) to[grid.axes - 1 - a] = static_cast<T>(sums[a]);
    }
  });
}

void grid_sample_grad_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &grid = c.input(1), &dy = c.input(2);
  check_shapes(x.shape(), grid.shape());
  check(dy.shape() == sampled_shape(x.shape(), grid.shape()), Code::kInvalidArgument,
        "expected grad of shape ", sampled_shape(x.shape(), grid.shape()), ", got ", dy.shape());
  const Tensor &dx = c.allocate_output(0, x.shape()), &dg = c.allocate_output(1, grid.shape());
  const GridPoints points(c.attrs(), x.shape(), grid.shape());
  const auto run = [&]<class T>() {
    plane_gradients(c, points, dy.data<T>(), dx.mutable_data<T>());
    place_gradients(c, points, dy.data<T>(), dg.mutable_data<T>());
  };
  if (x.dtype() == DType::kFloat64) return run.template operator()<double>();
  run.template operator()<float>();
}

}  // namespace

OP(GridSample)
    .doc("Samples images [N, C, D1, ...] at the places of a grid [N, O1, ..., axes], from -1 to 1,\n"
         "the last axis first, as ONNX's operator of that name.")
    .input("X: T").input("grid: T").output("Y: T")
    .attr("T: float32|float64").attr("mode: {linear, nearest, cubic} = linear")
    .attr("padding_mode: {zeros, border, reflection} = zeros").attr("align_corners: bool = false")
    .shape(grid_sample_shape)
    .gradient([](GradientContext& g) {
      const Output node = g.op("GridSampleGrad",
                               {g.input_value(0), g.input_value(1), g.output_grad(0)},
                               {{"mode", g.attrs().string("mode")},
                                {"padding_mode", g.attrs().string("padding_mode")},
                                {"align_corners", g.attrs().flag("align_corners")}});
      g.input(0) = node;
      g.input(1) = {node.node, 1};
    })
    .kernel(Device::kCpu, grid_sample_kernel);

OP(GridSampleGrad)
    .doc("The gradients of GridSample by the images and by the places. At the edge of a pixel, or of\n"
         "the image, that of one side.")
    .internal()
    .input("X: T").input("grid: T").input("grad: T").output("dX: T").output("dgrid: T")
    .attr("T: float32|float64").attr("mode: {linear, nearest, cubic} = linear")
    .attr("padding_mode: {zeros, border, reflection} = zeros").attr("align_corners: bool = false")
    .shape([](ShapeContext& c) {
      c.set_output(0, c.input(0));
      c.set_output(1, c.input(1));
    })
    .no_gradient("not registered: places and images are differentiated once")
    .kernel(Device::kCpu, grid_sample_grad_kernel);

}  // namespace tw
