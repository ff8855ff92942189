#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void check_permutation(std::span<const std::int64_t> perm, int rank) {
  check(static_cast<int>(perm.size()) == rank, Code::kInvalidArgument,
        "expected a permutation of ", rank, " dims, got ", perm.size());
  std::array<bool, kMaxRank> seen{};
  for (std::int64_t axis : perm) {
    check(axis >= 0 && axis < rank, Code::kInvalidArgument, "perm holds ", axis,
          ", expected values in [0, ", rank, ")");
    check(!seen[static_cast<std::size_t>(axis)], Code::kInvalidArgument, "perm holds ", axis,
          " twice");
    seen[static_cast<std::size_t>(axis)] = true;
  }
}

void transpose_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const Shape& p = c.with_rank(1, 1);
  int rank = x.has_rank() ? x.rank() : -1;
  if (rank < 0 && p.fully_known()) rank = static_cast<int>(p[0]);
  if (rank < 0) return c.set_output(0, Shape::unknown());
  check(!p.fully_known() || p[0] == rank, Code::kInvalidArgument, "expected a permutation of ",
        rank, " dims, got ", p[0]);
  Shape y = Shape::unknown_dims(rank);
  if (const auto perm = known_values(c, 1)) {
    check_permutation(*perm, rank);
    for (int i = 0; i < rank && x.has_rank(); ++i) {
      y[i] = x[static_cast<int>((*perm)[static_cast<std::size_t>(i)])];
    }
  }
  c.set_output(0, y);
}

void transpose_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const std::vector<std::int64_t> perm = index_list(c.input(1), "perm");
  check_permutation(perm, x.rank());
  const auto from = x.shape().strides();
  Shape shape;
  for (std::int64_t axis : perm) shape.push_back(x.dim(static_cast<int>(axis)));
  Tensor& y = c.allocate_output(0, shape);
  const auto to = shape.strides();
  std::array<MoveAxis, kMaxRank> axes;
  for (std::size_t i = 0; i < perm.size(); ++i) {
    axes[i] = {shape[static_cast<int>(i)], to[i], from[static_cast<std::size_t>(perm[i])]};
  }
  move_elements(c, x.dtype(), y.raw(), x.raw(), {axes.data(), perm.size()});
}

void transpose_gradient(GradientContext& g) {
  const Output inverse = g.op("InvertPermutation", {g.input_value(1)});
  g.input(0) = g.op("Transpose", {g.output_grad(0), inverse});
}

void invert_shape(ShapeContext& c) { c.set_output(0, c.with_rank(0, 1)); }

PartialValue inverse(const std::vector<std::int64_t>& perm) {
  PartialValue found(perm.size(), -1);
  const auto size = static_cast<std::int64_t>(perm.size());
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t at = perm[static_cast<std::size_t>(i)];
    check(at >= 0 && at < size, Code::kInvalidArgument, "x[", i, "] is ", at,
          ", expected a value in [0, ", size, ")");
    check(found[static_cast<std::size_t>(at)] < 0, Code::kInvalidArgument, at,
          " is duplicated in x");
    found[static_cast<std::size_t>(at)] = i;
  }
  return found;
}

void invert_value(ShapeContext& c) {
  if (const auto perm = known_values(c, 0)) c.set_value(0, inverse(*perm));
}

void invert_kernel(OpContext& c) {
  const PartialValue values = inverse(index_list(c.input(0), "x"));
  Tensor& y = c.allocate_output(0, c.input(0).shape());
  visit_index(y.dtype(), [&]<class T>() {
    for (std::size_t i = 0; i < values.size(); ++i) {
      y.mutable_data<T>()[i] = static_cast<T>(values[i]);
    }
  });
}

}  // namespace

OP(Transpose)
    .doc("Permutes the dims: dim i of the result is dim perm[i] of x. perm is a permutation of "
         "[0, rank).")
    .input("x: T").input("perm: Tperm").output("y: T")
    .attr("T: any").attr("Tperm: int32|int64 = int32")
    .shape(transpose_shape)
    .gradient(transpose_gradient)
    .role(Role::kTranspose)
    .kernel(Device::kCpu, transpose_kernel);

OP(InvertPermutation)
    .doc("The inverse y of a permutation x of [0, n): y[x[i]] = i.")
    .input("x: T").output("y: T").attr("T: int32|int64 = int32")
    .shape(invert_shape).value(invert_value)
    .no_gradient("integer output")
    .kernel(Device::kCpu, invert_kernel);

}  // namespace tw
