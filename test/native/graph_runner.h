#pragma once

#include <map>
#include <memory>
#include <vector>

#include "graph/graph.h"
#include "graph/variable.h"

namespace tw::test {

// Runs a graph node by node, in the order of the nodes, to test ops without the runtime: the
// variables and random counters of one session.
class GraphRunner {
 public:
  explicit GraphRunner(const Graph& graph, int threads = 1) : graph_(graph), threads_(threads) {}

  // The values of `fetches`; runs all that they depend on, and `targets`.
  std::vector<Tensor> run(const std::vector<Output>& fetches, const std::vector<int>& targets = {});
  Tensor get(Output fetch) { return run({fetch}).front(); }

 private:
  friend class RunnerContext;
  struct Session {
    std::map<std::int64_t, std::unique_ptr<Variable>> variables;
    std::map<const Node*, std::uint64_t> random;
  };
  std::vector<Tensor> run(const Graph& graph, const std::vector<Output>& fetches,
                          const std::vector<int>& targets, std::span<const Tensor> parameters);

  const Graph& graph_;
  const int threads_;
  Session session_;
};

// Builds a node and gives its output 0.
inline Output add(Graph& graph, const char* op, std::vector<Output> inputs, AttrMap attrs = {}) {
  return {graph.add({op, "", std::move(inputs), {}, std::move(attrs), ""}), 0};
}
Tensor floats(const Shape& shape, const std::vector<float>& values);
std::vector<float> to_floats(const Tensor& tensor);

}  // namespace tw::test
