#include <cstring>

#include "graph/op_registry.h"
#include "ops/state/state.h"

namespace tw {
namespace {

void scatter_shape(ShapeContext& c) {
  c.with_rank(0, 0);
  const Shape variable = handle_shape(c, 0);
  const Shape &indices = c.input(1), &updates = c.input(2);
  check(!variable.has_rank() || variable.rank() >= 1, Code::kInvalidArgument,
        "cannot scatter into a variable of rank 0");
  if (!variable.has_rank() || !indices.has_rank() || updates.rank() == 0) return;
  Shape expected = indices;
  for (int axis = 1; axis < variable.rank(); ++axis) expected.push_back(variable[axis]);
  check(compatible(expected, updates), Code::kInvalidArgument,
        "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], got "
        "updates.shape ", updates, ", indices.shape ", indices, ", params.shape ", variable);
}

// Checks before anything is written.
std::vector<std::int64_t> checked_indices(const Tensor& indices, std::int64_t rows) {
  std::vector<std::int64_t> found = indices.to_int64s();
  for (std::size_t i = 0; i < found.size(); ++i) {
    check(found[i] >= 0 && found[i] < rows, Code::kInvalidArgument, "indices[", i, "] = ",
          found[i], " is not in [0, ", rows, ")");
  }
  return found;
}

// The rows of an update; a scalar is spread over one row that serves all.
struct Rows {
  Rows(const Tensor& updates, std::int64_t row_size, std::size_t count)
      : data(static_cast<const char*>(updates.raw())),
        stride(row_size * static_cast<std::int64_t>(size_of(updates.dtype()))) {
    if (updates.rank() > 0) {
      check(updates.size() == static_cast<std::int64_t>(count) * row_size, Code::kInvalidArgument,
            "updates have ", updates.size(), " elements, expected ", count, " rows of ", row_size);
      return;
    }
    const auto bytes = static_cast<std::int64_t>(size_of(updates.dtype()));
    spread.resize(static_cast<std::size_t>(stride));
    for (std::int64_t i = 0; i < stride; i += bytes) std::memcpy(&spread[i], data, bytes);
    data = spread.data();
    stride = 0;
  }
  const char* data;
  std::int64_t stride;
  std::vector<char> spread;
};

template <class WriteRow>
void scatter(OpContext& c, WriteRow write_row) {
  Variable& variable = c.variable(0);
  variable.update([&](Tensor& value) {
    check_initialized(variable, value);
    check(value.rank() >= 1 && value.dtype() == c.input(2).dtype(), Code::kInvalidArgument,
          "variable '", variable.name(), "' holds ", name_of(value.dtype()), " ", value.shape());
    const std::vector<std::int64_t> indices = checked_indices(c.input(1), value.dim(0));
    const std::int64_t row = value.shape().size(1, value.rank());
    const Rows rows(c.input(2), row, indices.size());
    const bool in_place = value.buffer() && value.buffer()->unique();
    Tensor result = in_place ? value : value.copy(c.allocator());
    const std::int64_t bytes = row * static_cast<std::int64_t>(size_of(value.dtype()));
    for (std::size_t i = 0; i < indices.size(); ++i) {
      write_row(static_cast<char*>(result.raw()) + indices[i] * bytes,
                rows.data + static_cast<std::int64_t>(i) * rows.stride, row, value.dtype());
    }
    value = std::move(result);
  });
}

template <Update kUpdate>
void scatter_arithmetic(OpContext& c) {
  scatter(c, [](char* to, const char* from, std::int64_t n, DType dtype) {
    update_elements(kUpdate, dtype, to, to, from, 1, n);
  });
}

void scatter_update(OpContext& c) {
  scatter(c, [](char* to, const char* from, std::int64_t n, DType dtype) {
    std::memcpy(to, from, static_cast<std::size_t>(n) * size_of(dtype));
  });
}

}  // namespace

OP(ResourceScatterUpdate)
    .doc("Sets rows of a variable; of repeated indices the last one counts.")
    .internal()
    .input("resource: resource").input("indices: Tindices").input("updates: dtype")
    .attr("dtype: real|complex64|complex128").attr("Tindices: int32|int64")
    .shape(scatter_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, scatter_update);

OP(ResourceScatterAdd)
    .doc("Adds to rows of a variable, in the order of the indices.")
    .internal()
    .input("resource: resource").input("indices: Tindices").input("updates: dtype")
    .attr("dtype: numeric|complex64|complex128").attr("Tindices: int32|int64")
    .shape(scatter_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, scatter_arithmetic<Update::kAdd>);

OP(ResourceScatterSub)
    .doc("Subtracts from rows of a variable, in the order of the indices.")
    .internal()
    .input("resource: resource").input("indices: Tindices").input("updates: dtype")
    .attr("dtype: numeric|complex64|complex128").attr("Tindices: int32|int64")
    .shape(scatter_shape)
    .no_gradient("no outputs")
    .role(Role::kWrite)
    .stateful()
    .kernel(Device::kCpu, scatter_arithmetic<Update::kSubtract>);

}  // namespace tw
