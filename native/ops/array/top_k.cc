#include "kernels/top_k.h"

#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void check_k(std::int64_t k, std::int64_t dim) {
  check(k >= 0, Code::kInvalidArgument, "Need k >= 0, got ", k);
  check(dim == kUnknownDim || k <= dim, Code::kInvalidArgument,
        "input must have last dimension >= k = ", k, " but is ", dim);
}

void top_k_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 1);
  c.with_rank(1, 0);
  Shape y = x;
  if (x.has_rank()) {
    const auto k = c.scalar(1);
    if (k) check_k(*k, x[x.rank() - 1]);
    y[x.rank() - 1] = k.value_or(kUnknownDim);
  }
  c.set_output(0, y);
  c.set_output(1, y);
}

void top_k_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() > 0, Code::kInvalidArgument, "input must be at least a vector");
  const std::int64_t k = index_scalar(c.input(1), "k"), n = x.dim(x.rank() - 1);
  check_k(k, n);
  const Shape shape = with_dim(x.shape(), x.rank() - 1, k);
  Tensor &values = c.allocate_output(0, shape), &indices = c.allocate_output(1, shape);
  if (values.size() == 0) return;
  const TopKRow row = top_k_row(x.dtype());
  const bool largest = c.attrs().flag("largest");
  auto* scratch = c.temporary_of<std::int64_t>(n * c.threads());
  const std::int64_t rows = x.size() / n;
  const std::int64_t block = std::max<std::int64_t>(1, 8192 / n);
  visit_index(indices.dtype(), [&]<class I>() {
    c.parallel_for((rows + block - 1) / block, [&](std::int64_t task, int worker) {
      std::int64_t* places = scratch + worker * n;
      for (std::int64_t r = task * block; r < std::min(rows, (task + 1) * block); ++r) {
        row(element(x, r * n), n, k, largest, element(values, r * k), places);
        std::copy_n(places, k, indices.mutable_data<I>() + r * k);
      }
    });
  });
}

void top_k_gradient(GradientContext& g) {
  const Output zeros = g.op("ZerosLike", {g.input_value(0)});
  g.input(0) = g.op("ScatterElements", {zeros, g.output_value(1), g.output_grad(0)},
                    {{"axis", std::int64_t{-1}}, {"reduction", std::string("add")}});
}

}  // namespace

OP(TopKV2)
    .doc("The k largest elements along the last dim, with their indices; the smallest ones when "
         "largest is false. In order; of equal elements the one of lower index comes first. NaN "
         "counts as larger than all numbers. sorted = false allows any order, and this engine "
         "gives the sorted one.")
    .api("topK")
    .input("input: T").input("k: Tk").output("values: T").output("indices: index_type")
    .attr("T: numeric").attr("Tk: int32|int64 = int32").attr("index_type: int32|int64 = int32")
    .attr("sorted: bool = true").attr("largest: bool = true")
    .shape(top_k_shape)
    .gradient(top_k_gradient)
    .kernel(Device::kCpu, top_k_kernel);

}  // namespace tw
