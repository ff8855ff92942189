#include <cstring>
#include <string>
#include <unordered_map>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

// Appends what two elements have in common when they are equal: zeros of both signs are, NaN is
// equal to nothing, so that a number of its own marks it.
template <class T>
void append(std::string& key, const T& value, std::int64_t place) {
  if constexpr (std::is_same_v<T, std::string>) {
    key += std::to_string(value.size()) + ':' + value;
    return;
  } else if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return append(key, to_float(value), place);
  } else {
    T plain = value;
    if constexpr (std::is_floating_point_v<T>) {
      if (value != value) key += "NaN" + std::to_string(place);
      plain = value + T(0);
    }
    key.append(reinterpret_cast<const char*>(&plain), sizeof plain);
  }
}

// The slices of x along an axis: x is [outer, count, inner].
struct Slices {
  std::int64_t outer = 1, count = 1, inner = 1;
};

template <class T>
std::string key_of(const Tensor& x, const Slices& s, std::int64_t slice) {
  std::string key;
  for (std::int64_t o = 0; o < s.outer; ++o) {
    for (std::int64_t i = 0; i < s.inner; ++i) {
      const std::int64_t at = (o * s.count + slice) * s.inner + i;
      append(key, x.data<T>()[at], at);
    }
  }
  return key;
}

template <class Visit>
decltype(auto) visit_comparable(DType dtype, Visit&& visit) {
  if (dtype == DType::kString) return visit.template operator()<std::string>();
  if (dtype == DType::kBool) return visit.template operator()<std::uint8_t>();
  return visit_numeric(dtype, std::forward<Visit>(visit));
}

void write_indices(Tensor& y, const std::vector<std::int64_t>& values) {
  visit_index(y.dtype(), [&]<class I>() {
    for (std::size_t i = 0; i < values.size(); ++i) {
      y.mutable_data<I>()[i] = static_cast<I>(values[i]);
    }
  });
}

// The axis, 0 when none is given for a vector.
int axis_of(const Tensor& axes, int rank) {
  const std::vector<std::int64_t> given = axes.to_int64s();
  check(given.size() <= 1, Code::kInvalidArgument, "axis must have at most one element, got ",
        given.size());
  check(given.size() == 1 || rank == 1, Code::kInvalidArgument,
        "unique without an axis expects a 1D vector, got rank ", rank);
  const std::int64_t axis = given.empty() ? 0 : given[0] < 0 ? given[0] + rank : given[0];
  check(axis >= 0 && axis < rank, Code::kInvalidArgument, "expected an axis in [", -rank, ", ",
        rank, "), got ", given.empty() ? 0 : given[0]);
  return static_cast<int>(axis);
}

void unique_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const int axis = axis_of(c.input(1), x.rank());
  const Slices s{x.shape().size(0, axis), x.dim(axis), x.shape().size(axis + 1, x.rank())};
  std::unordered_map<std::string, std::int64_t> seen;
  std::vector<std::int64_t> places, index;
  visit_comparable(x.dtype(), [&]<class T>() {
    for (std::int64_t k = 0; k < s.count; ++k) {
      const auto next = static_cast<std::int64_t>(places.size());
      const auto [at, added] = seen.emplace(key_of<T>(x, s, k), next);
      if (added) places.push_back(k);
      index.push_back(at->second);
    }
  });
  const auto count = static_cast<std::int64_t>(places.size());
  Tensor& y = c.allocate_output(0, with_dim(x.shape(), axis, count));
  for (std::int64_t o = 0; o < s.outer; ++o) {
    for (std::int64_t k = 0; k < count; ++k) {
      const std::int64_t from = (o * s.count + places[static_cast<std::size_t>(k)]) * s.inner;
      copy_elements(c, x.dtype(), element(y, (o * count + k) * s.inner), element(x, from), s.inner);
    }
  }
  write_indices(c.allocate_output(1, Shape{s.count}), index);
}

void unique_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const auto axes = known_values(c, 1);
  c.set_output(0, Shape::unknown());
  c.set_output(1, Shape{kUnknownDim});
  if (!x.has_rank()) return;
  Shape y = x;
  if (!axes) {
    for (int axis = 0; axis < x.rank(); ++axis) y[axis] = kUnknownDim;
    return c.set_output(0, y);
  }
  const int axis = axis_of(Tensor::int64s(*axes), x.rank());
  c.set_output(0, with_dim(x, axis, kUnknownDim));
  c.set_output(1, Shape{x[axis]});
}

void difference_shape(ShapeContext& c) {
  c.with_rank(0, 1);
  c.with_rank(1, 1);
  c.set_output(0, Shape{kUnknownDim});
  c.set_output(1, Shape{kUnknownDim});
}

void difference_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &y = c.input(1);
  check(x.rank() == 1 && y.rank() == 1, Code::kInvalidArgument, "x and y must be vectors, got ",
        x.shape(), " and ", y.shape());
  std::unordered_map<std::string, std::int64_t> without;
  std::vector<std::int64_t> kept;
  visit_comparable(x.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < y.size(); ++i) {
      without.emplace(key_of<T>(y, {1, y.size(), 1}, i), x.size() + i);
    }
    for (std::int64_t i = 0; i < x.size(); ++i) {
      std::string key;
      append(key, x.data<T>()[i], -1 - i);
      if (!without.contains(key)) kept.push_back(i);
    }
  });
  Tensor& out = c.allocate_output(0, Shape{static_cast<std::int64_t>(kept.size())});
  for (std::size_t i = 0; i < kept.size(); ++i) {
    copy_elements(c, x.dtype(), element(out, static_cast<std::int64_t>(i)), element(x, kept[i]), 1);
  }
  write_indices(c.allocate_output(1, out.shape()), kept);
}

}  // namespace

OP(UniqueV2)
    .doc("The distinct slices y of x along an axis, in the order in which they first come, and for "
         "each slice of x its index in y. axis has one element; none for a vector. NaN is distinct "
         "from everything.")
    .api("uniqueAlong")
    .input("x: T").input("axis: Taxis").output("y: T").output("idx: out_idx")
    .attr("T: real|string").attr("Taxis: int32|int64 = int64").attr("out_idx: int32|int64 = int32")
    .shape(unique_shape)
    .no_gradient("not registered: the number of outputs depends on the values")
    .kernel(Device::kCpu, unique_kernel);

OP(ListDiff)
    .doc("The elements of the vector x that are not in y, in their order and as often as they come, "
         "and their indices in x.")
    .api("setdiff1d")
    .input("x: T").input("y: T").output("out: T").output("idx: out_idx")
    .attr("T: real|string").attr("out_idx: int32|int64 = int32")
    .shape(difference_shape)
    .gradient([](GradientContext& g) {
      const Output axis = g.graph().constant(Tensor::scalar<std::int32_t>(0), "gradients/axis");
      g.input(0) = g.op("GatherV2Grad", {g.shape_of(g.input_value(0)), g.output_value(1), axis,
                                         g.output_grad(0)});
    })
    .kernel(Device::kCpu, difference_kernel);

}  // namespace tw
