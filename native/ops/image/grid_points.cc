#include "ops/image/grid_points.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace tw {
namespace {

// Turned back at low and high as often as needed; slope becomes its direction.
double reflected(double x, double low, double high, double* slope) {
  const double span = high - low;
  if (!(span > 0)) return *slope = 0, low;
  const double turn = std::fmod(std::fabs(x - low), 2 * span);
  if (x < low) *slope = -*slope;
  if (turn > span) *slope = -*slope;
  return turn > span ? high - (turn - span) : low + turn;
}

// The weights of the cubic convolution with a = -0.75 at a fraction t behind the second tap.
void cubic_weights(double t, double* w, double* slope) {
  constexpr double a = -0.75;
  const auto outer = [&](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };
  const auto inner = [&](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  const auto outer_slope = [&](double x) { return (3 * a * x - 10 * a) * x + 8 * a; };
  const auto inner_slope = [&](double x) { return (3 * (a + 2) * x - 2 * (a + 3)) * x; };
  w[0] = outer(t + 1), w[1] = inner(t), w[2] = inner(1 - t), w[3] = outer(2 - t);
  slope[0] = outer_slope(t + 1), slope[1] = inner_slope(t);
  slope[2] = -inner_slope(1 - t), slope[3] = -outer_slope(2 - t);
}

}  // namespace

GridPoints::GridPoints(const Attrs& attrs, const Shape& x, const Shape& grid)
    : axes(x.rank() - 2),
      points(grid.size(1, grid.rank() - 1)),
      padding_(attrs.string("padding_mode") == "zeros"    ? Padding::kZeros
               : attrs.string("padding_mode") == "border" ? Padding::kBorder
                                                          : Padding::kReflection),
      align_corners_(attrs.flag("align_corners")),
      taps_(attrs.string("mode") == "nearest" ? 1 : attrs.string("mode") == "cubic" ? 4 : 2) {
  const auto steps = x.strides();
  for (int a = 0; a < axes; ++a) {
    sizes_[a] = x[a + 2];
    strides_[a] = steps[static_cast<std::size_t>(a + 2)];
    combinations_ *= taps_;
  }
}

double GridPoints::inside(double place, std::int64_t size, double* slope) const {
  const double n = static_cast<double>(size);
  const double low = align_corners_ ? 0 : -0.5, high = align_corners_ ? n - 1 : n - 0.5;
  if (padding_ == Padding::kReflection) place = reflected(place, low, high, slope);
  if (padding_ == Padding::kZeros) return place;
  if (place < 0 || place > n - 1) *slope = 0;
  return std::clamp(place, 0.0, n - 1);
}

AxisPoint GridPoints::axis_point(double at, std::int64_t size) const {
  const double n = static_cast<double>(size);
  double x = align_corners_ ? (at + 1) / 2 * (n - 1) : ((at + 1) * n - 1) / 2;
  double slope = (align_corners_ ? n - 1 : n) / 2, unused = 0;
  if (taps_ != 4) x = inside(x, size, &slope);
  if (!(std::fabs(x) < 1e15)) x = -1e15;
  AxisPoint p{};
  const double base = taps_ == 1 ? std::nearbyint(x) : std::floor(x) - (taps_ == 4 ? 1 : 0);
  const double t = x - std::floor(x);
  if (taps_ == 1) p.weight[0] = 1;
  if (taps_ == 2) p.weight[0] = 1 - t, p.weight[1] = t, p.slope[0] = -1, p.slope[1] = 1;
  if (taps_ == 4) cubic_weights(t, p.weight, p.slope);
  for (int k = 0; k < taps_; ++k) {
    p.slope[k] *= slope;
    double place = base + k;
    if (taps_ == 4) place = std::nearbyint(inside(place, size, &unused));
    if (taps_ == 2 && padding_ != Padding::kZeros) place = std::clamp(place, 0.0, n - 1);
    p.index[k] = place >= 0 && place < n ? static_cast<std::int64_t>(place) : -1;
  }
  return p;
}

}  // namespace tw
