#include "kernels/sum_to.h"

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void sum_axes(OpContext& c, Tensor& y, const Tensor& x, const SumAxes& axes) {
  if (x.size() == 0) return fill_elements(c, y.dtype(), y.raw(), y.size(), nullptr);
  const SumTo sum(axes, y.dtype());
  c.parallel_for(sum.tasks(), [&](std::int64_t task, int) { sum.run(y.raw(), x.raw(), task); });
}

void check_summable(const Shape& from, const Shape& to) {
  const int shift = from.rank() - to.rank();
  check(shift >= 0, Code::kInvalidArgument, "cannot sum ", from, " down to ", to,
        ", which has more dims");
  for (int i = 0; i < to.rank(); ++i) {
    const std::int64_t a = from[i + shift], b = to[i];
    check(b == 1 || a == b || a == kUnknownDim || b == kUnknownDim, Code::kInvalidArgument,
          "cannot sum ", from, " down to ", to, ": dim ", i, " is ", b);
  }
}

void sum_to_shape(ShapeContext& c) {
  c.with_rank(1, 1);
  const Shape to = c.shape_from(1);
  if (to.has_rank() && c.input(0).has_rank()) check_summable(c.input(0), to);
  c.set_output(0, to);
}

void sum_to_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Shape to = shape_of_dims(index_list(c.input(1), "shape"), "shape");
  check_summable(x.shape(), to);
  if (to.size() == x.size()) return c.set_output(0, x.reshaped(to));
  const int shift = x.rank() - to.rank();
  SumAxes axes;
  for (int i = 0; i < x.rank(); ++i) {
    axes.add(x.dim(i), i < shift || (to[i - shift] == 1 && x.dim(i) != 1));
  }
  sum_axes(c, c.allocate_output(0, to), x, axes);
}

void tile_grad_shape(ShapeContext& c) {
  const Shape& dy = c.input(0);
  const Shape rank = dy.has_rank() ? Shape::unknown_dims(dy.rank()) : dy;
  c.set_output(0, merge(c.shape_from(2), rank));
}

void tile_grad_kernel(OpContext& c) {
  const Tensor &dy = c.input(0), &like = c.input(2);
  const auto multiples = index_list(c.input(1), "multiples");
  const Shape shape = shape_of_dims(index_list(like, "shape"), "shape");
  check(shape.rank() == dy.rank() && static_cast<int>(multiples.size()) == dy.rank(),
        Code::kInvalidArgument, "expected multiples and shape to have ", dy.rank(),
        " elements, got ", multiples.size(), " and ", shape.rank());
  SumAxes axes;
  for (int i = 0; i < dy.rank(); ++i) {
    const std::int64_t times = multiples[static_cast<std::size_t>(i)];
    check(times >= 0 && dy.dim(i) == checked_product(shape[i], times), Code::kInvalidArgument,
          "dim ", i, " of dy is ", dy.dim(i), ", expected ", times, " times ", shape[i]);
    axes.add(times, true);
    axes.add(shape[i], false);
  }
  sum_axes(c, c.allocate_output(0, shape), dy, axes);
}

}  // namespace

OP(SumTo)
    .doc("Sums x down to a shape that broadcasts to its own: what gradients of broadcasting ops "
         "need. Floating sums are accumulated in float64.")
    .internal()
    .input("x: T").input("shape: Tidx").output("y: T")
    .attr("T: numeric|complex64|complex128").attr("Tidx: int32|int64 = int64")
    .shape(sum_to_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("BroadcastTo", {g.output_grad(0), g.shape_of(g.input_value(0))});
    })
    .kernel(Device::kCpu, sum_to_kernel);

OP(TileGrad)
    .doc("Sums the repetitions in dy, whose dim i is multiples[i] times shape[i]: the gradient of "
         "Tile.")
    .internal()
    .input("dy: T").input("multiples: Tmultiples").input("shape: Tshape").output("dx: T")
    .attr("T: numeric|complex64|complex128").attr("Tmultiples: int32|int64")
    .attr("Tshape: int32|int64")
    .shape(tile_grad_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("Tile", {g.output_grad(0), g.input_value(1)});
    })
    .kernel(Device::kCpu, tile_grad_kernel);

}  // namespace tw
