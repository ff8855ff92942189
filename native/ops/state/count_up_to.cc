#include "graph/op_registry.h"
#include "ops/state/state.h"

namespace tw {
namespace {

template <class T>
void count(Tensor& value, std::int64_t limit, Tensor& old, Allocator& allocator) {
  const T now = *value.data<T>();
  check(now < limit, Code::kOutOfRange, "Reached limit of ", limit);
  *old.mutable_data<T>() = now;
  Tensor next = Tensor::allocate(value.dtype(), value.shape(), allocator);
  *next.mutable_data<T>() = static_cast<T>(now + 1);
  value = std::move(next);
}

void count_kernel(OpContext& c) {
  const std::int64_t limit = c.attrs().integer("limit");
  Variable& variable = c.variable(0);
  variable.update([&](Tensor& value) {
    check_initialized(variable, value);
    check(value.rank() == 0 && value.dtype() == c.output(0).dtype(), Code::kInvalidArgument,
          "variable '", variable.name(), "' must be a scalar ", name_of(c.output(0).dtype()),
          ", got ", name_of(value.dtype()), " ", value.shape());
    if (value.dtype() == DType::kInt32) {
      count<std::int32_t>(value, limit, c.output(0), c.allocator());
    } else {
      count<std::int64_t>(value, limit, c.output(0), c.allocator());
    }
  });
}

}  // namespace

OP(ResourceCountUpTo)
    .doc("Adds one to an integer variable and gives what it was before. An error, and no change, "
         "when it has come to the limit.")
    .internal()
    .input("resource: resource").output("output: T")
    .attr("limit: int").attr("T: int32|int64")
    .shape(scalar_shape)
    .no_gradient("integer output")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, count_kernel);

}  // namespace tw
