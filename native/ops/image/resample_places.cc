#include "ops/image/resample_places.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

namespace tw {
namespace {

// Where output i lies in the input; outputs are places from 0 to scale * from. Scales come as float32:
// for the nearest place quotients are rounded to that, so that 2 / 0.8 is 2.5 and not just below.
double input_place(const std::string& mode, const Resized& a, double i, bool nearest) {
  const double whole = a.scale * static_cast<double>(a.from), last = static_cast<double>(a.from - 1);
  const auto scaled = [&](double x) {
    const double quotient = x / a.scale;
    return nearest ? static_cast<double>(static_cast<float>(quotient)) : quotient;
  };
  const double centre = scaled(i + 0.5) - 0.5;
  if (mode == "half_pixel") return centre;
  if (mode == "asymmetric") return scaled(i);
  if (mode == "align_corners") return whole == 1 ? 0 : i * last / (whole - 1);
  if (mode == "pytorch_half_pixel") return a.to > 1 ? centre : 0;
  if (mode == "tf_half_pixel_for_nn") return scaled(i + 0.5);
  if (mode == "half_pixel_symmetric") {
    const double adjustment = static_cast<double>(a.to) / whole;
    return static_cast<double>(a.from) / 2 * (1 - adjustment) + centre;
  }
  const double part = a.end - a.start;
  const double along = whole == 1 ? part * last / 2 : i * part * last / (whole - 1);
  return along + a.start * last;
}

std::int64_t nearest_index(const std::string& mode, double place) {
  if (mode == "floor") return static_cast<std::int64_t>(std::floor(place));
  if (mode == "ceil") return static_cast<std::int64_t>(std::ceil(place));
  const bool floor_first = mode == "round_prefer_floor";
  return static_cast<std::int64_t>(floor_first ? std::ceil(place - 0.5) : std::floor(place + 0.5));
}

double cubic_weight(double a, double x) {
  x = std::fabs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((x - 5) * x + 8) * a * x - 4 * a : 0;
}

// The reach of a filter to the left of the place, and its weights.
class Filter {
 public:
  Filter(const Attrs& attrs, double scale)
      : cubic_(attrs.string("mode") == "cubic"), a_(attrs.real("cubic_coeff_a")) {
    // Without antialiasing a smaller image skips pixels.
    if (attrs.flag("antialias")) scale_ = std::min(scale, 1.0);
    const double reach = cubic_ ? 2 : 1;
    first = static_cast<std::int64_t>(std::floor(-reach / scale_)) + 1;
    taps = 2 - 2 * first;
  }

  double weight(double distance) const {
    const double x = distance * scale_;
    return cubic_ ? cubic_weight(a_, x) : std::clamp(1 - std::fabs(x), 0.0, 1.0);
  }

  std::int64_t first, taps;

 private:
  bool cubic_;
  double a_, scale_ = 1;
};

}  // namespace

AxisTaps axis_taps(const Attrs& attrs, const Resized& axis) {
  const std::string mode = attrs.string("coordinate_transformation_mode");
  const bool crops = mode == "tf_crop_and_resize", nearest = attrs.string("mode") == "nearest";
  const bool inside_only = attrs.flag("exclude_outside");
  const std::string rounding = attrs.string("nearest_mode");
  const Filter filter(attrs, axis.scale);
  const std::int64_t last = axis.from - 1;
  AxisTaps made;
  made.outputs = axis.to;
  made.taps = nearest ? 1 : filter.taps;
  for (std::int64_t i = 0; i < axis.to; ++i) {
    const double place = input_place(mode, axis, static_cast<double>(i), nearest);
    const bool outside = crops && (place < 0 || place > static_cast<double>(last));
    if (nearest || outside) {
      const std::int64_t index = outside ? -1 : nearest_index(rounding, place);
      made.index.resize(made.index.size() + static_cast<std::size_t>(made.taps),
                        outside ? -1 : std::clamp<std::int64_t>(index, 0, last));
      made.weight.resize(made.weight.size() + static_cast<std::size_t>(made.taps), 1.0f);
      continue;
    }
    const double base = std::ceil(place) - 1;
    std::vector<double> weights;
    double sum = 0;
    for (std::int64_t t = 0; t < filter.taps; ++t) {
      const double at = base + static_cast<double>(filter.first + t);
      const bool skipped = inside_only && (at < 0 || at > static_cast<double>(last));
      weights.push_back(skipped ? 0 : filter.weight(at - place));
      sum += weights.back();
      made.index.push_back(std::clamp<std::int64_t>(static_cast<std::int64_t>(at), 0, last));
    }
    for (const double w : weights) made.weight.push_back(static_cast<float>(w / sum));
  }
  return made;
}

}  // namespace tw
