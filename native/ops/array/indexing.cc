#include "ops/array/indexing.h"

#include <algorithm>

#include "kernels/gather_rows.h"

namespace tw {
namespace {

constexpr std::int64_t kTaskBytes = 64 << 10;

void scatter_strings(Tensor& y, const std::vector<std::int64_t>& offsets, const Tensor& x,
                     std::int64_t row) {
  for (std::size_t r = 0; r < offsets.size(); ++r) {
    std::copy_n(x.data<std::string>() + static_cast<std::int64_t>(r) * row, row,
                y.mutable_data<std::string>() + offsets[r]);
  }
}

}  // namespace

std::vector<std::int64_t> copied_indices(const Tensor& indices) { return indices.to_int64s(); }

std::vector<std::int64_t> tuple_offsets(const Tensor& indices, const Shape& shape, int batch_dims) {
  const auto depth = static_cast<int>(indices.dim(indices.rank() - 1));
  const std::vector<std::int64_t> values = copied_indices(indices);
  const std::int64_t tuples = indices.shape().size(0, indices.rank() - 1);
  const std::int64_t batches = shape.size(0, batch_dims);
  const std::int64_t per_batch = batches > 0 ? tuples / batches : 0;
  const std::int64_t batch_step = shape.size(batch_dims, shape.rank());
  const auto steps = shape.strides();
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(tuples));
  for (std::int64_t t = 0; t < tuples; ++t) {
    std::int64_t offset = per_batch > 0 ? t / per_batch * batch_step : 0;
    for (int k = 0; k < depth; ++k) {
      const std::int64_t index = values[static_cast<std::size_t>(t * depth + k)];
      const int axis = batch_dims + k;
      check(index >= 0 && index < shape[axis], Code::kInvalidArgument, "indices[", t, "][", k,
            "] is ", index, ", expected a value in [0, ", shape[axis], ")");
      offset += index * steps[static_cast<std::size_t>(axis)];
    }
    offsets[static_cast<std::size_t>(t)] = offset;
  }
  return offsets;
}

void gather(OpContext& c, Tensor& y, const Tensor& x, const std::vector<std::int64_t>& offsets,
            std::int64_t row) {
  const auto rows = static_cast<std::int64_t>(offsets.size());
  if (y.dtype() == DType::kString) {
    for (std::int64_t r = 0; r < rows; ++r) {
      std::copy_n(x.data<std::string>() + offsets[static_cast<std::size_t>(r)], row,
                  y.mutable_data<std::string>() + r * row);
    }
    return;
  }
  const auto size = static_cast<std::int64_t>(size_of(y.dtype()));
  std::vector<std::int64_t> places(offsets);
  for (std::int64_t& place : places) place *= size;
  const std::int64_t bytes = row * size;
  const std::int64_t per_task = std::max<std::int64_t>(1, kTaskBytes / (bytes + 1));
  c.parallel_for((rows + per_task - 1) / per_task, [&](std::int64_t task, int) {
    const std::int64_t first = task * per_task;
    gather_rows(static_cast<char*>(y.raw()) + first * bytes, static_cast<const char*>(x.raw()),
                places.data() + first, std::min(per_task, rows - first), bytes);
  });
}

bool can_scatter(Combine op, DType dtype) noexcept {
  return dtype == DType::kString ? op == Combine::kReplace : combine_rows(op, dtype) != nullptr;
}

void scatter(OpContext& c, Combine op, Tensor& y, const std::vector<std::int64_t>& offsets,
             const Tensor& x, std::int64_t row) {
  check(can_scatter(op, y.dtype()), Code::kUnimplemented, "no such combination of ",
        name_of(y.dtype()));
  if (y.dtype() == DType::kString) return scatter_strings(y, offsets, x, row);
  const CombineRows combine = combine_rows(op, y.dtype());
  const auto size = static_cast<std::int64_t>(size_of(y.dtype()));
  // Rows may meet in one place, so tasks own columns and not rows.
  const std::int64_t columns = std::max<std::int64_t>(1, 4096 / size);
  c.parallel_for((row + columns - 1) / columns, [&](std::int64_t task, int) {
    const std::int64_t first = task * columns;
    combine(static_cast<char*>(y.raw()) + first * size, offsets.data(),
            static_cast<const char*>(x.raw()) + first * size,
            static_cast<std::int64_t>(offsets.size()), row, std::min(columns, row - first));
  });
}

}  // namespace tw
