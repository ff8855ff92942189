#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "kernels/combine_rows.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

struct Mirror {
  std::vector<std::int64_t> paddings;
  std::int64_t edge;  // 1: the edge itself is not repeated (REFLECT)

  std::int64_t before(int axis) const { return paddings[static_cast<std::size_t>(2 * axis)]; }
  std::int64_t after(int axis) const { return paddings[static_cast<std::size_t>(2 * axis + 1)]; }
  Shape grown(const Shape& x, int sign) const {
    Shape y = x;
    for (int i = 0; i < x.rank(); ++i) {
      if (x[i] != kUnknownDim) y[i] = x[i] + sign * (before(i) + after(i));
    }
    return y;
  }
  // Where index i of the padded axis comes from.
  std::int64_t source(int axis, std::int64_t dim, std::int64_t i) const {
    const std::int64_t at = i - before(axis);
    if (at < 0) return -at - 1 + edge;
    return at < dim ? at : 2 * dim - 1 - edge - at;
  }
};

Mirror mirror_of(const Tensor& paddings, const Shape& x, const Attrs& attrs) {
  check(paddings.shape() == (Shape{x.rank(), 2}), Code::kInvalidArgument,
        "paddings must be a matrix of shape [", x.rank(), ", 2], got ", paddings.shape());
  Mirror m{paddings.to_int64s(), attrs.string("mode") == "REFLECT" ? 1 : 0};
  for (std::size_t i = 0; i < m.paddings.size(); ++i) {
    check(m.paddings[i] >= 0, Code::kInvalidArgument, "paddings must be non-negative, got ",
          m.paddings[i], " for dim ", i / 2);
  }
  return m;
}

void check_fits(const Mirror& m, const Shape& x) {
  for (int i = 0; i < x.rank(); ++i) {
    if (x[i] == kUnknownDim) continue;
    const std::int64_t most = std::max<std::int64_t>(x[i] - m.edge, 0);
    check(m.before(i) <= most && m.after(i) <= most, Code::kInvalidArgument,
          "paddings must be at most ", most, " for dim ", i, " of size ", x[i], ", got ",
          m.before(i), " and ", m.after(i));
  }
}

void pad_shape(ShapeContext& c, int sign) {
  const Shape& x = c.input(0);
  c.with_rank(1, 2);
  const Tensor* paddings = c.constant(1);
  if (!x.has_rank() || paddings == nullptr) {
    return c.set_output(0, x.has_rank() ? Shape::unknown_dims(x.rank()) : x);
  }
  const Mirror m = mirror_of(*paddings, x, c.attrs());
  const Shape y = m.grown(x, sign);
  check_fits(m, sign > 0 ? x : y);
  c.set_output(0, y);
}

// Copies the three parts of each axis, mirrored ones backwards.
void copy_parts(OpContext& c, const Mirror& m, const Tensor& x, Tensor& y, int axis,
                std::vector<MoveAxis>& axes, std::int64_t to, std::int64_t from) {
  if (axis == x.rank()) {
    return move_elements(c, x.dtype(), element(y, to), element(x, from), axes);
  }
  const std::int64_t dim = x.dim(axis), before = m.before(axis), after = m.after(axis);
  const std::int64_t ts = y.shape().strides()[static_cast<std::size_t>(axis)];
  const std::int64_t fs = x.shape().strides()[static_cast<std::size_t>(axis)];
  const auto part = [&](std::int64_t size, std::int64_t first, std::int64_t step) {
    if (size == 0) return;
    axes.push_back({size, ts, step * fs});
    copy_parts(c, m, x, y, axis + 1, axes, to + first * ts, from + m.source(axis, dim, first) * fs);
    axes.pop_back();
  };
  part(before, 0, -1);
  part(dim, before, 1);
  part(after, before + dim, -1);
}

void pad_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Mirror m = mirror_of(c.input(1), x.shape(), c.attrs());
  check_fits(m, x.shape());
  Tensor& y = c.allocate_output(0, m.grown(x.shape(), 1));
  std::vector<MoveAxis> axes;
  copy_parts(c, m, x, y, 0, axes, 0, 0);
}

// dx += dy, index by index of the axes before `inner`, whole rows behind.
void fold(const Mirror& m, const Tensor& dy, Tensor& dx, int axis, int inner, CombineRows add,
          std::int64_t to, std::int64_t from) {
  const auto k = static_cast<std::size_t>(axis);
  if (axis == inner) {
    return add(dx.raw(), &to, element(dy, from), 1, 0, dx.shape().size(inner, dx.rank()));
  }
  for (std::int64_t i = 0; i < dy.dim(axis); ++i) {
    const std::int64_t at = m.source(axis, dx.dim(axis), i);
    fold(m, dy, dx, axis + 1, inner, add, to + at * dx.shape().strides()[k],
         from + i * dy.shape().strides()[k]);
  }
}

void grad_kernel(OpContext& c) {
  const Tensor& dy = c.input(0);
  const Mirror m = mirror_of(c.input(1), dy.shape(), c.attrs());
  const Shape shape = m.grown(dy.shape(), -1);
  for (int i = 0; i < shape.rank(); ++i) {
    check(shape[i] >= 0, Code::kInvalidArgument, "paddings are larger than dim ", i, " of size ",
          dy.dim(i));
  }
  check_fits(m, shape);
  Tensor& dx = c.allocate_output(0, shape);
  fill_elements(c, dx.dtype(), dx.raw(), dx.size(), nullptr);
  int inner = dx.rank();
  while (inner > 0 && m.before(inner - 1) == 0 && m.after(inner - 1) == 0) --inner;
  fold(m, dy, dx, 0, inner, combine_rows(Combine::kAdd, dx.dtype()), 0, 0);
}

AttrMap mode(GradientContext& g) { return {{"mode", g.attrs().string("mode")}}; }

}  // namespace

OP(MirrorPad)
    .doc("Pads the input with its own mirror image. REFLECT does not repeat the edge, SYMMETRIC "
         "does; paddings[i] are at most the size of dim i less one, or that size.")
    .input("input: T").input("paddings: Tpaddings").output("output: T")
    .attr("T: any").attr("Tpaddings: int32|int64 = int32").attr("mode: {REFLECT, SYMMETRIC}")
    .shape([](ShapeContext& c) { pad_shape(c, 1); })
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("MirrorPadGrad", {g.output_grad(0), g.input_value(1)}, mode(g));
    })
    .kernel(Device::kCpu, pad_kernel);

OP(MirrorPadGrad)
    .doc("Adds what MirrorPad mirrored back onto where it came from: its gradient.")
    .internal()
    .input("input: T").input("paddings: Tpaddings").output("output: T")
    .attr("T: numeric|complex64|complex128").attr("Tpaddings: int32|int64 = int32")
    .attr("mode: {REFLECT, SYMMETRIC}")
    .shape([](ShapeContext& c) { pad_shape(c, -1); })
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("MirrorPad", {g.output_grad(0), g.input_value(1)}, mode(g));
    })
    .kernel(Device::kCpu, grad_kernel);

}  // namespace tw
