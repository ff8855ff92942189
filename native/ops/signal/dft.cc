#include "ops/signal/dft.h"

#include <algorithm>
#include <optional>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "kernels/fourier.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace dft {

Signal signal_of(const Shape& x, int axis) {
  return {x.size(0, axis), x[axis], x.size(axis + 1, x.rank() - 1), x[x.rank() - 1]};
}

int axis_of(std::int64_t axis, int rank) {
  check(rank >= 2, Code::kInvalidArgument, "expected a signal and its parts, got rank ", rank);
  const int found = normal_axis(axis, rank);
  check(found < rank - 1, Code::kInvalidArgument, "axis ", axis, " is that of the parts");
  return found;
}

int axis_of(OpContext& c, int i, int rank) {
  return axis_of(c.has_input(i) ? index_scalar(c.input(i), "axis") : -2, rank);
}

std::int64_t points_of(OpContext& c, int i, const Signal& s) {
  const std::int64_t usual = takes_half(c.attrs()) ? 2 * (s.length - 1) : s.length;
  const std::int64_t points = c.has_input(i) ? index_scalar(c.input(i), "dft_length") : usual;
  check(points >= 1 && points < (std::int64_t{1} << 28), Code::kInvalidArgument, "dft_length is ",
        points);
  return points;
}

bool takes_half(const Attrs& attrs) { return attrs.flag("onesided") && attrs.flag("inverse"); }

Shape transformed(const Attrs& attrs, const Shape& x, int axis, std::int64_t points) {
  const bool one_sided = attrs.flag("onesided"), inverse = attrs.flag("inverse");
  const std::int64_t parts = x[x.rank() - 1];
  check(parts == 1 || parts == 2 || parts == kUnknownDim, Code::kInvalidArgument,
        "the last dim must be 1 or 2, got ", parts);
  Shape y = x;
  y[axis] = one_sided && !inverse && points != kUnknownDim ? points / 2 + 1 : points;
  y[x.rank() - 1] = one_sided && inverse ? 1 : 2;
  return y;
}

}  // namespace dft

namespace {

using namespace dft;

void dft_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 2);
  const auto axis = c.has_input(2) ? c.scalar(2) : std::optional<std::int64_t>(-2);
  if (!x.has_rank() || !axis) {
    return c.set_output(0, x.has_rank() ? Shape::unknown_dims(x.rank()) : Shape::unknown());
  }
  const int along = axis_of(*axis, x.rank());
  std::int64_t points = x[along];
  if (takes_half(c.attrs()) && points != kUnknownDim) points = 2 * (points - 1);
  if (c.has_input(1)) points = c.scalar(1).value_or(kUnknownDim);
  c.set_output(0, transformed(c.attrs(), x, along, points));
}

// One line of the signal, shortened or filled up with zeros; a half spectrum is completed.
template <class T>
void read_line(const T* from, const Signal& s, std::int64_t points, bool halved, bool conjugate,
               Fourier::Complex* line) {
  const std::int64_t step = s.inner * s.parts;
  for (std::int64_t i = 0; i < points; ++i) {
    const std::int64_t at = halved && i > points / 2 ? points - i : i;
    if (at >= s.length) {
      line[i] = 0;
      continue;
    }
    const double real = static_cast<double>(from[at * step]);
    const double imaginary = s.parts == 2 ? static_cast<double>(from[at * step + 1]) : 0;
    const bool mirrored = at != i;
    line[i] = {real, mirrored != conjugate ? -imaginary : imaginary};
  }
}

template <class T>
void transform_all(OpContext& c, const Signal& s, std::int64_t points, std::int64_t out,
                   std::int64_t out_parts) {
  const Fourier fourier(points);
  const bool inverse = c.attrs().flag("inverse"), one_sided = c.attrs().flag("onesided");
  const std::int64_t room = points + fourier.scratch();
  auto* memory = c.temporary_of<Fourier::Complex>(room * c.threads());
  const double scale = inverse ? 1 / static_cast<double>(points) : 1;
  const T* x = c.input(0).data<T>();
  T* y = c.output(0).mutable_data<T>();
  c.parallel_for(s.outer * s.inner, [&](std::int64_t task, int worker) {
    const std::int64_t o = task / s.inner, k = task % s.inner;
    Fourier::Complex* line = memory + worker * room;
    read_line(x + (o * s.length * s.inner + k) * s.parts, s, points, inverse && one_sided, inverse,
              line);
    fourier.transform(line, line + points);
    for (std::int64_t i = 0; i < out; ++i) {
      T* to = y + ((o * out + i) * s.inner + k) * out_parts;
      to[0] = static_cast<T>(line[i].real() * scale);
      // An inverse transform is the conjugate of that of the conjugate.
      if (out_parts == 2) to[1] = static_cast<T>((inverse ? -scale : scale) * line[i].imag());
    }
  });
}

void dft_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const int axis = axis_of(c, 2, x.rank());
  const Signal s = signal_of(x.shape(), axis);
  const std::int64_t points = points_of(c, 1, s);
  const Shape shape = transformed(c.attrs(), x.shape(), axis, points);
  const Tensor& y = c.allocate_output(0, shape);
  if (y.size() == 0) return;
  const std::int64_t parts = shape[shape.rank() - 1];
  if (x.dtype() == DType::kFloat64) return transform_all<double>(c, s, points, shape[axis], parts);
  transform_all<float>(c, s, points, shape[axis], parts);
}

}  // namespace

OP(DFT)
    .doc("The discrete Fourier transform along an axis of a real [..., 1] or complex [..., 2] signal,\n"
         "shortened or filled up with zeros to dft_length. onesided gives the first half of it, and\n"
         "with inverse takes such a half and gives a real signal. Computed in float64.")
    .input("input: T").input("dft_length?: int64").input("axis?: int64").output("output: T")
    .attr("T: float32|float64").attr("inverse: bool = false").attr("onesided: bool = false")
    .shape(dft_shape)
    .gradient([](GradientContext& g) {
      const Output shape = g.shape_of(g.input_value(0));
      g.input(0) = g.op("DFTGrad", {shape, g.output_grad(0), g.input_value(1), g.input_value(2)},
                        {{"inverse", g.attrs().flag("inverse")},
                         {"onesided", g.attrs().flag("onesided")}});
    })
    .kernel(Device::kCpu, dft_kernel);

}  // namespace tw
