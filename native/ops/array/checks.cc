#include <atomic>
#include <algorithm>
#include <cmath>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void ensure_shape(ShapeContext& c) {
  c.set_output(0, merge(c.input(0), c.attrs().get<Shape>("shape")));
}

void ensure_kernel(OpContext& c) {
  const Shape& wanted = c.attrs().get<Shape>("shape");
  check(compatible(c.input(0).shape(), wanted), Code::kInvalidArgument, "Shape of tensor ",
        c.input(0).shape(), " is not compatible with expected shape ", wanted, ".");
  c.set_output(0, c.input(0));
}

void all_shapes(ShapeContext& c) {
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, c.input(i));
}

void pass_all(OpContext& c) {
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, c.input(i));
}

void all_gradients(GradientContext& g) {
  for (int i = 0; i < g.inputs(); ++i) {
    if (g.has_output_grad(i)) g.input(i) = g.output_grad(i);
  }
}

constexpr int kNan = 1, kInfinite = 2;

template <class T>
int faults(const T* x, std::int64_t n) noexcept {
  int found = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    double value;
    if constexpr (std::is_floating_point_v<T>) {
      value = x[i];
    } else {
      value = to_float(x[i]);
    }
    if (value - value != 0) found |= std::isnan(value) ? kNan : kInfinite;
  }
  return found;
}

template <class T>
int all_faults(OpContext& c, const Tensor& x) {
  constexpr std::int64_t kBlock = 1 << 16;
  std::atomic<int> found = 0;
  c.parallel_for((x.size() + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
    const std::int64_t first = task * kBlock;
    found |= faults(x.data<T>() + first, std::min(kBlock, x.size() - first));
  });
  return found;
}

void numerics_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  int found = 0;
  switch (x.dtype()) {
    case DType::kFloat32: found = all_faults<float>(c, x); break;
    case DType::kFloat64: found = all_faults<double>(c, x); break;
    case DType::kFloat16: found = all_faults<Half>(c, x); break;
    default: found = all_faults<BFloat16>(c, x); break;
  }
  const char* what = found == kNan ? "NaN" : found == kInfinite ? "Inf" : "Inf and NaN";
  check(found == 0, Code::kInvalidArgument, c.attrs().string("message"), " : Tensor had ", what,
        " values");
  c.set_output(0, x);
}

void bitcast_sizes(const Attrs& attrs, std::int64_t& from, std::int64_t& to) {
  from = static_cast<std::int64_t>(size_of(attrs.dtype("T")));
  to = static_cast<std::int64_t>(size_of(attrs.dtype("type")));
}

// A larger type takes a last dim of several elements, a smaller one adds one.
Shape bitcast_shape_of(const Shape& x, const Attrs& attrs) {
  std::int64_t from, to;
  bitcast_sizes(attrs, from, to);
  if (from == to) return x;
  if (from > to) return join(x, Shape{from / to});
  const int rank = x.rank();
  check(rank > 0 && (x[rank - 1] == to / from || x[rank - 1] == kUnknownDim),
        Code::kInvalidArgument,
        "cannot bitcast ", name_of(attrs.dtype("T")), " ", x, " to ", name_of(attrs.dtype("type")),
        ": the last dim must be ", to / from);
  return part_of(x, 0, rank - 1);
}

void bitcast_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  c.set_output(0, x.has_rank() ? bitcast_shape_of(x, c.attrs()) : x);
}

void bitcast_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Shape shape = bitcast_shape_of(x.shape(), c.attrs());
  c.set_output(0, Tensor(c.attrs().dtype("type"), shape, x.raw(), x.buffer()));
}

}  // namespace

OP(EnsureShape)
    .doc("The input itself, after a check that its shape is compatible with the attr; what the "
         "attr says becomes known to shape inference.")
    .input("input: T").output("output: T").attr("T: any").attr("shape: shape")
    .shape(ensure_shape).value(pass_value)
    .gradient([](GradientContext& g) { g.input(0) = g.output_grad(0); })
    .alias()
    .kernel(Device::kCpu, ensure_kernel);

OP(IdentityN)
    .doc("The inputs themselves, available all together.")
    .input("input: list(T)").output("output: list(T)").attr("T: list(type)")
    .shape(all_shapes)
    .gradient(all_gradients)
    .kernel(Device::kCpu, pass_all);

OP(CheckNumerics)
    .doc("The input itself; an error that begins with the message when it holds NaN or infinities.")
    .input("tensor: T").output("output: T").attr("T: floating").attr("message: string")
    .shape(same_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("CheckNumerics", {g.output_grad(0)},
                        {{"message", std::string("Not a number (NaN) or infinity (Inf) values "
                                                 "detected in gradient.")}});
    })
    .stateful()
    .alias()
    .kernel(Device::kCpu, numerics_kernel);

// Not the formats of less than 8 bits, which fill a part of their byte.
#define TW_BITS                                                                      \
  "numeric|complex64|complex128|float8_e4m3fn|float8_e4m3fnuz|float8_e5m2|float8_e5m2fnuz|" \
  "float8_e8m0fnu"

OP(Bitcast)
    .doc("The bytes of the input as elements of another dtype. A larger one takes the last dim, "
         "whose size must be the ratio of the element sizes; a smaller one adds such a dim. Shares "
         "the memory of its input.")
    .input("input: T").output("output: type")
    .attr("T: " TW_BITS).attr("type: " TW_BITS)
    .shape(bitcast_shape)
    .no_gradient("bits are not differentiable")
    .alias()
    .kernel(Device::kCpu, bitcast_kernel);

}  // namespace tw
