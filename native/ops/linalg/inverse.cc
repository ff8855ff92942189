#include <algorithm>
#include <cmath>
#include <vector>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

void check_square(const Shape& x) {
  const std::int64_t rows = x[x.rank() - 2], columns = x[x.rank() - 1];
  check(rows == columns || rows == kUnknownDim || columns == kUnknownDim, Code::kInvalidArgument,
        "Input matrix must be square, got shape ", x);
}

void inverse_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 2);
  if (x.has_rank()) check_square(x);
  c.set_output(0, x);
}

void swap_rows(double* a, std::int64_t n, std::int64_t i, std::int64_t j) {
  if (i != j) std::swap_ranges(a + i * n, a + (i + 1) * n, a + j * n);
}

// Gauss-Jordan elimination with the largest pivots: b, the unit matrix at first, becomes the
// inverse of a, which is overwritten. False: a is singular.
bool invert(double* a, double* b, std::int64_t n) {
  for (std::int64_t k = 0; k < n; ++k) {
    std::int64_t pivot = k;
    for (std::int64_t i = k + 1; i < n; ++i) {
      if (std::fabs(a[i * n + k]) > std::fabs(a[pivot * n + k])) pivot = i;
    }
    if (a[pivot * n + k] == 0) return false;
    swap_rows(a, n, k, pivot);
    swap_rows(b, n, k, pivot);
    const double scale = 1 / a[k * n + k];
    for (std::int64_t j = 0; j < n; ++j) a[k * n + j] *= scale, b[k * n + j] *= scale;
    for (std::int64_t i = 0; i < n; ++i) {
      const double factor = a[i * n + k];
      if (i == k) continue;
      for (std::int64_t j = 0; j < n; ++j) {
        a[i * n + j] -= factor * a[k * n + j];
        b[i * n + j] -= factor * b[k * n + j];
      }
    }
  }
  return true;
}

template <class T>
bool inverse_of(const T* x, T* y, std::int64_t n, bool transposed, double* scratch) {
  double *a = scratch, *b = scratch + n * n;
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      a[i * n + j] = static_cast<double>(transposed ? x[j * n + i] : x[i * n + j]);
      b[i * n + j] = i == j ? 1 : 0;
    }
  }
  if (!invert(a, b, n)) return false;
  for (std::int64_t i = 0; i < n * n; ++i) y[i] = static_cast<T>(b[i]);
  return true;
}

template <class T>
void invert_all(OpContext& c, std::int64_t n) {
  const Tensor &x = c.input(0), &y = c.output(0);
  const std::int64_t count = x.size() / (n * n);
  const bool transposed = c.attrs().flag("adjoint");
  auto* scratch = c.temporary_of<double>(2 * n * n * c.threads());
  std::vector<char> good(static_cast<std::size_t>(count), 1);
  c.parallel_for(count, [&](std::int64_t m, int worker) {
    const T* from = x.data<T>() + m * n * n;
    good[static_cast<std::size_t>(m)] = inverse_of(from, y.mutable_data<T>() + m * n * n, n,
                                                   transposed, scratch + worker * 2 * n * n);
  });
  const bool all = c.cancelled() || std::count(good.begin(), good.end(), char{1}) == count;
  check(all, Code::kInvalidArgument, "Input is not invertible.");
}

void inverse_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() >= 2, Code::kInvalidArgument, "expected matrices, got shape ", x.shape());
  check_square(x.shape());
  if (x.size() == 0) return;
  const std::int64_t n = x.dim(x.rank() - 1);
  x.dtype() == DType::kFloat64 ? invert_all<double>(c, n) : invert_all<float>(c, n);
}

// With y the inverse: -y' dy y', or -y dy' y when x was transposed first.
void inverse_gradient(GradientContext& g) {
  const Output y = g.output_value(0), dy = g.output_grad(0);
  const bool adjoint = g.attrs().flag("adjoint");
  const Output right = adjoint ? g.op("BatchMatMulV2", {dy, y}, {{"adj_x", true}})
                               : g.op("BatchMatMulV2", {dy, y}, {{"adj_y", true}});
  g.input(0) = rules::neg(g, g.op("BatchMatMulV2", {y, right}, {{"adj_x", !adjoint}}));
}

}  // namespace

OP(MatrixInverse)
    .doc("The inverse of each matrix in the last two dims, or of its transpose with adjoint, by\n"
         "elimination in float64. A singular matrix is an error.")
    .input("input: T").output("output: T").attr("T: float32|float64").attr("adjoint: bool = false")
    .shape(inverse_shape)
    .gradient(inverse_gradient)
    .kernel(Device::kCpu, inverse_kernel);

}  // namespace tw
