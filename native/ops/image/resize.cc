#include <algorithm>
#include <cmath>
#include <optional>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"
#include "ops/image/resample_places.h"

namespace tw {
namespace {

// The axes that scales, sizes and the region speak of.
std::vector<int> axes_of(const Attrs& attrs, int rank) {
  std::vector<int> axes;
  for (const std::int64_t axis : attrs.get<std::vector<std::int64_t>>("axes")) {
    axes.push_back(normal_axis(axis, rank));
  }
  if (!axes.empty()) return axes;
  for (int i = 0; i < rank; ++i) axes.push_back(i);
  return axes;
}

void check_count(std::size_t count, std::size_t axes, const char* name) {
  check(count == axes, Code::kInvalidArgument, name, " has ", count, " numbers, expected ", axes);
}

// The scale that all axes share when their proportions are kept.
double common_scale(const std::string& policy, const Shape& x, const std::vector<int>& axes,
                    const std::vector<std::int64_t>& sizes) {
  double scale = policy == "not_larger" ? 1e300 : 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const double s = static_cast<double>(sizes[i]) / static_cast<double>(x[axes[i]]);
    scale = policy == "not_larger" ? std::min(scale, s) : std::max(scale, s);
  }
  return scale;
}

std::vector<Resized> by_sizes(const Attrs& attrs, const Shape& x, const std::vector<int>& axes,
                              const std::vector<std::int64_t>& sizes) {
  check_count(sizes.size(), axes.size(), "sizes");
  const std::string policy = attrs.string("keep_aspect_ratio_policy");
  std::vector<Resized> resized;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    check(sizes[i] >= 0, Code::kInvalidArgument, "sizes[", i, "] is ", sizes[i]);
    const std::int64_t from = x[axes[i]];
    if (policy == "stretch") {
      const double scale = static_cast<double>(sizes[i]) / static_cast<double>(from);
      resized.push_back({from, sizes[i], scale, 0, 1});
    } else {
      const double scale = common_scale(policy, x, axes, sizes);
      const double to = std::floor(scale * static_cast<double>(from) + 0.5);
      resized.push_back({from, static_cast<std::int64_t>(to), scale, 0, 1});
    }
  }
  return resized;
}

std::vector<Resized> by_scales(const Shape& x, const std::vector<int>& axes, const Tensor& scales) {
  check_count(static_cast<std::size_t>(scales.size()), axes.size(), "scales");
  std::vector<Resized> resized;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const double scale = static_cast<double>(scales.data<float>()[i]);
    check(scale > 0 && scale < 1e6, Code::kInvalidArgument, "scales[", i, "] is ", scale);
    const std::int64_t from = x[axes[i]];
    const double to = std::floor(scale * static_cast<double>(from));
    resized.push_back({from, static_cast<std::int64_t>(to), scale, 0, 1});
  }
  return resized;
}

// Inputs: x, roi?, scales?, sizes?. What a shape function knows of them, and a kernel all.
template <class Context>
std::vector<Resized> resized_of(const Context& c, const Shape& x, const Tensor* roi,
                                const Tensor* scales,
                                const std::optional<std::vector<std::int64_t>>& sizes) {
  const std::vector<int> axes = axes_of(c.attrs(), x.rank());
  check((scales != nullptr) != sizes.has_value(), Code::kInvalidArgument,
        "either scales or sizes must be given");
  auto resized = sizes ? by_sizes(c.attrs(), x, axes, *sizes) : by_scales(x, axes, *scales);
  const bool crops = c.attrs().string("coordinate_transformation_mode") == "tf_crop_and_resize";
  for (std::size_t i = 0; crops && roi != nullptr && i < axes.size(); ++i) {
    check_count(static_cast<std::size_t>(roi->size()), 2 * axes.size(), "roi");
    resized[i].start = static_cast<double>(roi->data<float>()[i]);
    resized[i].end = static_cast<double>(roi->data<float>()[i + axes.size()]);
  }
  return resized;
}

void resize_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 1);
  if (!x.has_rank()) return c.set_output(0, Shape::unknown());
  const Tensor* scales = c.has_input(2) ? c.constant(2) : nullptr;
  const auto sizes = c.has_input(3) ? known_values(c, 3) : std::nullopt;
  const auto axes = axes_of(c.attrs(), x.rank());
  Shape y = x;
  for (const int axis : axes) y[axis] = kUnknownDim;
  const bool known = scales != nullptr || sizes.has_value();
  if (known && x.fully_known()) {
    const auto resized = resized_of(c, x, nullptr, scales, sizes);
    for (std::size_t i = 0; i < axes.size(); ++i) y[axes[i]] = resized[i].to;
  }
  c.set_output(0, y);
}

Lines lines_along(const Shape& x, int axis) {
  return {x.size(0, axis), x[axis], x.size(axis + 1, x.rank())};
}

bool stays(OpContext& c, const Resized& axis) {
  const bool crops = c.attrs().string("coordinate_transformation_mode") == "tf_crop_and_resize";
  return axis.from == axis.to && axis.scale == 1 && !crops;
}

// x resized along the axes one after the other, in T; the last result lies in `to`.
template <class T>
void resize_all(OpContext& c, const T* x, Shape shape, const std::vector<int>& axes,
                const std::vector<Resized>& resized, T* to) {
  const auto outside = static_cast<float>(c.attrs().real("extrapolation_value"));
  const T* from = x;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (stays(c, resized[i])) continue;
    const AxisTaps taps = axis_taps(c.attrs(), resized[i]);
    const Lines lines = lines_along(shape, axes[i]);
    shape[axes[i]] = resized[i].to;
    T* out = c.temporary_of<T>(shape.size());
    c.parallel_for(lines.outer, [&](std::int64_t task, int) {
      resample(lines, taps.view(outside), from, out, task, task + 1);
    });
    from = out;
  }
  std::copy_n(from, shape.size(), to);
}

// The other way: from the gradient of the result, of `shape`, to that of x.
template <class T>
void spread_all(OpContext& c, const T* dy, Shape shape, const std::vector<int>& axes,
                const std::vector<Resized>& resized, T* to) {
  const T* from = dy;
  for (std::size_t i = axes.size(); i-- > 0;) {
    if (stays(c, resized[i])) continue;
    const AxisTaps taps = axis_taps(c.attrs(), resized[i]);
    shape[axes[i]] = resized[i].from;
    const Lines lines = lines_along(shape, axes[i]);
    T* out = c.temporary_of<T>(shape.size());
    c.parallel_for(lines.outer, [&](std::int64_t task, int) {
      spread(lines, taps.view(0), from, out, task, task + 1);
    });
    from = out;
  }
  std::copy_n(from, shape.size(), to);
}

template <class T>
float as_float(T x) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return to_float(x);
  } else {
    return static_cast<float>(x);
  }
}

template <class T>
T from_float(float x) {
  if constexpr (std::is_same_v<T, Half>) {
    return to_half(x);
  } else if constexpr (std::is_same_v<T, BFloat16>) {
    return to_bfloat16(x);
  } else if constexpr (std::is_integral_v<T>) {
    const double low = static_cast<double>(std::numeric_limits<T>::lowest());
    const double high = static_cast<double>(std::numeric_limits<T>::max());
    const double rounded = std::trunc(static_cast<double>(x));
    if (!(rounded > low)) return std::numeric_limits<T>::lowest();
    return rounded >= high ? std::numeric_limits<T>::max() : static_cast<T>(rounded);
  } else {
    return static_cast<T>(x);
  }
}

std::optional<std::vector<std::int64_t>> sizes_of(OpContext& c, int i) {
  if (!c.has_input(i)) return std::nullopt;
  return index_list(c.input(i), "sizes");
}

void resize_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const auto resized = resized_of(c, x.shape(), c.has_input(1) ? &c.input(1) : nullptr,
                                  c.has_input(2) ? &c.input(2) : nullptr, sizes_of(c, 3));
  const auto axes = axes_of(c.attrs(), x.rank());
  Shape shape = x.shape();
  for (std::size_t i = 0; i < axes.size(); ++i) shape[axes[i]] = resized[i].to;
  Tensor& y = c.allocate_output(0, shape);
  if (y.size() == 0) return;
  check(x.size() > 0, Code::kInvalidArgument, "nothing to resize in shape ", x.shape());
  if (x.dtype() == DType::kFloat64) {
    return resize_all<double>(c, x.data<double>(), x.shape(), axes, resized,
                              y.mutable_data<double>());
  }
  if (x.dtype() == DType::kFloat32) {
    return resize_all<float>(c, x.data<float>(), x.shape(), axes, resized, y.mutable_data<float>());
  }
  visit_numeric(x.dtype(), [&]<class T>() {
    float* from = c.temporary_of<float>(x.size());
    float* to = c.temporary_of<float>(y.size());
    std::transform(x.data<T>(), x.data<T>() + x.size(), from, as_float<T>);
    resize_all<float>(c, from, x.shape(), axes, resized, to);
    std::transform(to, to + y.size(), y.mutable_data<T>(), from_float<T>);
  });
}

void resize_grad_kernel(OpContext& c) {
  const Tensor& dy = c.input(1);
  const Shape shape = shape_of_dims(index_list(c.input(0), "shape"), "shape");
  Tensor& dx = c.allocate_output(0, shape);
  if (dx.size() == 0) return;
  const auto resized = resized_of(c, shape, c.has_input(2) ? &c.input(2) : nullptr,
                                  c.has_input(3) ? &c.input(3) : nullptr, sizes_of(c, 4));
  const auto axes = axes_of(c.attrs(), shape.rank());
  Shape wanted = shape;
  for (std::size_t i = 0; i < axes.size(); ++i) wanted[axes[i]] = resized[i].to;
  check(dy.shape() == wanted, Code::kInvalidArgument, "expected grad of shape ", wanted, ", got ",
        dy.shape());
  if (dx.dtype() == DType::kFloat64) {
    return spread_all(c, dy.data<double>(), wanted, axes, resized, dx.mutable_data<double>());
  }
  if (dx.dtype() == DType::kFloat32) {
    return spread_all(c, dy.data<float>(), wanted, axes, resized, dx.mutable_data<float>());
  }
  visit_numeric(dx.dtype(), [&]<class T>() {
    float* from = c.temporary_of<float>(dy.size());
    float* to = c.temporary_of<float>(dx.size());
    std::transform(dy.data<T>(), dy.data<T>() + dy.size(), from, as_float<T>);
    spread_all<float>(c, from, wanted, axes, resized, to);
    std::transform(to, to + dx.size(), dx.mutable_data<T>(), from_float<T>);
  });
}

// The attrs of a Resize or ResizeGrad node, for the other one; what lies outside is a constant.
AttrMap places(const Attrs& attrs) {
  AttrMap map = {{"extrapolation_value", 0.0}, {"axes", attrs.integers("axes")}};
  for (const char* name : {"mode", "coordinate_transformation_mode", "nearest_mode",
                           "keep_aspect_ratio_policy"}) {
    map.emplace_back(name, attrs.string(name));
  }
  for (const char* name : {"antialias", "exclude_outside"}) {
    map.emplace_back(name, attrs.flag(name));
  }
  map.emplace_back("cubic_coeff_a", attrs.real("cubic_coeff_a"));
  return map;
}

}  // namespace

#define TW_PLACES                                                                                \
  attr("mode: {nearest, linear, cubic} = nearest")                                               \
      .attr("coordinate_transformation_mode: {half_pixel, half_pixel_symmetric, "                \
            "pytorch_half_pixel, align_corners, asymmetric, tf_half_pixel_for_nn, "              \
            "tf_crop_and_resize} = half_pixel")                                                  \
      .attr("nearest_mode: {round_prefer_floor, round_prefer_ceil, floor, ceil} = "              \
            "round_prefer_floor")                                                                \
      .attr("cubic_coeff_a: float = -0.75").attr("antialias: bool = false")                      \
      .attr("exclude_outside: bool = false").attr("extrapolation_value: float = 0")              \
      .attr("keep_aspect_ratio_policy: {stretch, not_larger, not_smaller} = stretch")            \
      .attr("axes: list(int) = []")

OP(Resize)
    .doc("x resized along any axes, to sizes or by scales, as ONNX's operator of that name. Computed\n"
         "in float32, float64 for float64; integers lose their fraction. roi is the part that\n"
         "tf_crop_and_resize takes: starts, then ends, of the axes, from 0 to 1.")
    .input("X: T").input("roi?: float32").input("scales?: float32").input("sizes?: int64")
    .output("Y: T")
    .attr("T: floating|int8|uint8|int16|uint16|int32").TW_PLACES
    .shape(resize_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ResizeGrad", {g.shape_of(g.input_value(0)), g.output_grad(0),
                                       g.input_value(1), g.input_value(2), g.input_value(3)},
                        places(g.attrs()));
    })
    .kernel(Device::kCpu, resize_kernel);

OP(ResizeGrad)
    .doc("Adds each element of grad to the places in a tensor of the given shape that Resize made it\n"
         "of, by their weights: the gradient of Resize.")
    .internal()
    .input("shape: int64").input("grad: T").input("roi?: float32").input("scales?: float32")
    .input("sizes?: int64").output("output: T")
    .attr("T: floating").TW_PLACES
    .shape([](ShapeContext& c) { c.set_output(0, c.shape_from(0)); })
    .gradient([](GradientContext& g) {
      g.input(1) = g.op("Resize", {g.output_grad(0), g.input_value(2), g.input_value(3),
                                   g.input_value(4)}, places(g.attrs()));
    })
    .kernel(Device::kCpu, resize_grad_kernel);

}  // namespace tw
