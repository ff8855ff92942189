#include "ops/array/movement.h"

#include <array>
#include <string>

#include "kernels/copy.h"

namespace tw {
namespace {

void move_strings(std::string* to, const std::string* from, std::span<const MoveAxis> axes) {
  if (axes.empty()) {
    *to = *from;
    return;
  }
  const MoveAxis axis = axes.front();
  for (std::int64_t i = 0; i < axis.size; ++i) {
    move_strings(to + i * axis.to, from + i * axis.from, axes.subspan(1));
  }
}

}  // namespace

void move_elements(OpContext& c, DType dtype, void* to, const void* from,
                   std::span<const MoveAxis> axes) {
  check(axes.size() <= kMaxCopyAxes, Code::kInternal, "a copy of ", axes.size(), " axes");
  if (dtype == DType::kString) {
    move_strings(static_cast<std::string*>(to), static_cast<const std::string*>(from), axes);
    return;
  }
  const auto bytes = static_cast<std::int64_t>(size_of(dtype));
  std::array<CopyAxis, kMaxCopyAxes> scaled;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    scaled[i] = {axes[i].size, axes[i].to * bytes, axes[i].from * bytes};
  }
  const StridedCopy copy(scaled.data(), static_cast<int>(axes.size()), bytes);
  c.parallel_for(copy.tasks(), [&](std::int64_t task, int) {
    copy.run(static_cast<char*>(to), static_cast<const char*>(from), task);
  });
}

void broadcast_elements(OpContext& c, const Tensor& x, const Shape& shape, void* y) {
  const auto to = shape.strides(), from = x.shape().strides();
  const int shift = shape.rank() - x.rank();
  std::array<MoveAxis, kMaxRank> axes;
  for (int i = 0; i < shape.rank(); ++i) {
    const bool repeated = i < shift || x.dim(i - shift) == 1;
    axes[static_cast<std::size_t>(i)] = {
        shape[i], to[static_cast<std::size_t>(i)],
        repeated ? 0 : from[static_cast<std::size_t>(i - shift)]};
  }
  move_elements(c, x.dtype(), y, x.raw(), {axes.data(), static_cast<std::size_t>(shape.rank())});
}

void copy_elements(OpContext& c, DType dtype, void* to, const void* from, std::int64_t count) {
  const MoveAxis axis{count, 1, 1};
  move_elements(c, dtype, to, from, {&axis, 1});
}

void fill_elements(OpContext& c, DType dtype, void* to, std::int64_t count, const void* value) {
  static const std::string empty;
  alignas(16) static constexpr char zeros[16] = {};
  if (value == nullptr) value = dtype == DType::kString ? static_cast<const void*>(&empty) : zeros;
  const MoveAxis axis{count, 1, 0};
  move_elements(c, dtype, to, value, {&axis, 1});
}

std::vector<std::int64_t> index_list(const Tensor& tensor, const char* name) {
  check(tensor.rank() <= 1, Code::kInvalidArgument, name, " must be a vector, got shape ",
        tensor.shape());
  return tensor.to_int64s();
}

std::int64_t index_scalar(const Tensor& tensor, const char* name) {
  check(tensor.size() == 1, Code::kInvalidArgument, name, " must be a scalar, got shape ",
        tensor.shape());
  return tensor.to_int64s().front();
}

Shape shape_of_dims(std::span<const std::int64_t> dims, const char* what) {
  Shape shape;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    check(dims[i] >= 0, Code::kInvalidArgument, what, "[", i, "] must not be negative, got ",
          dims[i]);
    shape.push_back(dims[i]);
  }
  return shape;
}

}  // namespace tw
