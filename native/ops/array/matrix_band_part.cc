#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void band_shape(ShapeContext& c) {
  c.with_rank(1, 0);
  c.with_rank(2, 0);
  c.set_output(0, c.with_rank_at_least(0, 2));
}

template <class T>
void keep_band(T* y, const T* x, std::int64_t row, std::int64_t columns, std::int64_t lower,
               std::int64_t upper) {
  const std::int64_t begin = lower < 0 ? 0 : std::clamp<std::int64_t>(row - lower, 0, columns);
  const std::int64_t last = row + upper + 1;
  const std::int64_t end = upper < 0 ? columns : std::clamp<std::int64_t>(last, 0, columns);
  std::fill(y, y + begin, T{});
  if (y != x && begin < end) std::copy(x + begin, x + end, y + begin);
  std::fill(y + std::max(begin, end), y + columns, T{});
}

void band_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() >= 2, Code::kInvalidArgument, "input must be at least 2-dim, got ", x.shape());
  const std::int64_t rows = x.dim(x.rank() - 2), columns = x.dim(x.rank() - 1);
  const std::int64_t lower = std::min(index_scalar(c.input(1), "num_lower"), rows);
  const std::int64_t upper = std::min(index_scalar(c.input(2), "num_upper"), columns);
  Tensor& y = c.allocate_output(0, x.shape());
  if (x.size() == 0) return;
  const std::int64_t all = x.size() / columns, block = std::max<std::int64_t>(1, 16384 / columns);
  visit_fixed(x.dtype(), [&]<class T>() {
    c.parallel_for((all + block - 1) / block, [&](std::int64_t task, int) {
      for (std::int64_t r = task * block; r < std::min(all, (task + 1) * block); ++r) {
        keep_band(y.mutable_data<T>() + r * columns, x.data<T>() + r * columns, r % rows, columns,
                  lower, upper);
      }
    });
  });
}

}  // namespace

OP(MatrixBandPart)
    .doc("The matrices in the last two dims with zeros outside of num_lower diagonals below and "
         "num_upper above the main one; a negative number keeps all of that side.")
    .input("input: T").input("num_lower: Tindex").input("num_upper: Tindex").output("band: T")
    .attr("T: any").attr("Tindex: int32|int64 = int64")
    .shape(band_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("MatrixBandPart", {g.output_grad(0), g.input_value(1), g.input_value(2)});
    })
    .in_place(0, 0)
    .kernel(Device::kCpu, band_kernel);

}  // namespace tw
