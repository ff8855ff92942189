#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "kernels/fourier.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"
#include "ops/signal/dft.h"

namespace tw {
namespace {

using namespace dft;
using Complex = Fourier::Complex;

// The transforms are linear, so that the gradient is the conjugate transpose of their matrix: that
// of the forward one turns the other way, which is the conjugate of the transform of the conjugate.
struct Adjoint {
  Signal x;  // that of the input
  std::int64_t points, out, out_parts;
  bool inverse, halved;

  template <class T>
  void read(const T* dy, Complex* line) const {
    const std::int64_t step = x.inner * out_parts;
    for (std::int64_t i = 0; i < points; ++i) {
      const double real = i < out ? static_cast<double>(dy[i * step]) : 0;
      const double other = i < out && out_parts == 2 ? static_cast<double>(dy[i * step + 1]) : 0;
      line[i] = {real, inverse ? other : -other};
    }
  }

  // What stands for two numbers of a completed spectrum has twice the gradient.
  template <class T>
  void write(const Complex* line, T* dx) const {
    for (std::int64_t i = 0; i < x.length; ++i) {
      const bool used = i < (halved ? points / 2 + 1 : points);
      const bool twice = halved && i > 0 && points - i > points / 2;
      const double scale = (inverse ? 1 / static_cast<double>(points) : 1) * (twice ? 2 : 1);
      T* to = dx + i * x.inner * x.parts;
      to[0] = static_cast<T>(used ? scale * line[i].real() : 0);
      const double turned = inverse ? scale : -scale;
      if (x.parts == 2) to[1] = static_cast<T>(used ? turned * line[i].imag() : 0);
    }
  }
};

template <class T>
void adjoint_all(OpContext& c, const Adjoint& a) {
  const Fourier fourier(a.points);
  const std::int64_t room = a.points + fourier.scratch();
  auto* memory = c.temporary_of<Complex>(room * c.threads());
  const T* dy = c.input(1).data<T>();
  T* dx = c.output(0).mutable_data<T>();
  c.parallel_for(a.x.outer * a.x.inner, [&](std::int64_t task, int worker) {
    const std::int64_t o = task / a.x.inner, k = task % a.x.inner;
    Complex* line = memory + worker * room;
    a.read(dy + (o * a.out * a.x.inner + k) * a.out_parts, line);
    fourier.transform(line, line + a.points);
    a.write(line, dx + (o * a.x.length * a.x.inner + k) * a.x.parts);
  });
}

void dft_grad_kernel(OpContext& c) {
  const Tensor& dy = c.input(1);
  const Shape shape = shape_of_dims(index_list(c.input(0), "shape"), "shape");
  const int axis = axis_of(c, 3, shape.rank());
  const Tensor& dx = c.allocate_output(0, shape);
  if (dx.size() == 0) return;
  const Signal s = signal_of(shape, axis);
  const std::int64_t points = points_of(c, 2, s);
  const Shape wanted = transformed(c.attrs(), shape, axis, points);
  check(dy.shape() == wanted, Code::kInvalidArgument, "expected grad of shape ", wanted, ", got ",
        dy.shape());
  const Adjoint a{s, points, dy.dim(axis), dy.dim(dy.rank() - 1), c.attrs().flag("inverse"),
                  takes_half(c.attrs())};
  dx.dtype() == DType::kFloat64 ? adjoint_all<double>(c, a) : adjoint_all<float>(c, a);
}

}  // namespace

OP(DFTGrad)
    .doc("The gradient of DFT for a signal of the given shape, grad being that of its result.")
    .internal()
    .input("shape: int64").input("grad: T").input("dft_length?: int64").input("axis?: int64")
    .output("output: T")
    .attr("T: float32|float64").attr("inverse: bool = false").attr("onesided: bool = false")
    .shape([](ShapeContext& c) { c.set_output(0, c.shape_from(0)); })
    .gradient([](GradientContext& g) {
      g.input(1) = g.op("DFT", {g.output_grad(0), g.input_value(2), g.input_value(3)},
                        {{"inverse", g.attrs().flag("inverse")},
                         {"onesided", g.attrs().flag("onesided")}});
    })
    .kernel(Device::kCpu, dft_grad_kernel);

}  // namespace tw
