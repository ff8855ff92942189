#include <algorithm>
#include <cmath>

#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

using Ints = std::vector<std::int64_t>;

struct Pool {
  Ints kernel, strides, dilations, begin, end;  // begin and end: padding
};

Pool pool_of(const Attrs& attrs, int axes) {
  Pool p{attrs.integers("ksize"), attrs.integers("strides"), attrs.integers("dilations"), {}, {}};
  const Ints pads = attrs.integers("pads");
  const auto size = static_cast<std::size_t>(axes);
  check(axes >= 1 && p.kernel.size() == size && p.strides.size() == size &&
            p.dilations.size() == size && pads.size() == 2 * size,
        Code::kInvalidArgument, "ksize, strides, dilations and pads must be for ", axes, " axes");
  for (std::size_t i = 0; i < size; ++i) {
    check(p.kernel[i] > 0 && p.strides[i] > 0 && p.dilations[i] > 0 && pads[i] >= 0 &&
              pads[i + size] >= 0,
          Code::kInvalidArgument, "window sizes must be positive, pads not negative");
  }
  p.begin.assign(pads.begin(), pads.begin() + axes);
  p.end.assign(pads.begin() + axes, pads.end());
  return p;
}

Shape pooled_shape(const Attrs& attrs, const Shape& x) {
  check(x.rank() >= 3 && x.rank() <= 5, Code::kInvalidArgument, "expected rank 3 to 5, got ", x);
  const Pool p = pool_of(attrs, x.rank() - 2);
  Shape y = x;
  for (int i = 2; i < x.rank(); ++i) {
    const auto k = static_cast<std::size_t>(i - 2);
    if (x[i] == kUnknownDim) continue;
    const std::int64_t room =
        x[i] + p.begin[k] + p.end[k] - (p.dilations[k] * (p.kernel[k] - 1) + 1);
    check(room >= 0, Code::kInvalidArgument, "the window is larger than axis ", i, " of ", x);
    y[i] = room / p.strides[k] + 1;
  }
  return y;
}

void indices_shape(ShapeContext& c) {
  const Shape y = c.input(0).has_rank() ? pooled_shape(c.attrs(), c.input(0)) : Shape::unknown();
  c.set_output(0, y);
  c.set_output(1, y);
}

// The place of the first largest element of one window, as an offset in the plane; -1: none.
template <class T>
std::int64_t largest(const Pool& p, const T* plane, const Shape& x, const std::int64_t* start) {
  const int axes = x.rank() - 2;
  std::int64_t count = 1, best = -1;
  for (const std::int64_t k : p.kernel) count *= k;
  for (std::int64_t n = 0; n < count; ++n) {
    std::int64_t rest = n, offset = 0, step = 1;
    bool exists = true;
    for (int i = axes - 1; i >= 0; --i) {
      const auto k = static_cast<std::size_t>(i);
      const std::int64_t at = start[i] + rest % p.kernel[k] * p.dilations[k];
      exists = exists && at >= 0 && at < x[i + 2];
      offset += at * step;
      step *= x[i + 2];
      rest /= p.kernel[k];
    }
    if (!exists) continue;
    const bool better = best < 0 || plane[offset] > plane[best] ||
                        (plane[offset] != plane[offset] && plane[best] == plane[best]);
    if (better) best = offset;
  }
  return best;
}

// An offset in row-major order as one where the first axis of the plane runs fastest.
std::int64_t column_major(std::int64_t offset, const Shape& x) {
  std::int64_t steps[8], result = 0, step = 1;
  for (int i = 2; i < x.rank(); ++i) steps[i] = step, step *= x[i];
  for (int i = x.rank() - 1; i >= 2; --i) result += offset % x[i] * steps[i], offset /= x[i];
  return result;
}

template <class T>
void pool_planes(OpContext& c, const Pool& p) {
  const Tensor &x = c.input(0), &y = c.output(0), &at = c.output(1);
  const int axes = x.rank() - 2;
  const std::int64_t in = x.shape().size(2, x.rank()), out = y.shape().size(2, y.rank());
  const bool by_column = c.attrs().integer("storage_order") == 1;
  c.parallel_for(x.dim(0) * x.dim(1), [&](std::int64_t plane, int) {
    const T* from = x.data<T>() + plane * in;
    for (std::int64_t n = 0; n < out; ++n) {
      std::int64_t start[8], rest = n;
      for (int i = axes - 1; i >= 0; --i) {
        const auto k = static_cast<std::size_t>(i);
        start[i] = rest % y.dim(i + 2) * p.strides[k] - p.begin[k];
        rest /= y.dim(i + 2);
      }
      const std::int64_t best = largest(p, from, x.shape(), start);
      const bool none = best < 0;
      y.mutable_data<T>()[plane * out + n] = none ? std::numeric_limits<T>::lowest() : from[best];
      const std::int64_t offset = by_column && !none ? column_major(best, x.shape()) : best;
      at.mutable_data<std::int64_t>()[plane * out + n] = none ? -1 : plane * in + offset;
    }
  });
}

void indices_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Shape shape = pooled_shape(c.attrs(), x.shape());
  c.allocate_output(0, shape);
  c.allocate_output(1, shape);
  const Pool p = pool_of(c.attrs(), x.rank() - 2);
  if (x.dtype() == DType::kFloat64) return pool_planes<double>(c, p);
  if (x.dtype() == DType::kFloat32) return pool_planes<float>(c, p);
  if (x.dtype() == DType::kInt8) return pool_planes<std::int8_t>(c, p);
  pool_planes<std::uint8_t>(c, p);
}

// Adds each gradient where its maximum was; windows without one have index -1, which drops it.
void indices_gradient(GradientContext& g) {
  const Output x = g.input_value(0), all = g.int_vector({-1});
  Output places = g.output_value(1);
  if (g.attrs().integer("storage_order") == 1) {
    AttrMap attrs = {{"storage_order", std::int64_t{0}}};
    for (const char* name : {"ksize", "strides", "dilations", "pads"}) {
      attrs.emplace_back(name, g.attrs().integers(name));
    }
    places.node = g.op("MaxPoolWithIndices", {x}, attrs).node;
  }
  const Output size = g.op("Size", {x}, {{"out_type", DType::kInt64}});
  const Output sums = g.op("UnsortedSegmentSum", {g.op("Reshape", {g.output_grad(0), all}),
                                                  g.op("Reshape", {places, all}), size});
  g.input(0) = g.op("Reshape", {sums, g.shape_of(x)});
}

}  // namespace

OP(MaxPoolWithIndices)
    .doc("Max pooling of [N, C, ...] with the place of each maximum in the whole input, counted in\n"
         "row-major order, or with the last axes of a plane in column-major order for storage_order\n"
         "1; as ONNX's MaxPool. Of equal elements the first counts; NaN is the largest.")
    .input("x: T").output("y: T").output("indices: int64")
    .attr("T: float32|float64|int8|uint8").attr("ksize: list(int)").attr("strides: list(int)")
    .attr("dilations: list(int)").attr("pads: list(int)").attr("storage_order: int = 0")
    .shape(indices_shape)
    .gradient(indices_gradient)
    .kernel(Device::kCpu, indices_kernel);

}  // namespace tw
