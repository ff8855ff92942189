#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "graph_runner.h"
#include "runtime/session.h"
#include "test.h"

using namespace tw;
using namespace tw::test;

OP(TestAdd)
    .doc("For these tests: a + b.")
    .internal()
    .input("a: float32").input("b: float32").output("y: float32")
    .shape(same_shape)
    .no_gradient("test")
    .kernel(Device::kCpu, [](OpContext& c) {
      const Tensor& a = c.input(0);
      Tensor& y = c.allocate_output(0, a.shape());
      for (std::int64_t i = 0; i < a.size(); ++i) {
        y.mutable_data<float>()[i] = a.data<float>()[i] + c.input(1).data<float>()[0];
      }
    });

OP(TestLess)
    .doc("For these tests: a < b of scalars.")
    .internal()
    .input("a: float32").input("b: float32").output("y: bool")
    .shape(scalar_shape)
    .no_gradient("test")
    .kernel(Device::kCpu, [](OpContext& c) {
      *c.output(0).mutable_data<bool>() = *c.input(0).data<float>() < *c.input(1).data<float>();
    });

OP(TestGrow)
    .doc("For these tests: x and one more zero.")
    .internal()
    .input("x: float32").output("y: float32")
    .shape([](ShapeContext& c) {
      const std::int64_t n = c.input(0).has_rank() ? c.input(0)[0] : kUnknownDim;
      c.set_output(0, {n == kUnknownDim ? n : n + 1});
    })
    .no_gradient("test")
    .kernel(Device::kCpu, [](OpContext& c) {
      const Tensor& x = c.input(0);
      Tensor& y = c.allocate_output(0, {x.size() + 1});
      std::copy_n(x.data<float>(), x.size(), y.mutable_data<float>());
      y.mutable_data<float>()[x.size()] = 0;
    });

namespace {

Output parameter(Graph& graph, std::int64_t index, DType dtype, const Shape& shape) {
  return add(graph, "Parameter", {}, {{"index", index}, {"dtype", dtype}, {"shape", shape}});
}

// The sum of the first parameter and a constant.
GraphRef plus(float value, const Shape& shape) {
  auto graph = std::make_shared<Graph>();
  const Output x = parameter(*graph, 0, DType::kFloat32, shape);
  const Output c = graph->constant(Tensor::scalar(value));
  graph->results = {add(*graph, "TestAdd", {x, c})};
  return graph;
}

GraphRef passes_through(const Shape& shape) {
  auto graph = std::make_shared<Graph>();
  graph->results = {parameter(*graph, 0, DType::kFloat32, shape)};
  return graph;
}

GraphRef below(float limit, int parameters) {
  auto graph = std::make_shared<Graph>();
  const Output x = parameter(*graph, 0, DType::kFloat32, {});
  for (int i = 1; i < parameters; ++i) parameter(*graph, i, DType::kFloat32, Shape::unknown());
  const Output c = graph->constant(Tensor::scalar(limit));
  graph->results = {add(*graph, "TestLess", {x, c})};
  return graph;
}

// Body of a loop over (count, rows): count + 1, rows grown by one.
GraphRef growing(const Shape& rows) {
  auto graph = std::make_shared<Graph>();
  const Output count = parameter(*graph, 0, DType::kFloat32, {});
  const Output x = parameter(*graph, 1, DType::kFloat32, rows);
  const Output one = graph->constant(Tensor::scalar(1.0f));
  graph->results = {add(*graph, "TestAdd", {count, one}), add(*graph, "TestGrow", {x})};
  return graph;
}

// Both ways of running must agree.
std::vector<Tensor> run_both(const std::shared_ptr<Graph>& graph, std::vector<Output> fetches) {
  const std::vector<Tensor> plain = GraphRunner(*graph).run(fetches);
  Session session(graph, {});
  const std::vector<Tensor> planned = session.prepare(fetches, {}, {})->run({}, {}, {});
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT(identical(plain[i], planned[i]));
  return planned;
}

AttrMap branches(const GraphRef& yes, const GraphRef& no) {
  return {{"Tout", std::vector<DType>{DType::kFloat32}}, {"then_branch", yes}, {"else_branch", no}};
}

}  // namespace

TEST("if: runs one branch") {
  for (bool condition : {true, false}) {
    auto graph = std::make_shared<Graph>();
    const Output c = graph->constant(Tensor::scalar(condition));
    const Output x = graph->constant(floats({2}, {1, 2}));
    const Output y = add(*graph, "If", {c, x}, branches(plus(10, {2}), passes_through({2})));
    EXPECT(graph->info(y).shape == (Shape{2}));
    const std::vector<float> expected = condition ? std::vector<float>{11, 12}
                                                  : std::vector<float>{1, 2};
    EXPECT(to_floats(run_both(graph, {y})[0]) == expected);
  }
}

TEST("if: conditions of other kinds") {
  const Tensor conditions[] = {Tensor::scalar(0.0f), Tensor::scalar<std::int64_t>(3),
                               Tensor::scalar(std::string()), floats({0}, {}), floats({1}, {0})};
  const bool expected[] = {false, true, false, false, true};
  for (int i = 0; i < 5; ++i) {
    auto graph = std::make_shared<Graph>();
    const Output c = graph->constant(conditions[i]), x = graph->constant(floats({1}, {0}));
    const Output y = add(*graph, "If", {c, x}, branches(plus(1, {1}), plus(2, {1})));
    EXPECT(to_floats(run_both(graph, {y})[0])[0] == (expected[i] ? 1.0f : 2.0f));
  }
}

TEST("if: shapes that differ are unknown, dtypes must agree") {
  auto graph = std::make_shared<Graph>();
  const Output c = graph->constant(Tensor::scalar(true)), x = graph->constant(floats({2}, {1, 2}));
  auto grow = std::make_shared<Graph>();
  grow->results = {add(*grow, "TestGrow", {parameter(*grow, 0, DType::kFloat32, {2})})};
  const Output y = add(*graph, "If", {c, x}, branches(grow, plus(1, {2})));
  EXPECT(graph->info(y).shape == (Shape{kUnknownDim}));
  EXPECT(run_both(graph, {y})[0].size() == 3);
  const std::vector<Output> inputs = {c, x};
  EXPECT_ERROR(add(*graph, "If", inputs, branches(below(1, 1), plus(1, {2}))),
               Code::kInvalidArgument);
  EXPECT_ERROR(add(*graph, "If", inputs, branches(plus(1, {3}), plus(1, {2}))),
               Code::kInvalidArgument);
  EXPECT_ERROR(add(*graph, "If", {c}, branches(plus(1, {2}), plus(1, {2}))),
               Code::kInvalidArgument);
}

TEST("if: a branch changes a variable through its handle") {
  auto graph = std::make_shared<Graph>();
  const Output handle =
      add(*graph, "VarHandleOp", {}, {{"dtype", DType::kFloat32}, {"shape", Shape{}}});
  const Output one = graph->constant(Tensor::scalar(1.0f));
  const int init = add(*graph, "AssignVariableOp", {handle, one}).node;
  auto yes = std::make_shared<Graph>();
  const Output inside = parameter(*yes, 0, DType::kResource, {});
  const Output two = yes->constant(Tensor::scalar(2.0f));
  const int write = add(*yes, "AssignAddVariableOp", {inside, two}).node;
  const int read = yes->add({"ReadVariableOp", "", {inside}, {write},
                             {{"dtype", DType::kFloat32}}, ""});
  yes->results = {{read, 0}};
  auto no = std::make_shared<Graph>();
  parameter(*no, 0, DType::kResource, {});
  no->results = {no->constant(Tensor::scalar(0.0f))};
  const Output c = graph->constant(Tensor::scalar(true));
  const Output y = add(*graph, "If", {c, handle}, branches(yes, no));
  Session session(graph, {});
  session.prepare({}, {init}, {})->run({}, {}, {});
  EXPECT(to_floats(session.prepare({y}, {}, {})->run({}, {}, {})[0])[0] == 3);
  EXPECT(to_floats(session.prepare({y}, {}, {})->run({}, {}, {})[0])[0] == 5);
}

TEST("while: counts, and may run not at all") {
  for (float start : {0.0f, 7.0f, 100.0f}) {
    auto graph = std::make_shared<Graph>();
    const Output x = graph->constant(Tensor::scalar(start));
    const AttrMap attrs = {{"cond", below(10, 1)}, {"body", plus(1, {})}};
    const Output y = add(*graph, "While", {x}, attrs);
    EXPECT(graph->info(y).shape == Shape{});
    EXPECT(to_floats(run_both(graph, {y})[0])[0] == std::max(start, 10.0f));
  }
}

TEST("while: at most maximum_iterations") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->constant(Tensor::scalar(0.0f));
  const AttrMap attrs = {{"cond", below(10, 1)},
                         {"body", plus(1, {})},
                         {"maximum_iterations", std::int64_t{3}}};
  EXPECT(to_floats(run_both(graph, {add(*graph, "While", {x}, attrs)})[0])[0] == 3);
}

TEST("while: shapes change where the body's parameter leaves them unknown") {
  auto graph = std::make_shared<Graph>();
  const Output count = graph->constant(Tensor::scalar(0.0f));
  const Output rows = graph->constant(floats({2}, {1, 2}));
  const auto loop = [&](const Shape& shape) {
    return AttrMap{{"cond", below(5, 2)}, {"body", growing(shape)}};
  };
  const Output y = add(*graph, "While", {count, rows}, loop({kUnknownDim}));
  EXPECT(graph->info({y.node, 1}).shape == (Shape{kUnknownDim}));
  EXPECT(to_floats(run_both(graph, {y, {y.node, 1}})[1]) ==
         (std::vector<float>{1, 2, 0, 0, 0, 0, 0}));
  try {
    add(*graph, "While", {count, rows}, loop({2}));
    EXPECT(false);
  } catch (const Error& e) {
    EXPECT(std::string(e.what()).find("use the `shape_invariants` argument") != std::string::npos);
  }
}

TEST("while: mistakes") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->constant(Tensor::scalar(0.0f));
  const auto make = [&](std::vector<Output> inputs, const GraphRef& cond, const GraphRef& body) {
    add(*graph, "While", std::move(inputs), {{"cond", cond}, {"body", body}});
  };
  EXPECT_ERROR(make({}, below(1, 0), plus(1, {})), Code::kInvalidArgument);
  EXPECT_ERROR(make({x}, plus(1, {}), plus(1, {})), Code::kInvalidArgument);
  EXPECT_ERROR(make({x}, below(1, 1), below(1, 1)), Code::kInvalidArgument);
  EXPECT_ERROR(make({x, x}, below(1, 2), plus(1, {})), Code::kInvalidArgument);
}
