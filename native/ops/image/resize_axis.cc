#include "ops/image/resize_axis.h"

#include <algorithm>
#include <cmath>

namespace tw {
namespace {

enum class Mode { kAsymmetric, kHalfPixel, kPytorchHalfPixel, kAlignCorners };

Mode mode_of(const Attrs& attrs) {
  const std::string& name = attrs.string("coordinate_transformation_mode");
  if (name == "half_pixel") return Mode::kHalfPixel;
  if (name == "pytorch_half_pixel") return Mode::kPytorchHalfPixel;
  if (name == "asymmetric") return Mode::kAsymmetric;
  if (name == "align_corners") return Mode::kAlignCorners;
  const bool align = attrs.flag("align_corners"), half = attrs.flag("half_pixel_centers");
  check(!align || !half, Code::kInvalidArgument,
        "align_corners and half_pixel_centers cannot both be true");
  return align ? Mode::kAlignCorners : half ? Mode::kHalfPixel : Mode::kAsymmetric;
}

// Maps places of the output to coordinates of the input, in float32 as TensorFlow does.
class Coordinates {
 public:
  Coordinates(const Attrs& attrs, int axis, std::int64_t in, std::int64_t out)
      : mode_(mode_of(attrs)), out_(out) {
    const auto& scales = attrs.get<std::vector<double>>("scales");
    check(scales.empty() || scales.size() == 2, Code::kInvalidArgument,
          "scales must be empty or hold those of height and width, got ", scales.size());
    const float n = static_cast<float>(in), m = static_cast<float>(out);
    if (mode_ == Mode::kAlignCorners) {
      step_ = out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1) : 0;
    } else if (!scales.empty()) {
      divisor_ = static_cast<float>(scales[static_cast<std::size_t>(axis)]);
      check(divisor_ > 0, Code::kInvalidArgument, "scales must be positive, got ", divisor_);
    } else {
      step_ = n / m;
    }
  }

  float at(std::int64_t i) const {
    const float x = static_cast<float>(i);
    if (mode_ == Mode::kPytorchHalfPixel && out_ <= 1) return 0;
    if (mode_ == Mode::kHalfPixel || mode_ == Mode::kPytorchHalfPixel) {
      return moved(x + 0.5f) - 0.5f;
    }
    return moved(x);
  }
  Mode mode() const { return mode_; }

 private:
  float moved(float x) const { return divisor_ > 0 ? x / divisor_ : x * step_; }

  Mode mode_;
  std::int64_t out_;
  float step_ = 1, divisor_ = 0;
};

// Rounding of a coordinate to a place; by default as TensorFlow does for the mode.
float rounded(float x, Mode mode, const std::string& nearest) {
  if (nearest == "floor") return std::floor(x);
  if (nearest == "ceil") return std::ceil(x);
  if (nearest == "round_prefer_floor") return std::ceil(x - 0.5f);
  if (nearest == "round_prefer_ceil") return std::floor(x + 0.5f);
  if (mode == Mode::kAlignCorners) return std::round(x);
  return mode == Mode::kAsymmetric ? std::floor(x) : std::floor(x + 0.5f);
}

}  // namespace

bool channels_first(const Attrs& attrs) { return attrs.string("data_format") == "NCHW"; }

Shape resized_shape(const Shape& images, const Attrs& attrs, std::int64_t height,
                    std::int64_t width) {
  const int first = channels_first(attrs) ? 2 : 1;
  Shape y = images.has_rank() ? images : Shape::unknown_dims(4);
  y[first] = height;
  y[first + 1] = width;
  return y;
}

Planes planes_of(const Shape& images, const Shape& resized, const Attrs& attrs) {
  const bool nchw = channels_first(attrs);
  const int h = nchw ? 2 : 1;
  return {nchw ? images[0] * images[1] : images[0], images[h], images[h + 1], resized[h],
          resized[h + 1], nchw ? 1 : images[3]};
}

void resize_shape(ShapeContext& c) {
  const Shape &images = c.with_rank(0, 4), &size = c.with_rank(1, 1);
  check(compatible(size, Shape{2}), Code::kInvalidArgument,
        "size must hold height and width, got shape ", size);
  mode_of(c.attrs());
  const auto values = c.values(1);
  const auto dim = [&](std::size_t i) {
    if (!values || values->size() != 2 || (*values)[i] == kUnknownValue) return kUnknownDim;
    check((*values)[i] > 0, Code::kInvalidArgument, "output dimensions must be positive, got ",
          (*values)[i]);
    return (*values)[i];
  };
  c.set_output(0, resized_shape(images, c.attrs(), dim(0), dim(1)));
}

Shape size_from(const Tensor& size, const Shape& images, const Attrs& attrs) {
  check(images.rank() == 4, Code::kInvalidArgument, "images must have rank 4, got ", images);
  check(size.size() == 2, Code::kInvalidArgument, "size must hold height and width, got shape ",
        size.shape());
  const std::vector<std::int64_t> values = size.to_int64s();
  check(values[0] > 0 && values[1] > 0, Code::kInvalidArgument,
        "output dimensions must be positive, got ", values[0], " x ", values[1]);
  const int h = channels_first(attrs) ? 2 : 1;
  check(images[h] > 0 && images[h + 1] > 0, Code::kInvalidArgument,
        "images must have height and width, got shape ", images);
  return resized_shape(images, attrs, values[0], values[1]);
}

bool resize_permute(PermuteContext& c) {
  const bool first = channels_first(c.attrs());
  const std::vector<int> fits = first ? std::vector<int>{0, 2, 3, 1} : std::vector<int>{0, 3, 1, 2};
  if (c.perm() != fits) return false;
  c.permute_input(0);
  c.set_attr("data_format", std::string(first ? "NHWC" : "NCHW"));
  return true;
}

std::vector<std::int64_t> nearest_places(const Attrs& attrs, int axis, std::int64_t in,
                                         std::int64_t out) {
  const Coordinates coordinates(attrs, axis, in, out);
  const std::string& nearest = attrs.string("nearest_mode");
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < out; ++i) {
    const float x = rounded(coordinates.at(i), coordinates.mode(), nearest);
    places.push_back(std::clamp<std::int64_t>(static_cast<std::int64_t>(x), 0, in - 1));
  }
  return places;
}

LinearPlaces linear_places(const Attrs& attrs, int axis, std::int64_t in, std::int64_t out) {
  const Coordinates coordinates(attrs, axis, in, out);
  LinearPlaces p;
  for (std::int64_t i = 0; i < out; ++i) {
    const float x = std::clamp(coordinates.at(i), 0.0f, static_cast<float>(in - 1));
    const float below = std::floor(x);
    const auto lower = std::min(static_cast<std::int64_t>(below), in - 1);
    p.lower.push_back(lower);
    p.upper.push_back(std::min(lower + 1, in - 1));
    p.weight.push_back(x - below);
  }
  return p;
}

ResizeAxis LinearPlaces::scaled(std::int64_t step) {
  for (std::int64_t& place : lower) place *= step;
  for (std::int64_t& place : upper) place *= step;
  return {lower.data(), upper.data(), weight.data(), static_cast<std::int64_t>(weight.size())};
}

AttrMap resize_attrs(const Attrs& attrs) {
  AttrMap map;
  for (const char* name : {"align_corners", "half_pixel_centers", "data_format",
                           "coordinate_transformation_mode", "scales"}) {
    map.emplace_back(name, attrs.value(name));
  }
  return map;
}

}  // namespace tw
