#include <algorithm>
#include <cmath>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

void check_square(const Shape& x) {
  if (!x.has_rank()) return;
  check(x.rank() >= 2, Code::kInvalidArgument, "expected matrices, got shape ", x);
  const std::int64_t rows = x[x.rank() - 2], columns = x[x.rank() - 1];
  check(rows == columns || rows == kUnknownDim || columns == kUnknownDim, Code::kInvalidArgument,
        "Input matrix must be square, got shape ", x);
}

void determinant_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  check_square(x);
  c.set_output(0, x.has_rank() ? part_of(x, 0, x.rank() - 2) : Shape::unknown());
}

// Gaussian elimination with the largest pivots; a is overwritten.
double determinant(double* a, std::int64_t n) {
  double result = 1;
  for (std::int64_t k = 0; k < n; ++k) {
    std::int64_t pivot = k;
    for (std::int64_t i = k + 1; i < n; ++i) {
      if (std::fabs(a[i * n + k]) > std::fabs(a[pivot * n + k])) pivot = i;
    }
    if (a[pivot * n + k] == 0) return 0;
    if (pivot != k) {
      std::swap_ranges(a + k * n, a + (k + 1) * n, a + pivot * n);
      result = -result;
    }
    result *= a[k * n + k];
    for (std::int64_t i = k + 1; i < n; ++i) {
      const double factor = a[i * n + k] / a[k * n + k];
      for (std::int64_t j = k + 1; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return result;
}

template <class T>
void determinants(OpContext& c, const Tensor& x, const Tensor& y, std::int64_t n) {
  auto* scratch = c.temporary_of<double>(std::max<std::int64_t>(n * n, 1) * c.threads());
  c.parallel_for(y.size(), [&](std::int64_t task, int worker) {
    double* a = scratch + worker * n * n;
    const T* from = x.data<T>() + task * n * n;
    for (std::int64_t i = 0; i < n * n; ++i) a[i] = static_cast<double>(from[i]);
    y.mutable_data<T>()[task] = static_cast<T>(determinant(a, n));
  });
}

void determinant_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check_square(x.shape());
  const Tensor& y = c.allocate_output(0, part_of(x.shape(), 0, x.rank() - 2));
  const std::int64_t n = x.dim(x.rank() - 1);
  if (x.dtype() == DType::kFloat64) return determinants<double>(c, x, y, n);
  determinants<float>(c, x, y, n);
}

// The determinant times the inverse, transposed.
void determinant_gradient(GradientContext& g) {
  const Output inverse = g.op("MatrixInverse", {g.input_value(0)}, {{"adjoint", true}});
  const Output scale = rules::mul(g, g.output_grad(0), g.output_value(0));
  const Output minus_one = g.graph().constant(Tensor::scalar<std::int32_t>(-1), "gradients/axis");
  const Output column = g.op("ExpandDims", {g.op("ExpandDims", {scale, minus_one}), minus_one});
  g.input(0) = rules::mul(g, column, inverse);
}

}  // namespace

OP(MatrixDeterminant)
    .doc("The determinant of each matrix in the last two dims, by elimination in float64; that of\n"
         "an empty matrix is 1.")
    .input("input: T").output("output: T").attr("T: float32|float64")
    .shape(determinant_shape)
    .gradient(determinant_gradient)
    .kernel(Device::kCpu, determinant_kernel);

}  // namespace tw
