#include "kernels/reduce.h"

#include <cmath>
#include <vector>

#include "graph/evaluate.h"
#include "graph_runner.h"
#include "test.h"

using namespace tw;

namespace {

// Element i of a sequence in [-1, 1] that repeats late.
float element(std::int64_t i) { return static_cast<float>((i * 2654435761u) % 2001) / 1000.0f - 1.0f; }

Tensor sample(const Shape& shape) {
  Tensor x = Tensor::allocate(DType::kFloat32, shape);
  for (std::int64_t i = 0; i < x.size(); ++i) x.mutable_data<float>()[i] = element(i);
  return x;
}

// The plain loop, in double.
std::vector<double> reference(const Tensor& x, unsigned mask, Reduce kind) {
  Shape out;
  for (int i = 0; i < x.rank(); ++i) out.push_back((mask >> i & 1) != 0 ? 1 : x.dim(i));
  const double start = kind == Reduce::kMax ? -INFINITY : 0;
  std::vector<double> y(static_cast<std::size_t>(out.size()), start);
  const auto in_strides = x.shape().strides(), out_strides = out.strides();
  for (std::int64_t i = 0; i < x.size(); ++i) {
    std::int64_t o = 0;
    for (int d = 0; d < x.rank(); ++d) {
      if ((mask >> d & 1) == 0) o += i / in_strides[d] % x.dim(d) * out_strides[d];
    }
    double& to = y[static_cast<std::size_t>(o)];
    const double v = x.data<float>()[i];
    to = kind == Reduce::kMax ? std::fmax(to, v) : to + (kind == Reduce::kLogSumExp ? std::exp(v) : v);
  }
  if (kind == Reduce::kLogSumExp) {
    for (double& v : y) v = std::log(v);
  }
  return y;
}

void compare(const Shape& shape, const char* op, Reduce kind) {
  for (unsigned mask = 0; mask < (1u << shape.rank()); ++mask) {
    const Tensor x = sample(shape);
    std::vector<std::int64_t> axes;
    for (int i = 0; i < shape.rank(); ++i) {
      if ((mask >> i & 1) != 0) axes.push_back(i);
    }
    Graph graph;
    const Output y = test::add(graph, op, {graph.constant(x), graph.constant(Tensor::int64s(axes))});
    const Tensor got = test::GraphRunner(graph, 2).get(y);
    const std::vector<double> expected = reference(x, mask, kind);
    EXPECT(got.size() == static_cast<std::int64_t>(expected.size()));
    for (std::int64_t i = 0; i < got.size(); ++i) {
      const double e = expected[static_cast<std::size_t>(i)];
      const double terms = static_cast<double>(shape.size()) / static_cast<double>(got.size());
      const double bound = 1e-6 * (1 + std::fabs(e)) + 1e-8 * terms;
      EXPECT_NEAR(static_cast<double>(got.data<float>()[i]), e, bound);
    }
  }
}

}  // namespace

TEST("reduce: every set of axes against the plain loop") {
  for (const Shape& shape : {Shape{3, 5, 7, 2}, Shape{1, 300, 4}, Shape{2, 3, 200}, Shape{}, Shape{70000},
                             Shape{400, 300}, Shape{2, 70000, 3}}) {
    compare(shape, "Sum", Reduce::kSum);
    compare(shape, "Max", Reduce::kMax);
    compare(shape, "LogSumExp", Reduce::kLogSumExp);
  }
}

TEST("reduce: over no elements") {
  Graph graph;
  const Tensor empty = Tensor::allocate(DType::kFloat32, {0, 3});
  const Output x = graph.constant(empty), axis = graph.constant(Tensor::int64s(std::vector<std::int64_t>{0}));
  test::GraphRunner runner(graph);
  EXPECT(runner.get(test::add(graph, "Sum", {x, axis})).data<float>()[0] == 0);
  EXPECT(runner.get(test::add(graph, "Prod", {x, axis})).data<float>()[0] == 1);
  EXPECT(std::isnan(runner.get(test::add(graph, "Mean", {x, axis})).data<float>()[0]));
  EXPECT(runner.get(test::add(graph, "Max", {x, axis})).data<float>()[0] == -INFINITY);
  EXPECT(runner.get(test::add(graph, "LogSumExp", {x, axis})).data<float>()[0] == -INFINITY);
}

TEST("reduce: the same bits for any number of threads") {
  Graph graph;
  const Output x = graph.constant(sample({300000}));
  const Output axis = graph.constant(Tensor::int64s(std::vector<std::int64_t>{0}));
  const Output sum = test::add(graph, "Sum", {x, axis});
  const Tensor one = test::GraphRunner(graph, 1).get(sum), two = test::GraphRunner(graph, 2).get(sum);
  EXPECT(identical(one, two));
}
