#include <cmath>

#include "graph/gradient_context.h"
#include "graph_runner.h"
#include "passes/pass.h"
#include "runtime/session.h"
#include "test.h"

using namespace tw;

namespace {

int count_role(const Graph& graph, Role role) {
  int count = 0;
  for (int id = 0; id < graph.size(); ++id) count += graph.node(id).op->role == role ? 1 : 0;
  return count;
}

}  // namespace

TEST("fusion: a long chain of additions is one step") {
  auto graph = std::make_shared<Graph>();
  std::vector<Output> x;
  for (int i = 0; i < 8; ++i) x.push_back(graph->placeholder(DType::kFloat32, {1, 16}));
  Output y = x[0];
  for (int i = 0; i < 1000; ++i) y = test::add(*graph, "AddV2", {y, x[static_cast<std::size_t>(i % 8)]});
  WorkGraph work = extract(*graph, {y}, {}, x);
  run_passes(work, {});
  EXPECT(work.graph.size() == 9 && count_role(work.graph, Role::kFused) == 1);

  Session session(graph, {});
  std::vector<Tensor> feeds;
  std::vector<float> expected(16);
  for (int i = 0; i < 8; ++i) feeds.push_back(test::floats({1, 16}, std::vector<float>(16, 0.1f * i)));
  for (float& e : expected) {
    e = 0;
    for (int i = 0; i < 1000; ++i) e += 0.1f * (i % 8);
  }
  const Tensor got = session.prepare({y}, {}, x)->run(feeds, {}, {})[0];
  EXPECT(test::to_floats(got) == expected);
}

TEST("fusion: a value that is used elsewhere stays, and the results are the same bits") {
  Graph graph;
  const Output x = graph.placeholder(DType::kFloat32, {4, 3}, "x");
  const Output b = graph.placeholder(DType::kFloat32, {3}, "b");
  const Output sum = test::add(graph, "AddV2", {x, b});
  const Output root = test::add(graph, "Sqrt", {test::add(graph, "Abs", {sum})});
  const Output mask = test::add(graph, "LogicalNot", {test::add(graph, "Greater", {root, b})});
  const Output y = test::add(graph, "SelectV2", {mask, root, x});
  SessionOptions off;
  off.passes.disabled = {"fuse_elementwise"};
  auto shared = std::make_shared<Graph>(graph);
  Session fused(shared, {}), plain(shared, off);
  const std::vector<Tensor> feeds = {
      test::floats({4, 3}, {1, -2, 3, NAN, 5, -6, 7, 8, -9, 0, 1e30f, 2}),
      test::floats({3}, {0.5f, -1, 2})};
  const auto a = fused.prepare({y, sum}, {}, {x, b})->run(feeds, {}, {});
  const auto c = plain.prepare({y, sum}, {}, {x, b})->run(feeds, {}, {});
  EXPECT(identical(a[0], c[0]) && identical(a[1], c[1]));
}

TEST("fusion: strict sessions add a bias after the product, bit for bit") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {7, 33}, "x");
  std::vector<float> weights(33 * 20), values(7 * 33);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 0.37f * static_cast<float>(i % 11) - 1.3f;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.11f * static_cast<float>(i % 23) - 0.9f;
  const Output w = graph->constant(test::floats({33, 20}, weights));
  const Output bias = graph->constant(test::floats({20}, std::vector<float>(20, 0.1f)));
  const Output product = test::add(*graph, "MatMul", {x, w});
  const Output y = test::add(*graph, "AddV2", {product, bias});
  SessionOptions strict, plain;
  strict.passes.strict = true;
  plain.passes.disabled = {"fuse_elementwise", "pack_weights"};
  Session exact(graph, strict), unfused(graph, plain);
  const std::vector<Tensor> feeds = {test::floats({7, 33}, values)};
  const auto a = exact.prepare({y}, {}, {x})->run(feeds, {}, {});
  const auto b = unfused.prepare({y}, {}, {x})->run(feeds, {}, {});
  EXPECT(identical(a[0], b[0]));
}
