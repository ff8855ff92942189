#include <vector>

#include "graph_runner.h"
#include "kernels/winograd.h"
#include "random_data.h"
#include "runtime/session.h"
#include "test.h"

namespace tw::test {

namespace {

constexpr std::int64_t kIn = 32, kOut = 40;

struct Convolution {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  Output x, filter, y;

  explicit Convolution(const Shape& shape, bool constant) {
    x = graph->placeholder(DType::kFloat32, shape);
    const Tensor w = floats({3, 3, kIn, kOut}, random_values<float>(9 * kIn * kOut, 2));
    filter = constant ? graph->constant(w) : graph->placeholder(DType::kFloat32, w.shape());
    const Output product = add(*graph, "Conv2D", {x, filter}, {{"padding", std::string("SAME")}});
    y = add(*graph, "Relu", {product});
  }

  std::vector<float> run(const Shape& shape, bool strict, int threads = 1) const {
    SessionOptions options;
    options.passes.strict = strict;
    options.threads = threads;
    Session session(graph, options);
    std::vector<Output> feeds{x};
    std::vector<Tensor> values{floats(shape, random_values<float>(shape.size(), 1))};
    if (graph->constant_value(filter) == nullptr) {
      feeds.push_back(filter);
      values.push_back(floats({3, 3, kIn, kOut}, random_values<float>(9 * kIn * kOut, 2)));
    }
    return to_floats(session.prepare({y}, {}, feeds)->run(values, {}, {})[0]);
  }
};

void expect_near(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 2e-4f);
}

const Shape kAny{kUnknownDim, kUnknownDim, kUnknownDim, kIn};
const Shape kLarge{2, 24, 25, kIn}, kSmall{1, 1, 1, kIn};

}  // namespace

TEST("winograd: a convolution takes it, except in strict sessions") {
  const auto exact = Convolution(kLarge, true).run(kLarge, true);
  const auto fast = Convolution(kLarge, true).run(kLarge, false);
  EXPECT(exact != fast);
  expect_near(exact, fast);
  // Whatever is known beforehand of the shapes and the filter.
  EXPECT(fast == Convolution(kAny, true).run(kLarge, false));
  EXPECT(fast == Convolution(kAny, false).run(kLarge, false));
  EXPECT(exact == Convolution(kAny, true).run(kLarge, true));
  EXPECT(fast == Convolution(kAny, true).run(kLarge, false, 2));
}

TEST("winograd: an image too small for tiles takes the direct form of its filter") {
  const auto exact = Convolution(kSmall, true).run(kSmall, true);
  EXPECT(exact == Convolution(kAny, true).run(kSmall, false));
  EXPECT(exact == Convolution(kAny, false).run(kSmall, false));
}

}  // namespace tw::test
