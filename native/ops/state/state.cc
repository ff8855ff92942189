#include "ops/state/state.h"

#include <algorithm>

namespace tw {

Shape handle_shape(const ShapeContext& c, int i) {
  const Node* handle = c.producer(i);
  if (handle == nullptr || handle->op->role != Role::kVariable) return Shape::unknown();
  const DType declared = handle->attrs().dtype("dtype"), used = c.attrs().dtype("dtype");
  check(declared == used, Code::kInvalidArgument, "Trying to use variable '", handle->name,
        "' with wrong dtype. Expected ", name_of(declared), " got ", name_of(used));
  return handle->attrs().get<Shape>("shape");
}

double scalar_value(const Tensor& t) {
  switch (t.dtype()) {
    case DType::kFloat32: return *t.data<float>();
    case DType::kFloat16: return to_float(*t.data<Half>());
    case DType::kBFloat16: return to_float(*t.data<BFloat16>());
    default: return *t.data<double>();
  }
}

void check_initialized(const Variable& variable, const Tensor& value) {
  check(value.defined(), Code::kFailedPrecondition, "Attempting to use uninitialized value ",
        variable.name(), ": run graph.initializer or session.initialize() first");
}

void update_variable(OpContext& c, Update update, const Tensor& delta, double scale) {
  constexpr std::int64_t kBlock = 1 << 16;
  Variable& variable = c.variable(0);
  variable.update([&](Tensor& value) {
    check_initialized(variable, value);
    check(value.dtype() == delta.dtype() && value.shape() == delta.shape(), Code::kInvalidArgument,
          "Cannot update variable '", variable.name(), "' of ", name_of(value.dtype()),
          " and shape ", value.shape(), " using a Tensor of ", name_of(delta.dtype()),
          " and shape ", delta.shape(), ", shapes must be equal");
    const bool in_place = value.buffer() && value.buffer()->unique();
    Tensor result =
        in_place ? value : Tensor::allocate(value.dtype(), value.shape(), c.allocator());
    const auto element = static_cast<std::int64_t>(size_of(value.dtype()));
    const auto at = [&](const Tensor& t, std::int64_t i) {
      return static_cast<char*>(t.raw()) + i * element;
    };
    c.parallel_for((value.size() + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
      const std::int64_t i = task * kBlock, n = std::min(kBlock, value.size() - i);
      update_elements(update, value.dtype(), at(result, i), at(value, i), at(delta, i), scale, n);
    });
    value = std::move(result);
  });
}

}  // namespace tw
