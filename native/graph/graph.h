#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/attr.h"
#include "graph/graph_guard.h"
#include "graph/op_def.h"
#include "graph/pack_cache.h"

namespace tw {

// One output of one node. node < 0: none (an optional input that is not given).
struct Output {
  int node = -1;
  int index = 0;
  bool valid() const noexcept { return node >= 0; }
  bool operator==(const Output&) const = default;
};

struct OutputHash {
  std::size_t operator()(const Output& o) const noexcept {
    return static_cast<std::size_t>(o.node) * 0x9e3779b97f4a7c15u + static_cast<std::size_t>(o.index);
  }
};

// The elements of a small integer tensor as far as they are known.
constexpr std::int64_t kUnknownValue = INT64_MIN;
using PartialValue = std::vector<std::int64_t>;

struct OutputInfo {
  DType dtype = DType::kInvalid;
  Shape shape = Shape::unknown();
  std::shared_ptr<const PartialValue> value;  // may be null
};

struct Node {
  int id = -1;
  const OpDef* op = nullptr;
  std::string name;
  std::string device;
  std::vector<Output> inputs;
  std::vector<int> controls;
  std::vector<AttrValue> attr_values;
  std::vector<OutputInfo> outputs;

  Attrs attrs() const { return Attrs(*op, attr_values); }
  // Inputs [first, first + count) belong to the op's input number `arg`.
  struct Range {
    int first, count;
  };
  Range input_range(int arg) const;
  Range input_range(std::string_view arg) const;
};

struct NodeSpec {
  std::string op;
  std::string name;  // "": the op's name; made unique unless it ends in "/"
  std::vector<Output> inputs;
  std::vector<int> controls;
  AttrMap attrs;
  std::string device;
};

// An append-only list of nodes. Each node is checked and its shapes inferred when it is added;
// a failed addition leaves the graph as it was. Not thread-safe by itself: who shares a graph
// between threads holds the guard.
class Graph {
 public:
  Graph() = default;

  // Returns the node's id. Errors carry op and node.
  int add(NodeSpec spec);
  Output constant(const Tensor& value, std::string_view name = "Const");
  Output placeholder(DType dtype, const Shape& shape, std::string_view name = "Placeholder");

  int size() const noexcept { return static_cast<int>(nodes_.size()); }
  const Node& node(int id) const { return nodes_[static_cast<std::size_t>(id)]; }
  const OutputInfo& info(Output output) const {
    return node(output.node).outputs[static_cast<std::size_t>(output.index)];
  }
  // -1: none of that name.
  int find(std::string_view name) const;
  // The name that `add` would give; case-insensitive as TensorFlow's.
  std::string unique_name(std::string_view name, bool mark_as_used = true);
  bool finalized() const noexcept { return finalized_; }
  void finalize() noexcept { finalized_ = true; }
  // Merges knowledge into an output's static shape.
  void set_shape(Output output, const Shape& shape);
  // The value of a constant output, or null.
  const Tensor* constant_value(Output output) const;

  mutable GraphGuard guard;
  std::int64_t seed = 0;
  bool has_seed = false;
  // Copies of a graph, which plans work on, share it.
  std::shared_ptr<PackCache> packs = std::make_shared<PackCache>();

  // For subgraphs: what they give, in order; parameters are found by their role.
  std::vector<Output> results;
  std::vector<int> parameters() const;

  // A copy of a finalized graph to which nodes can be added.
  std::shared_ptr<Graph> open_copy() const;

  // For passes, which work on copies of their own: adds a node that was checked elsewhere.
  int append(Node node);
  Node& mutable_node(int id) { return nodes_[static_cast<std::size_t>(id)]; }
  void infer(int id);

 private:
  std::deque<Node> nodes_;
  std::unordered_map<std::string, int> by_name_;
  std::unordered_map<std::string, int> used_names_;  // lower case -> next suffix to try
  bool finalized_ = false;
};

}  // namespace tw
