#include <algorithm>
#include <numeric>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

// Slices of x along an axis, compared element by element; NaN comes last and equals NaN.
template <class T>
class Slices {
 public:
  Slices(const Tensor& x, int axis)
      : data_(x.data<T>()),
        outer_(x.shape().size(0, axis)),
        length_(x.dim(axis)),
        inner_(x.shape().size(axis + 1, x.rank())) {}

  std::int64_t count() const { return length_; }

  int compare(std::int64_t a, std::int64_t b) const {
    for (std::int64_t o = 0; o < outer_; ++o) {
      const T* p = data_ + (o * length_ + a) * inner_;
      const T* q = data_ + (o * length_ + b) * inner_;
      for (std::int64_t k = 0; k < inner_; ++k) {
        if (p[k] < q[k]) return -1;
        if (q[k] < p[k]) return 1;
        const bool nan_p = !(p[k] == p[k]), nan_q = !(q[k] == q[k]);
        if (nan_p != nan_q) return nan_p ? 1 : -1;
      }
    }
    return 0;
  }

  // y: as x, with the slices `picked` alone.
  void copy(const std::vector<std::int64_t>& picked, T* y) const {
    for (std::int64_t o = 0; o < outer_; ++o) {
      for (const std::int64_t i : picked) {
        y = std::copy_n(data_ + (o * length_ + i) * inner_, inner_, y);
      }
    }
  }

 private:
  const T* data_;
  std::int64_t outer_, length_, inner_;
};

struct Groups {
  std::vector<std::int64_t> first, inverse, counts;
};

// Equal slices as groups, in their order or in that of their first slices.
template <class T>
Groups groups_of(const Slices<T>& slices, bool sorted) {
  const auto n = static_cast<std::size_t>(slices.count());
  std::vector<std::int64_t> order(n), group(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return slices.compare(a, b) < 0;
  });
  Groups g;
  for (std::size_t i = 0; i < n; ++i) {
    if (i == 0 || slices.compare(order[i - 1], order[i]) != 0) g.first.push_back(order[i]);
    group[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(g.first.size()) - 1;
  }
  std::vector<std::int64_t> rank(g.first.size()), place(g.first.size());
  std::iota(rank.begin(), rank.end(), 0);
  const auto first_of = [&](std::int64_t i) { return g.first[static_cast<std::size_t>(i)]; };
  if (!sorted) {
    std::sort(rank.begin(), rank.end(),
              [&](std::int64_t a, std::int64_t b) { return first_of(a) < first_of(b); });
  }
  std::vector<std::int64_t> first;
  for (std::size_t i = 0; i < rank.size(); ++i) {
    place[static_cast<std::size_t>(rank[i])] = static_cast<std::int64_t>(i);
    first.push_back(first_of(rank[i]));
  }
  g.first = std::move(first);
  g.counts.assign(g.first.size(), 0);
  for (const std::int64_t own : group) {
    g.inverse.push_back(place[static_cast<std::size_t>(own)]);
    ++g.counts[static_cast<std::size_t>(g.inverse.back())];
  }
  return g;
}

void write(OpContext& c, int output, const std::vector<std::int64_t>& values) {
  Tensor& y = c.allocate_output(output, Shape{static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), y.mutable_data<std::int64_t>());
}

void unique_slices_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() > 0, Code::kInvalidArgument, "expected a vector or more, got a scalar");
  const int axis = normal_axis(c.attrs().integer("axis"), x.rank());
  const auto run = [&]<class T>() {
    const Slices<T> slices(x, axis);
    const Groups g = groups_of(slices, c.attrs().flag("sorted"));
    const auto count = static_cast<std::int64_t>(g.first.size());
    Tensor& y = c.allocate_output(0, with_dim(x.shape(), axis, count));
    slices.copy(g.first, y.mutable_data<T>());
    write(c, 1, g.first);
    write(c, 2, g.inverse);
    write(c, 3, g.counts);
  };
  switch (x.dtype()) {
    case DType::kString: return run.template operator()<std::string>();
    case DType::kFloat32: return run.template operator()<float>();
    case DType::kFloat64: return run.template operator()<double>();
    case DType::kInt8: return run.template operator()<std::int8_t>();
    case DType::kUint8: return run.template operator()<std::uint8_t>();
    case DType::kInt32: return run.template operator()<std::int32_t>();
    default: return run.template operator()<std::int64_t>();
  }
}

void unique_slices_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 1);
  const auto axis = c.attrs().integer("axis");
  c.set_output(0, x.has_rank() ? with_dim(x, normal_axis(axis, x.rank()), kUnknownDim) : x);
  for (int i = 1; i < 4; ++i) c.set_output(i, Shape{kUnknownDim});
}

// y is the slices that `indices` name.
void unique_slices_gradient(GradientContext& g) {
  const auto number = static_cast<std::int32_t>(g.attrs().integer("axis"));
  const Output axis = g.graph().constant(Tensor::scalar(number), "gradients/axis");
  g.input(0) = g.op("GatherV2Grad", {g.shape_of(g.input_value(0)), g.output_value(1), axis,
                                     g.output_grad(0)});
}

}  // namespace

OP(UniqueSlices)
    .doc("The distinct slices along an axis, sorted or in the order in which they first come; where\n"
         "each first comes, for each slice of x its index in y, and how often each comes. NaN equals\n"
         "NaN here and comes last.")
    .input("x: T").output("y: T").output("indices: int64").output("inverse_indices: int64")
    .output("counts: int64")
    .attr("T: float32|float64|int8|uint8|int32|int64|string").attr("axis: int = 0")
    .attr("sorted: bool = true")
    .shape(unique_slices_shape)
    .gradient(unique_slices_gradient)
    .kernel(Device::kCpu, unique_slices_kernel);

}  // namespace tw
