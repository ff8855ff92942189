#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void check_multiples(std::span<const std::int64_t> multiples, int rank) {
  check(static_cast<int>(multiples.size()) == rank, Code::kInvalidArgument,
        "Expected multiples argument to be a vector of length ", rank, " but got length ",
        multiples.size());
  for (std::size_t i = 0; i < multiples.size(); ++i) {
    check(multiples[i] >= 0 || multiples[i] == kUnknownValue, Code::kInvalidArgument,
          "multiples[", i, "] must not be negative, got ", multiples[i]);
  }
}

Shape tiled(const Shape& x, std::span<const std::int64_t> multiples) {
  check_multiples(multiples, x.rank());
  Shape y;
  for (int i = 0; i < x.rank(); ++i) {
    const std::int64_t times = multiples[static_cast<std::size_t>(i)];
    y.push_back(multiply_dims(x[i], times == kUnknownValue ? kUnknownDim : times));
  }
  return y;
}

void tile_shape(ShapeContext& c) {
  c.with_rank(1, 1);
  const auto multiples = c.values(1);
  Shape x = c.input(0);
  if (!x.has_rank() && multiples) x = Shape::unknown_dims(static_cast<int>(multiples->size()));
  if (!x.has_rank()) return c.set_output(0, x);
  c.set_output(0, multiples ? tiled(x, *multiples) : Shape::unknown_dims(x.rank()));
}

void tile_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const auto multiples = index_list(c.input(1), "multiples");
  // As a value it is negative; only while shapes are inferred it stands for one that is not known.
  const bool has_unknown = std::ranges::find(multiples, kUnknownValue) != multiples.end();
  check(!has_unknown, Code::kInvalidArgument, "multiples must not be negative, got ", kUnknownValue);
  Tensor& y = c.allocate_output(0, tiled(x.shape(), multiples));
  const auto to = y.shape().strides(), from = x.shape().strides();
  std::vector<MoveAxis> axes;
  for (std::size_t i = 0; i < multiples.size(); ++i) {
    const std::int64_t dim = x.dim(static_cast<int>(i));
    axes.push_back({multiples[i], to[i] * dim, 0});
    axes.push_back({dim, to[i], from[i]});
  }
  move_elements(c, x.dtype(), y.raw(), x.raw(), axes);
}

void tile_gradient(GradientContext& g) {
  g.input(0) =
      g.op("TileGrad", {g.output_grad(0), g.input_value(1), g.shape_of(g.input_value(0))});
}

bool tile_permute(PermuteContext& c) {
  const Tensor* multiples = c.constant(1);
  if (multiples == nullptr) return false;
  Tensor moved = multiples->copy();
  visit_index(moved.dtype(), [&]<class T>() {
    for (std::size_t i = 0; i < c.perm().size(); ++i) {
      moved.mutable_data<T>()[i] = multiples->data<T>()[c.perm()[i]];
    }
  });
  c.permute_input(0);
  c.replace_input(1, moved);
  return true;
}

}  // namespace

OP(Tile)
    .doc("Repeats the input multiples[i] times along each dim i.")
    .input("input: T").input("multiples: Tmultiples").output("output: T")
    .attr("T: any").attr("Tmultiples: int32|int64 = int32")
    .shape(tile_shape)
    .gradient(tile_gradient)
    .permute(tile_permute)
    .kernel(Device::kCpu, tile_kernel);

}  // namespace tw
