#include <algorithm>
#include <cmath>
#include <limits>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

enum class Branch { kLeq, kLess, kGreaterEqual, kGreater, kEqual, kNotEqual, kMember, kLeaf };

struct TreeNode {
  Branch branch;
  bool missing_goes_true;
  std::int32_t feature, yes, no;  // of a leaf: [yes, no) are its weights
  double value;                   // of kMember: the number of its set
};

struct Weight {
  std::int64_t target;
  double value;
};

struct Forest {
  std::vector<TreeNode> nodes;
  std::vector<std::int32_t> roots;
  std::vector<Weight> weights;
  std::vector<std::vector<double>> sets;
  std::int64_t features = 0;
};

template <class T>
const std::vector<T>& sized(const Attrs& attrs, const char* name, std::size_t size) {
  const auto& values = attrs.get<std::vector<T>>(name);
  check(values.size() == size, Code::kInvalidArgument, name, " has ", values.size(),
        " entries, expected ", size);
  return values;
}

// Leaves in the order of the nodes, each with its weights.
void add_weights(const Attrs& attrs, Forest& forest) {
  const auto& at = attrs.integers("leaf_nodes");
  const auto& targets = sized<std::int64_t>(attrs, "leaf_targets", at.size());
  const auto& values = sized<double>(attrs, "leaf_weights", at.size());
  const std::int64_t most = attrs.integer("n_targets");
  std::vector<std::vector<Weight>> own(forest.nodes.size());
  for (std::size_t i = 0; i < at.size(); ++i) {
    check(at[i] >= 0 && at[i] < static_cast<std::int64_t>(own.size()) && targets[i] >= 0 &&
              targets[i] < most,
          Code::kInvalidArgument, "weight ", i, " is for node ", at[i], " and target ", targets[i]);
    own[static_cast<std::size_t>(at[i])].push_back({targets[i], values[i]});
  }
  for (std::size_t n = 0; n < own.size(); ++n) {
    TreeNode& node = forest.nodes[n];
    if (node.branch != Branch::kLeaf) continue;
    node.yes = static_cast<std::int32_t>(forest.weights.size());
    forest.weights.insert(forest.weights.end(), own[n].begin(), own[n].end());
    node.no = static_cast<std::int32_t>(forest.weights.size());
  }
}

// Sets of members, parted by NaN.
void add_sets(const Attrs& attrs, Forest& forest) {
  forest.sets.emplace_back();
  for (const double value : attrs.get<std::vector<double>>("members")) {
    if (std::isnan(value)) forest.sets.emplace_back();
    else forest.sets.back().push_back(value);
  }
}

Forest forest_of(const Attrs& attrs) {
  Forest forest;
  const auto& modes = attrs.integers("modes");
  const std::size_t n = modes.size();
  const auto& features = sized<std::int64_t>(attrs, "features", n);
  const auto& values = sized<double>(attrs, "values", n);
  const auto& yes = sized<std::int64_t>(attrs, "true_nodes", n);
  const auto& no = sized<std::int64_t>(attrs, "false_nodes", n);
  const auto& missing = sized<std::int64_t>(attrs, "missing_true", n);
  add_sets(attrs, forest);
  for (std::size_t i = 0; i < n; ++i) {
    check(modes[i] >= 0 && modes[i] <= static_cast<int>(Branch::kLeaf), Code::kInvalidArgument,
          "mode ", modes[i], " of node ", i);
    const auto branch = static_cast<Branch>(modes[i]);
    if (branch != Branch::kLeaf) {
      // Children come later, so that every way ends.
      const auto own = static_cast<std::int64_t>(i), last = static_cast<std::int64_t>(n);
      check(yes[i] > own && yes[i] < last && no[i] > own && no[i] < last, Code::kInvalidArgument,
            "node ", i, " leads to ", yes[i], " and ", no[i], ", expected later nodes");
      check(features[i] >= 0, Code::kInvalidArgument, "feature ", features[i], " of node ", i);
      forest.features = std::max(forest.features, features[i] + 1);
      check(branch != Branch::kMember ||
                (values[i] >= 0 && values[i] < static_cast<double>(forest.sets.size())),
            Code::kInvalidArgument, "node ", i, " has no set");
    }
    forest.nodes.push_back({branch, missing[i] != 0, static_cast<std::int32_t>(features[i]),
                            static_cast<std::int32_t>(yes[i]), static_cast<std::int32_t>(no[i]),
                            values[i]});
  }
  for (const std::int64_t root : attrs.integers("roots")) {
    check(root >= 0 && root < static_cast<std::int64_t>(n), Code::kInvalidArgument, "root ", root);
    forest.roots.push_back(static_cast<std::int32_t>(root));
  }
  add_weights(attrs, forest);
  return forest;
}

template <class T>
bool goes_true(const Forest& forest, const TreeNode& node, T x) {
  if (x != x && node.missing_goes_true) return true;
  const T value = static_cast<T>(node.value);
  switch (node.branch) {
    case Branch::kLeq: return x <= value;
    case Branch::kLess: return x < value;
    case Branch::kGreaterEqual: return x >= value;
    case Branch::kGreater: return x > value;
    case Branch::kEqual: return x == value;
    case Branch::kNotEqual: return x != value;
    default: break;
  }
  const auto& set = forest.sets[static_cast<std::size_t>(node.value)];
  return std::any_of(set.begin(), set.end(), [&](double m) { return static_cast<T>(m) == x; });
}

template <class T>
const TreeNode& leaf_of(const Forest& forest, std::int32_t root, const T* row) {
  const TreeNode* node = &forest.nodes[static_cast<std::size_t>(root)];
  while (node->branch != Branch::kLeaf) {
    const bool yes = goes_true(forest, *node, row[node->feature]);
    node = &forest.nodes[static_cast<std::size_t>(yes ? node->yes : node->no)];
  }
  return *node;
}

enum class Aggregate { kSum, kAverage, kMin, kMax };

template <class T>
void score_row(const Forest& forest, Aggregate how, const std::vector<double>& base, const T* row,
               std::int64_t targets, double* sums) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const bool adds = how == Aggregate::kSum || how == Aggregate::kAverage;
  std::fill_n(sums, targets, adds ? 0 : kNone);
  for (const std::int32_t root : forest.roots) {
    const TreeNode& leaf = leaf_of(forest, root, row);
    for (std::int32_t i = leaf.yes; i < leaf.no; ++i) {
      const Weight& w = forest.weights[static_cast<std::size_t>(i)];
      double& sum = sums[w.target];
      if (adds) sum += w.value;
      else if (std::isnan(sum)) sum = w.value;
      else sum = how == Aggregate::kMin ? std::min(sum, w.value) : std::max(sum, w.value);
    }
  }
  for (std::int64_t t = 0; t < targets; ++t) {
    if (std::isnan(sums[t]) && !adds) sums[t] = 0;
    if (how == Aggregate::kAverage) sums[t] /= static_cast<double>(forest.roots.size());
    if (static_cast<std::size_t>(t) < base.size()) sums[t] += base[static_cast<std::size_t>(t)];
  }
}

template <class T>
void score(OpContext& c, const Forest& forest, const Tensor& y) {
  const Tensor& x = c.input(0);
  const std::string name = c.attrs().string("aggregate");
  const Aggregate how = name == "MIN"       ? Aggregate::kMin
                        : name == "MAX"     ? Aggregate::kMax
                        : name == "AVERAGE" ? Aggregate::kAverage
                                            : Aggregate::kSum;
  const auto& base = c.attrs().get<std::vector<double>>("base_values");
  const std::int64_t targets = y.dim(1), width = x.dim(1), block = 16;
  auto* scratch = c.temporary_of<double>(targets * c.threads());
  c.parallel_for((x.dim(0) + block - 1) / block, [&](std::int64_t task, int worker) {
    double* sums = scratch + worker * targets;
    for (std::int64_t r = task * block; r < std::min(x.dim(0), (task + 1) * block); ++r) {
      score_row(forest, how, base, x.data<T>() + r * width, targets, sums);
      std::transform(sums, sums + targets, y.mutable_data<T>() + r * targets,
                     [](double s) { return static_cast<T>(s); });
    }
  });
}

void tree_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const auto& forest = c.prepared<Forest>([&] { return forest_of(c.attrs()); });
  check(x.rank() == 2 && x.dim(1) >= forest.features, Code::kInvalidArgument,
        "expected rows of at least ", forest.features, " features, got shape ", x.shape());
  const Tensor& y = c.allocate_output(0, Shape{x.dim(0), c.attrs().integer("n_targets")});
  if (x.dtype() == DType::kFloat64) return score<double>(c, forest, y);
  score<float>(c, forest, y);
}

void tree_shape(ShapeContext& c) {
  const Shape& x = c.with_rank(0, 2);
  c.set_output(0, Shape{x.has_rank() ? x[0] : kUnknownDim, c.attrs().integer("n_targets")});
}

}  // namespace

OP(TreeEnsemble)
    .doc("The scores of rows in decision trees: the weights of the leaves that a row reaches, put\n"
         "together over all trees for each target, plus base values. Nodes are numbered from 0,\n"
         "children after their parents. modes: 0 <=, 1 <, 2 >=, 3 >, 4 ==, 5 !=, 6 member of the set\n"
         "whose number is in values (members has the sets, parted by NaN), 7 a leaf. Sums are taken\n"
         "in float64.")
    .input("X: T").output("Y: T").attr("T: float32|float64")
    .attr("modes: list(int)").attr("features: list(int)").attr("values: list(float)")
    .attr("true_nodes: list(int)").attr("false_nodes: list(int)").attr("missing_true: list(int)")
    .attr("roots: list(int)").attr("leaf_nodes: list(int)").attr("leaf_targets: list(int)")
    .attr("leaf_weights: list(float)").attr("n_targets: int >= 1")
    .attr("aggregate: {SUM, AVERAGE, MIN, MAX} = SUM").attr("base_values: list(float) = []")
    .attr("members: list(float) = []")
    .shape(tree_shape)
    .no_gradient("piecewise constant")
    .kernel(Device::kCpu, tree_kernel);

}  // namespace tw
