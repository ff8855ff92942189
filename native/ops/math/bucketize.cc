#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"

namespace tw {
namespace {

void bucketize_shape(ShapeContext& c) {
  const auto& boundaries = c.attrs().get<std::vector<double>>("boundaries");
  check(std::is_sorted(boundaries.begin(), boundaries.end()), Code::kInvalidArgument,
        "Expected sorted boundaries");
  c.set_output(0, c.input(0));
}

void bucketize_kernel(OpContext& c) {
  const auto& boundaries = c.attrs().get<std::vector<double>>("boundaries");
  const Tensor& x = c.input(0);
  std::int32_t* y = c.output(0).mutable_data<std::int32_t>();
  visit_numeric(x.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < x.size(); ++i) {
      double value;
      if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
        value = to_float(x.data<T>()[i]);
      } else {
        value = static_cast<double>(x.data<T>()[i]);
      }
      const auto above = std::upper_bound(boundaries.begin(), boundaries.end(), value);
      y[i] = static_cast<std::int32_t>(above - boundaries.begin());
    }
  });
}

}  // namespace

OP(Bucketize)
    .doc("For each element the number of boundaries, which are sorted, that are not above it. NaN "
         "is above all.")
    .input("input: T").output("output: int32")
    .attr("T: numeric").attr("boundaries: list(float)")
    .shape(bucketize_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, bucketize_kernel);

}  // namespace tw
