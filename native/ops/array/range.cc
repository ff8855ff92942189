#include <cmath>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

template <class T>
double real(T x) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return to_float(x);
  } else {
    return static_cast<double>(x);
  }
}

template <class T>
T from_real(double x) {
  if constexpr (std::is_same_v<T, Half>) {
    return to_half(static_cast<float>(x));
  } else if constexpr (std::is_same_v<T, BFloat16>) {
    return to_bfloat16(static_cast<float>(x));
  } else {
    return static_cast<T>(x);
  }
}

void check_direction(bool up, bool down, bool zero) {
  check(!zero, Code::kInvalidArgument, "Requires delta != 0: 0");
  check(up || down, Code::kInvalidArgument,
        "Requires start <= limit when delta > 0 and start >= limit when delta < 0");
}

template <class T>
std::int64_t range_size(T start, T limit, T delta) {
  const double a = real(start), b = real(limit), d = real(delta);
  check_direction(d > 0 && a <= b, d < 0 && a >= b, d == 0);
  if constexpr (std::is_integral_v<T>) {
    // Wide enough for the difference of any two 64-bit integers.
    const auto span = static_cast<__int128>(limit) - start;
    const auto step = static_cast<__int128>(delta);
    const __int128 size = span / step + (span % step != 0 ? 1 : 0);
    check(size <= INT64_MAX, Code::kInvalidArgument, "a range of too many elements");
    return static_cast<std::int64_t>(size);
  } else {
    const double size = std::ceil(std::abs((b - a) / d));
    check(size < 0x1p62, Code::kInvalidArgument, "a range of ", size, " elements");
    return static_cast<std::int64_t>(size);
  }
}

void range_shape(ShapeContext& c) {
  for (int i = 0; i < 3; ++i) c.with_rank(i, 0);
  c.set_output(0, Shape{kUnknownDim});
  const Tensor* ends[3] = {c.constant(0), c.constant(1), c.constant(2)};
  if (ends[0] != nullptr && ends[1] != nullptr && ends[2] != nullptr) {
    visit_numeric(c.dtype(0), [&]<class T>() {
      c.set_output(0, Shape{range_size(*ends[0]->data<T>(), *ends[1]->data<T>(),
                                       *ends[2]->data<T>())});
    });
    return;
  }
  if (c.dtype(0) != DType::kInt32 && c.dtype(0) != DType::kInt64) return;
  const auto start = c.scalar(0), limit = c.scalar(1), delta = c.scalar(2);
  if (start && limit && delta) c.set_output(0, Shape{range_size(*start, *limit, *delta)});
}

void range_value(ShapeContext& c) {
  if (c.dtype(0) != DType::kInt32 && c.dtype(0) != DType::kInt64) return;
  const auto start = c.scalar(0), delta = c.scalar(2);
  const Shape& y = c.output(0);
  if (!start || !delta || y[0] == kUnknownDim || y[0] > 64) return;
  PartialValue values;
  for (std::int64_t i = 0; i < y[0]; ++i) values.push_back(*start + i * *delta);
  c.set_value(0, std::move(values));
}

void range_kernel(OpContext& c) {
  for (int i = 0; i < 3; ++i) {
    check(c.input(i).size() == 1, Code::kInvalidArgument,
          "start, limit and delta must be scalars, input ", i, " has shape ", c.input(i).shape());
  }
  visit_numeric(c.input(0).dtype(), [&]<class T>() {
    const T start = *c.input(0).data<T>(), delta = *c.input(2).data<T>();
    const std::int64_t size = range_size(start, *c.input(1).data<T>(), delta);
    T* y = c.allocate_output(0, Shape{size}).template mutable_data<T>();
    for (std::int64_t i = 0; i < size; ++i) {
      if constexpr (std::is_integral_v<T>) {
        y[i] = static_cast<T>(static_cast<std::uint64_t>(start) +
                              static_cast<std::uint64_t>(i) * static_cast<std::uint64_t>(delta));
      } else {
        y[i] = from_real<T>(real(start) + static_cast<double>(i) * real(delta));
      }
    }
  });
}

void lin_space_shape(ShapeContext& c) {
  for (int i = 0; i < 3; ++i) c.with_rank(i, 0);
  const auto num = c.scalar(2);
  check(!num || *num > 0, Code::kInvalidArgument, "Requires num > 0: ", num.value_or(0));
  c.set_output(0, Shape{num.value_or(kUnknownDim)});
}

void lin_space_kernel(OpContext& c) {
  const std::int64_t num = index_scalar(c.input(2), "num");
  check(num > 0, Code::kInvalidArgument, "Requires num > 0: ", num);
  check(c.input(0).size() == 1 && c.input(1).size() == 1, Code::kInvalidArgument,
        "start and stop must be scalars, got shapes ", c.input(0).shape(), " and ",
        c.input(1).shape());
  Tensor& out = c.allocate_output(0, Shape{num});
  visit_numeric(out.dtype(), [&]<class T>() {
    T* y = out.template mutable_data<T>();
    const double start = real(*c.input(0).data<T>()), stop = real(*c.input(1).data<T>());
    const double step = num > 1 ? (stop - start) / static_cast<double>(num - 1) : 0;
    for (std::int64_t i = 0; i < num; ++i) {
      y[i] = from_real<T>(start + step * static_cast<double>(i));
    }
    if (num > 1) y[num - 1] = *c.input(1).data<T>();
  });
}

}  // namespace

OP(Range)
    .doc("The vector start, start + delta, ... up to but without limit; delta may be negative.")
    .input("start: Tidx").input("limit: Tidx").input("delta: Tidx").output("output: Tidx")
    .attr("Tidx: numeric = int32")
    .shape(range_shape).value(range_value)
    .no_gradient("as in TensorFlow, start and delta are taken for constants")
    .kernel(Device::kCpu, range_kernel);

OP(LinSpace)
    .doc("num values at even distances from start to stop, both included; num is at least 1.")
    .api("linspace")
    .input("start: T").input("stop: T").input("num: Tidx").output("output: T")
    .attr("T: floating").attr("Tidx: int32|int64 = int32")
    .shape(lin_space_shape)
    .no_gradient("as in TensorFlow, the ends are taken for constants")
    .kernel(Device::kCpu, lin_space_kernel);

}  // namespace tw
