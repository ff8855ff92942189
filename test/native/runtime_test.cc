#include "runtime/session.h"

#include <atomic>
#include <mutex>
#include <thread>

#include "graph/op_registry.h"
#include "runtime/memory_plan.h"
#include "test.h"

using namespace tw;

namespace {

Tensor floats(std::vector<float> values) { return Tensor::vector<float>(values); }

}  // namespace

TEST("session: a fed value comes back as a copy") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {kUnknownDim}, "x");
  const Output y{graph->add({"Identity", "y", {x}, {}, {}, ""}), 0};
  Session session(graph, {});
  const auto plan = session.prepare({y, x}, {}, {x});
  for (int n : {3, 5, 3}) {
    const Tensor fed = floats(std::vector<float>(static_cast<std::size_t>(n), 2.5f));
    const std::vector<Tensor> results = plan->run(std::vector{fed}, {}, {});
    EXPECT(identical(results[0], fed) && identical(results[1], fed));
    EXPECT(results[0].raw() != fed.raw());
  }
}

TEST("session: a placeholder that is not fed is named") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {2}, "x");
  const Output y{graph->add({"Identity", "y", {x}, {}, {}, ""}), 0};
  Session session(graph, {});
  try {
    session.prepare({y}, {}, {})->run({}, {}, {});
    EXPECT(false);
  } catch (const Error& e) {
    EXPECT(e.node() == "x" && e.code() == Code::kInvalidArgument);
  }
}

TEST("session: closed sessions refuse new plans") {
  auto graph = std::make_shared<Graph>();
  const Output c = graph->constant(floats({1, 2}));
  Session session(graph, {});
  EXPECT(session.prepare({c}, {}, {})->run({}, {}, {})[0].size() == 2);
  session.close();
  EXPECT_ERROR(session.prepare({c}, {}, {}), Code::kFailedPrecondition);
}

TEST("memory plan: places are reused and never overlap while alive") {
  const std::vector<Lifetime> lives = {
      {0, 1, 100}, {1, 2, 100}, {2, 3, 100}, {3, 4, 50, 2}, {4, 5, 1000}};
  const MemoryPlan plan = plan_memory(lives);
  EXPECT(plan.offsets[2] == plan.offsets[0]);
  EXPECT(plan.offsets[3] == plan.offsets[2]);
  for (std::size_t a = 0; a < lives.size(); ++a) {
    for (std::size_t b = a + 1; b < lives.size(); ++b) {
      const bool together = lives[a].first <= lives[b].last && lives[b].first <= lives[a].last;
      if (!together || lives[b].shares == static_cast<int>(a)) continue;
      EXPECT(plan.offsets[a] + lives[a].bytes <= plan.offsets[b] ||
             plan.offsets[b] + lives[b].bytes <= plan.offsets[a]);
    }
  }
}

TEST("session: packed weights are made once for all sessions of a graph") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {kUnknownDim, 64}, "x");
  const Output w = graph->constant(Tensor::of<float>({64, 96}, std::vector<float>(64 * 96, 0.5f)));
  const Output y{graph->add({"MatMul", "y", {x, w}, {}, {}, ""}), 0};
  const auto packed_address = [&] {
    WorkGraph work = extract(*graph, {y}, {}, {x});
    run_passes(work, {});
    const Tensor* packed = work.graph.constant_value(work.graph.node(work.fetches[0].node).inputs[1]);
    EXPECT(packed != nullptr && packed->size() >= 64 * 96);
    return packed->raw();
  };
  EXPECT(packed_address() == packed_address());
}

TEST("plan: the first run copies what it needs while another thread adds to the graph") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {kUnknownDim}, "x");
  Output y = x;
  for (int i = 0; i < 2000; ++i) y = {graph->add({"Neg", "", {y}, {}, {}, ""}), 0};
  Session session(graph, {});
  const auto plan = session.prepare({y}, {}, {x});
  std::thread other([&] {
    for (int i = 0; i < 500; ++i) {
      const std::lock_guard lock(graph->guard);
      graph->add({"Neg", "", {y}, {}, {}, ""});
    }
  });
  const Tensor fed = floats({1, -2, 3});
  const std::vector<Tensor> results = plan->run(std::vector{fed}, {}, {});
  other.join();
  EXPECT(identical(results[0], fed));
  EXPECT(graph->size() == 2501);
}

TEST("plan: runs on several threads at once do not disturb each other") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {kUnknownDim, 64}, "x");
  const Output w = graph->constant(Tensor::of<float>({64, 96}, std::vector<float>(64 * 96, 0.5f)));
  const Output product{graph->add({"MatMul", "", {x, w}, {}, {}, ""}), 0};
  const Output y{graph->add({"Tanh", "", {product}, {}, {}, ""}), 0};
  const Output sum{graph->add({"Sum", "", {y}, {}, {}, ""}), 0};
  Session session(graph, {});
  const auto plan = session.prepare({y, sum}, {}, {x});
  std::atomic<int> wrong{0};
  const auto runs = [&](std::int64_t rows) {
    const std::vector<float> values(static_cast<std::size_t>(rows * 64), 0.01f * rows);
    const Tensor fed = Tensor::of<float>({rows, 64}, values);
    const std::vector<Tensor> first = plan->run(std::vector{fed}, {}, {});
    for (int i = 0; i < 10; ++i) {
      const std::vector<Tensor> again = plan->run(std::vector{fed}, {}, {});
      if (!identical(again[0], first[0]) || !identical(again[1], first[1])) ++wrong;
    }
  };
  std::vector<std::thread> others;
  for (std::int64_t rows : {1, 300, 300, 7}) others.emplace_back(runs, rows);
  for (std::thread& other : others) other.join();
  EXPECT(wrong == 0);
}
