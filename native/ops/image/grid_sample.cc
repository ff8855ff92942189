#include <algorithm>
#include <cmath>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

enum class Padding { kZeros, kBorder, kReflection };

struct Sampling {
  Padding padding;
  bool align_corners;
  int taps;  // along each axis: 1, 2 or 4
};

Sampling sampling_of(const Attrs& attrs) {
  const std::string mode = attrs.string("mode"), padding = attrs.string("padding_mode");
  return {padding == "zeros"    ? Padding::kZeros
          : padding == "border" ? Padding::kBorder
                                : Padding::kReflection,
          attrs.flag("align_corners"),
          mode == "nearest" ? 1
          : mode == "cubic" ? 4
                            : 2};
}

double reflected(double x, double low, double high) {
  const double span = high - low;
  if (!(span > 0)) return low;
  const double turn = std::fmod(std::fabs(x - low), 2 * span);
  return turn > span ? high - (turn - span) : low + turn;
}

// The weights of the cubic convolution with a = -0.75 at a fraction t behind the second tap.
void cubic_weights(double t, double* w) {
  constexpr double a = -0.75;
  const auto outer = [&](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  const auto inner = [&](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  w[0] = outer(t + 1), w[1] = inner(t), w[2] = inner(1 - t), w[3] = outer(2 - t);
}

// The taps of one coordinate along an axis of `size` pixels; index -1 stands for zero.
struct AxisPoint {
  std::int64_t index[4];
  double weight[4];
};

AxisPoint axis_point(const Sampling& s, double at, std::int64_t size) {
  const double n = static_cast<double>(size);
  const double low = s.align_corners ? 0 : -0.5, high = s.align_corners ? n - 1 : n - 0.5;
  double x = s.align_corners ? (at + 1) / 2 * (n - 1) : ((at + 1) * n - 1) / 2;
  const auto inside = [&](double place) {
    if (s.padding == Padding::kReflection) place = reflected(place, low, high);
    return s.padding == Padding::kZeros ? place : std::clamp(place, 0.0, n - 1);
  };
  if (s.taps != 4) x = inside(x);
  if (!(std::fabs(x) < 1e15)) x = -1e15;
  AxisPoint p{};
  const double base = s.taps == 1 ? std::nearbyint(x) : std::floor(x) - (s.taps == 4 ? 1 : 0);
  const double t = x - std::floor(x);
  if (s.taps == 1) p.weight[0] = 1;
  if (s.taps == 2) p.weight[0] = 1 - t, p.weight[1] = t;
  if (s.taps == 4) cubic_weights(t, p.weight);
  for (int k = 0; k < s.taps; ++k) {
    double place = base + k;
    if (s.taps == 4) place = std::nearbyint(inside(place));
    if (s.taps == 2 && s.padding != Padding::kZeros) place = std::clamp(place, 0.0, n - 1);
    p.index[k] = place >= 0 && place < n ? static_cast<std::int64_t>(place) : -1;
  }
  return p;
}

constexpr int kMostAxes = 3;

// The sum over all combinations of taps of one channel's plane.
template <class T>
double sampled(const T* plane, const AxisPoint* points, int axes, int taps,
               const std::int64_t* strides) {
  std::int64_t total = 1;
  for (int a = 0; a < axes; ++a) total *= taps;
  double sum = 0;
  for (std::int64_t n = 0; n < total; ++n) {
    std::int64_t rest = n, offset = 0;
    double weight = 1;
    bool exists = true;
    for (int a = 0; a < axes; ++a, rest /= taps) {
      const std::int64_t k = rest % taps, index = points[a].index[k];
      exists = exists && index >= 0;
      offset += index * strides[a];
      weight *= points[a].weight[k];
    }
    if (exists) sum += weight * static_cast<double>(plane[offset]);
  }
  return sum;
}

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

void grid_sample_shape(ShapeContext& c) {
  const Shape &x = c.input(0), &grid = c.input(1);
  check_shapes(x, grid);
  if (!x.has_rank() || !grid.has_rank()) return c.set_output(0, Shape::unknown());
  Shape y = x;
  for (int i = 2; i < x.rank(); ++i) y[i] = grid[i - 1];
  c.set_output(0, y);
}

template <class T>
void grid_sample(OpContext& c) {
  const Tensor &x = c.input(0), &grid = c.input(1);
  const Sampling s = sampling_of(c.attrs());
  const int axes = x.rank() - 2;
  const Tensor& y = c.output(0);
  const auto steps = x.shape().strides();
  const std::int64_t points = y.shape().size(2, y.rank()), plane = x.shape().size(2, x.rank());
  const std::int64_t channels = x.dim(1), images = x.dim(0);
  check(plane > 0 || y.size() == 0, Code::kInvalidArgument, "nothing to sample in ", x.shape());
  const std::int64_t block = 256, blocks = (points + block - 1) / block;
  c.parallel_for(images * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, first = task % blocks * block;
    for (std::int64_t p = first; p < std::min(points, first + block); ++p) {
      AxisPoint at[kMostAxes];
      std::int64_t strides[kMostAxes];
      const T* place = grid.data<T>() + (image * points + p) * axes;
      for (int a = 0; a < axes; ++a) {
        // The grid gives the last axis first.
        at[a] = axis_point(s, static_cast<double>(place[axes - 1 - a]), x.dim(a + 2));
        strides[a] = steps[static_cast<std::size_t>(a + 2)];
      }
      for (std::int64_t k = 0; k < channels; ++k) {
        const T* from = x.data<T>() + (image * channels + k) * plane;
        y.mutable_data<T>()[(image * channels + k) * points + p] =
            static_cast<T>(sampled(from, at, axes, s.taps, strides));
      }
    }
  });
}

void grid_sample_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &grid = c.input(1);
  check_shapes(x.shape(), grid.shape());
  Shape shape = x.shape();
  for (int i = 2; i < x.rank(); ++i) shape[i] = grid.dim(i - 1);
  c.allocate_output(0, shape);
  return x.dtype() == DType::kFloat64 ? grid_sample<double>(c) : grid_sample<float>(c);
}

}  // namespace

OP(GridSample)
    .doc("Samples images [N, C, D1, ...] at the places of a grid [N, O1, ..., axes], from -1 to 1,\n"
         "the last axis first, as ONNX's operator of that name.")
    .input("X: T").input("grid: T").output("Y: T")
    .attr("T: float32|float64").attr("mode: {linear, nearest, cubic} = linear")
    .attr("padding_mode: {zeros, border, reflection} = zeros").attr("align_corners: bool = false")
    .shape(grid_sample_shape)
    .no_gradient("not registered: sampling at computed places is for inference here")
    .kernel(Device::kCpu, grid_sample_kernel);

}  // namespace tw
