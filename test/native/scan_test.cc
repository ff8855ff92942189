#include "graph_runner.h"
#include "passes/pass.h"
#include "runtime/session.h"
#include "test.h"

using namespace tw;
using namespace tw::test;

namespace {

Output parameter(Graph& graph, std::int64_t index, const Shape& shape) {
  return add(graph, "Parameter", {},
             {{"index", index}, {"dtype", DType::kFloat32}, {"shape", shape}});
}

// From (state, slice, captured): state + slice * exp(captured), which is also collected, and the
// slice.
GraphRef body() {
  auto graph = std::make_shared<Graph>();
  const Output state = parameter(*graph, 0, {2}), slice = parameter(*graph, 1, {2});
  const Output factor = add(*graph, "Exp", {parameter(*graph, 2, {2})});
  const Output next = add(*graph, "AddV2", {state, add(*graph, "Mul", {slice, factor})});
  graph->results = {next, next, slice};
  graph->finalize();
  return graph;
}

struct Scanned {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  Output rows, factor;
  int node = -1;

  explicit Scanned(bool reverse) {
    rows = graph->placeholder(DType::kFloat32, {kUnknownDim, 2});
    factor = graph->placeholder(DType::kFloat32, {2});
    const Output first = graph->constant(floats({2}, {1, 2}));
    const std::vector<DType> one = {DType::kFloat32};
    node = add(*graph, "StatelessScan", {first, rows, factor},
               {{"Tstate", one},
                {"Tsequence", one},
                {"Tcaptured", one},
                {"Tcollected", std::vector<DType>(2, DType::kFloat32)},
                {"body", body()},
                {"reverse", reverse}})
               .node;
  }

  std::vector<Tensor> run(const Tensor& x, std::vector<std::string> disabled = {}) const {
    SessionOptions options;
    options.passes.disabled = std::move(disabled);
    Session session(graph, options);
    const std::vector<Output> fetches = {{node, 0}, {node, 1}, {node, 2}};
    const Tensor feeds[] = {x, floats({2}, {0, 1})};
    return session.prepare(fetches, {}, {rows, factor})->run(feeds, {}, {});
  }
};

const Node* loop_in(const Graph& graph) {
  for (int id = 0; id < graph.size(); ++id) {
    if (graph.node(id).op->attr_index("_prelude") >= 0) return &graph.node(id);
  }
  return nullptr;
}

}  // namespace

TEST("scan: states, slices and what is collected, both ways") {
  const Tensor x = floats({3, 2}, {1, 0, 2, 0, 3, 1});
  const std::vector<Tensor> forth = Scanned(false).run(x), back = Scanned(true).run(x);
  const float e = to_floats(Scanned(false).run(floats({1, 2}, {0, 1}))[0])[1] - 2;
  EXPECT(to_floats(forth[0]) == (std::vector<float>{7, 2 + e}));
  EXPECT(to_floats(forth[1]) == (std::vector<float>{2, 2, 4, 2, 7, 2 + e}));
  EXPECT(to_floats(back[1]) == (std::vector<float>{7, 2 + e, 6, 2 + e, 4, 2 + e}));
  EXPECT(identical(forth[2], x) && identical(back[2], x));
  const std::vector<Tensor> none = Scanned(false).run(floats({0, 2}, {}));
  EXPECT(to_floats(none[0]) == (std::vector<float>{1, 2}));
  EXPECT(none[1].shape() == (Shape{0, 2}));
}

TEST("hoist_invariants: a prelude takes what is the same in each step") {
  const Scanned scanned(false);
  const std::vector<Output> fetches = {{scanned.node, 0}};
  WorkGraph work = extract(*scanned.graph, fetches, {}, {scanned.rows, scanned.factor});
  run_passes(work, {false, {"fuse_elementwise"}});
  const Node* loop = loop_in(work.graph);
  EXPECT(loop != nullptr);
  if (loop == nullptr) return;
  EXPECT(loop->outputs.size() == 1);  // what nobody wants is not collected
  const Graph& prelude = *loop->attrs().get<GraphRef>("_prelude");
  EXPECT(prelude.results.size() == 1);
  EXPECT(prelude.node(prelude.results[0].node).op->name == "Exp");
  const Graph& rest = *loop->attrs().get<GraphRef>("body");
  EXPECT(rest.parameters().size() == 4);
  for (int id = 0; id < rest.size(); ++id) EXPECT(rest.node(id).op->name != "Exp");
  const Tensor x = floats({3, 2}, {1, 0, 2, 0, 3, 1});
  const std::vector<Tensor> with = scanned.run(x), without = scanned.run(x, {"hoist_invariants"});
  for (std::size_t i = 0; i < with.size(); ++i) EXPECT(identical(with[i], without[i]));
}
