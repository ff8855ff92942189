#include <cmath>

#include "graph/gradient_context.h"
#include "graph_runner.h"
#include "passes/pass.h"
#include "passes/passes.h"
#include "runtime/session.h"
#include "test.h"

using namespace tw;

namespace {

int count_op(const Graph& graph, std::string_view op) {
  int count = 0;
  for (int id = 0; id < graph.size(); ++id) count += graph.node(id).op->name == op ? 1 : 0;
  return count;
}

WorkGraph rewritten(const Graph& graph, Output y, Output x, bool strict = false) {
  WorkGraph work = extract(graph, {y}, {}, {x});
  PassOptions options;
  options.strict = strict;
  PassContext context{work, options};
  apply_rewrites(context);
  return work;
}

Output scalar(Graph& graph, float value) { return graph.constant(Tensor::scalar(value)); }

}  // namespace

TEST("rewrite: neutral operands vanish, adding zero does not") {
  Graph graph;
  const Output x = graph.placeholder(DType::kFloat32, {3});
  Output y = test::add(graph, "Mul", {x, scalar(graph, 1)});
  y = test::add(graph, "Sub", {y, scalar(graph, 0)});
  y = test::add(graph, "RealDiv", {y, scalar(graph, 1)});
  y = test::add(graph, "AddV2", {y, scalar(graph, 0)});
  const WorkGraph work = rewritten(graph, y, x);
  EXPECT(count_op(work.graph, "Mul") + count_op(work.graph, "Sub") == 0);
  EXPECT(count_op(work.graph, "RealDiv") == 0 && count_op(work.graph, "AddV2") == 1);
}

TEST("rewrite: a neutral operand that widens the shape stays") {
  Graph graph;
  const Output x = graph.placeholder(DType::kFloat32, {3});
  const Output one = graph.constant(test::floats({1, 1}, {1}));
  const Output y = test::add(graph, "Mul", {x, one});
  EXPECT(count_op(rewritten(graph, y, x).graph, "Mul") == 1);
}

TEST("rewrite: SiLU and GELU are found in their small ops, and not in strict sessions") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {5});
  const Output silu = test::add(*graph, "Mul", {test::add(*graph, "Sigmoid", {x}), x});
  const Output scaled = test::add(*graph, "RealDiv", {x, scalar(*graph, std::sqrt(2.0f))});
  const Output erf = test::add(*graph, "Erf", {scaled});
  const Output one = test::add(*graph, "AddV2", {erf, scalar(*graph, 1)});
  const Output half = test::add(*graph, "Mul", {x, scalar(*graph, 0.5f)});
  const Output gelu = test::add(*graph, "Mul", {half, one});
  EXPECT(count_op(rewritten(*graph, silu, x).graph, "Silu") == 1);
  EXPECT(count_op(rewritten(*graph, gelu, x).graph, "Gelu") == 1);
  EXPECT(count_op(rewritten(*graph, gelu, x, true).graph, "Gelu") == 0);

  SessionOptions strict;
  strict.passes.strict = true;
  Session fast(graph, {}), exact(graph, strict);
  const std::vector<Tensor> feeds = {test::floats({5}, {-3, -0.5f, 0, 1.25f, 4})};
  const auto a = fast.prepare({silu, gelu}, {}, {x})->run(feeds, {}, {});
  const auto b = exact.prepare({silu, gelu}, {}, {x})->run(feeds, {}, {});
  for (std::size_t k = 0; k < 2; ++k) {
    for (int i = 0; i < 5; ++i) EXPECT_NEAR(a[k].data<float>()[i], b[k].data<float>()[i], 1e-6f);
  }
}
