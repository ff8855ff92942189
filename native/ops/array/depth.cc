#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

struct Layout {
  int height, width, depth;
};

Layout layout_of(const Attrs& attrs) {
  return attrs.string("data_format") == "NCHW" ? Layout{2, 3, 1} : Layout{1, 2, 3};
}

std::int64_t divided(std::int64_t dim, std::int64_t by, const char* what) {
  if (dim == kUnknownDim) return dim;
  check(dim % by == 0, Code::kInvalidArgument, what, " of size ", dim,
        " is not divisible by block_size ", by);
  return dim / by;
}

Shape to_depth(const Shape& x, const Attrs& attrs) {
  const Layout at = layout_of(attrs);
  const std::int64_t block = attrs.integer("block_size");
  Shape y = x;
  y[at.height] = divided(x[at.height], block, "height");
  y[at.width] = divided(x[at.width], block, "width");
  y[at.depth] = multiply_dims(x[at.depth], block * block);
  return y;
}

Shape to_space(const Shape& x, const Attrs& attrs) {
  const Layout at = layout_of(attrs);
  const std::int64_t block = attrs.integer("block_size");
  Shape y = x;
  y[at.height] = multiply_dims(x[at.height], block);
  y[at.width] = multiply_dims(x[at.width], block);
  y[at.depth] = divided(x[at.depth], block * block, "depth");
  return y;
}

// Loops over the elements of both: space [n, h * block + i, w * block + j, d] and depth
// [n, h, w, (i * block + j) * D + d]; `to` steps through depth, `from` through space.
std::array<MoveAxis, 6> loops(const Shape& space, const Shape& depth, Layout at,
                              std::int64_t block) {
  const auto s = space.strides(), d = depth.strides();
  const auto sh = s[static_cast<std::size_t>(at.height)];
  const auto sw = s[static_cast<std::size_t>(at.width)];
  const auto sd = s[static_cast<std::size_t>(at.depth)], dd = d[static_cast<std::size_t>(at.depth)];
  return {MoveAxis{space[0], d[0], s[0]},
          MoveAxis{depth[at.height], d[static_cast<std::size_t>(at.height)], sh * block},
          MoveAxis{depth[at.width], d[static_cast<std::size_t>(at.width)], sw * block},
          MoveAxis{block, dd * block * space[at.depth], sh},
          MoveAxis{block, dd * space[at.depth], sw}, MoveAxis{space[at.depth], dd, sd}};
}

void to_depth_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 4, Code::kInvalidArgument, "input must have rank 4, got ", x.shape());
  Tensor& y = c.allocate_output(0, to_depth(x.shape(), c.attrs()));
  const auto axes =
      loops(x.shape(), y.shape(), layout_of(c.attrs()), c.attrs().integer("block_size"));
  move_elements(c, x.dtype(), y.raw(), x.raw(), axes);
}

void to_space_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 4, Code::kInvalidArgument, "input must have rank 4, got ", x.shape());
  Tensor& y = c.allocate_output(0, to_space(x.shape(), c.attrs()));
  auto axes = loops(y.shape(), x.shape(), layout_of(c.attrs()), c.attrs().integer("block_size"));
  for (MoveAxis& axis : axes) std::swap(axis.to, axis.from);
  move_elements(c, x.dtype(), y.raw(), x.raw(), axes);
}

template <Shape (*kShape)(const Shape&, const Attrs&)>
void depth_shape(ShapeContext& c) {
  const Shape& x = c.with_rank(0, 4);
  c.set_output(0, x.has_rank() ? kShape(x, c.attrs()) : Shape::unknown_dims(4));
}

Output inverse(GradientContext& g, const char* op) {
  return g.op(op, {g.output_grad(0)}, {{"block_size", g.attrs().integer("block_size")},
                                       {"data_format", g.attrs().string("data_format")}});
}

bool permute_format(PermuteContext& c) {
  const bool first = c.attrs().string("data_format") == "NCHW";
  const std::vector<int> fits = first ? std::vector<int>{0, 2, 3, 1} : std::vector<int>{0, 3, 1, 2};
  if (c.perm() != fits) return false;
  c.permute_input(0);
  c.set_attr("data_format", std::string(first ? "NHWC" : "NCHW"));
  return true;
}

}  // namespace

OP(SpaceToDepth)
    .doc("Moves blocks of block_size x block_size positions into the depth: position (i, j) of a "
         "block becomes the depths from (i * block_size + j) * D on. Height and width must be "
         "divisible by block_size.")
    .input("input: T").output("output: T")
    .attr("T: any").attr("block_size: int >= 2").attr("data_format: {NHWC, NCHW} = NHWC")
    .shape(depth_shape<to_depth>)
    .gradient([](GradientContext& g) { g.input(0) = inverse(g, "DepthToSpace"); })
    .permute(permute_format)
    .kernel(Device::kCpu, to_depth_kernel);

OP(DepthToSpace)
    .doc("Spreads the depth over blocks of block_size x block_size positions: the inverse of "
         "SpaceToDepth. The depth must be divisible by the square of block_size.")
    .input("input: T").output("output: T")
    .attr("T: any").attr("block_size: int >= 2").attr("data_format: {NHWC, NCHW} = NHWC")
    .shape(depth_shape<to_space>)
    .gradient([](GradientContext& g) { g.input(0) = inverse(g, "SpaceToDepth"); })
    .permute(permute_format)
    .kernel(Device::kCpu, to_space_kernel);

}  // namespace tw
