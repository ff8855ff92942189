#include <cmath>
#include <vector>

#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

void square_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 2);
  for (int i = 0; x.has_rank() && i < c.inputs(); ++i) {
    if (!c.input(i).has_rank()) continue;
    const int rank = c.input(i).rank();
    const std::int64_t rows = c.input(i)[rank - 2], columns = c.input(i)[rank - 1];
    check(rows == columns || rows == kUnknownDim || columns == kUnknownDim, Code::kInvalidArgument,
          "Input matrix must be square, got ", c.input(i));
  }
  c.set_output(0, x);
}

// l l^T = a, row by row; reads the lower triangle. False: a is not positive definite.
template <class T>
bool decompose(T* l, const T* a, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j <= i; ++j) {
      T rest = a[i * n + j];
      for (std::int64_t k = 0; k < j; ++k) rest -= l[i * n + k] * l[j * n + k];
      if (i == j && !(rest > T(0))) return false;
      l[i * n + j] = i == j ? std::sqrt(rest) : rest / l[j * n + j];
    }
    for (std::int64_t j = i + 1; j < n; ++j) l[i * n + j] = T(0);
  }
  return true;
}

// From the gradient by l (its lower triangle) to that by a, in place: Murray, 2016, unblocked.
template <class T>
void go_back(T* g, const T* l, std::int64_t n) noexcept {
  for (std::int64_t j = n - 1; j >= 0; --j) {
    const T d = l[j * n + j];
    T& dg = g[j * n + j];
    for (std::int64_t i = j + 1; i < n; ++i) dg -= l[i * n + j] * g[i * n + j] / d;
    dg /= d;
    for (std::int64_t i = j + 1; i < n; ++i) g[i * n + j] /= d;
    for (std::int64_t k = 0; k < j; ++k) {
      g[j * n + k] -= dg * l[j * n + k];
      for (std::int64_t i = j + 1; i < n; ++i) {
        g[i * n + k] -= g[i * n + j] * l[j * n + k];
        g[j * n + k] -= g[i * n + j] * l[i * n + k];
      }
    }
    dg /= T(2);
    for (std::int64_t k = j + 1; k < n; ++k) g[j * n + k] = T(0);
  }
}

std::int64_t checked_side(const Tensor& x) {
  check(x.rank() >= 2 && x.dim(x.rank() - 1) == x.dim(x.rank() - 2), Code::kInvalidArgument,
        "Input matrix must be square, got ", x.shape());
  return x.dim(x.rank() - 1);
}

template <class Visit>
void visit_real(DType dtype, Visit&& visit) {
  if (dtype == DType::kFloat32) return visit.template operator()<float>();
  visit.template operator()<double>();
}

void cholesky_kernel(OpContext& c) {
  const Tensor &a = c.input(0), &l = c.output(0);
  const std::int64_t n = checked_side(a), count = n == 0 ? 0 : a.size() / (n * n);
  std::vector<char> good(static_cast<std::size_t>(count));
  visit_real(a.dtype(), [&]<class T>() {
    c.parallel_for(count, [&](std::int64_t m, int) {
      good[static_cast<std::size_t>(m)] =
          decompose(l.mutable_data<T>() + m * n * n, a.data<T>() + m * n * n, n);
    });
  });
  for (std::size_t m = 0; m < good.size() && !c.cancelled(); ++m) {
    check(good[m] != 0, Code::kInvalidArgument,
          "Cholesky decomposition was not successful. The input might not be valid.");
  }
}

void gradient_kernel(OpContext& c) {
  const Tensor &l = c.input(0), &grad = c.input(1), &y = c.output(0);
  check(l.shape() == grad.shape(), Code::kInvalidArgument, "l and its gradient differ: ", l.shape(),
        " and ", grad.shape());
  const std::int64_t n = checked_side(l), count = n == 0 ? 0 : l.size() / (n * n);
  visit_real(l.dtype(), [&]<class T>() {
    c.parallel_for(count, [&](std::int64_t m, int) {
      T* to = y.mutable_data<T>() + m * n * n;
      const T* from = grad.data<T>() + m * n * n;
      for (std::int64_t i = 0; i < n * n; ++i) to[i] = from[i];
      go_back(to, l.data<T>() + m * n * n, n);
    });
  });
}

// So many diagonals below the main one, all for -1, and that one.
Output lower(GradientContext& g, Output x, std::int64_t below = -1) {
  const Output zero = g.graph().constant(Tensor::scalar<std::int64_t>(0), "gradients/zero");
  const Output count = g.graph().constant(Tensor::scalar(below), "gradients/below");
  return g.op("MatrixBandPart", {x, count, zero});
}

// The lower triangle with half the diagonal.
Output lower_half(GradientContext& g, Output x) {
  return rules::sub(g, lower(g, x), rules::times(g, 0.5, lower(g, x, 0)));
}

// Of CholeskyGrad: that of the same spelled in ops that have gradients, Iain Murray, 2016, (8).
void second_gradient(GradientContext& g) {
  const std::vector<Output> xs = {g.input_value(0), g.input_value(1)};
  // Only the lower triangles count.
  const Output l = lower(g, xs[0]), inverse = g.op("MatrixInverse", {l});
  const AttrMap transposed = {{"adj_x", true}};
  const Output product = g.op("BatchMatMulV2", {l, lower(g, xs[1])}, transposed);
  const Output inner = lower_half(g, product);
  const auto between = [&](Output middle, const AttrMap& attrs) {
    const Output right = g.op("BatchMatMulV2", {middle, inverse}, attrs);
    return g.op("BatchMatMulV2", {inverse, right}, transposed);
  };
  const Output s = between(inner, {}), t = between(inner, transposed);
  const Output composite = lower_half(g, rules::add(g, s, t));
  const std::vector<Output> found =
      gradients(g.graph(), std::vector{composite}, xs, {{g.output_grad(0)}, xs});
  g.input(0) = found[0];
  g.input(1) = found[1];
}

}  // namespace

OP(Cholesky)
    .doc("The lower triangular factor l, with a positive diagonal, of each matrix a = l l^T in the "
         "last two dims. Only the lower triangle of a is read, and its gradient is by that. An "
         "error when a matrix is not positive definite.")
    .input("input: T").output("output: T").attr("T: float32|float64")
    .shape(square_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("CholeskyGrad", {g.output_value(0), g.output_grad(0)});
    })
    .kernel(Device::kCpu, cholesky_kernel);

OP(CholeskyGrad)
    .doc("The gradient by the input of Cholesky, from its output l and the gradient by that.")
    .internal()
    .input("l: T").input("grad: T").output("output: T").attr("T: float32|float64")
    .shape(square_shape)
    .gradient(second_gradient)
    .kernel(Device::kCpu, gradient_kernel);

}  // namespace tw
