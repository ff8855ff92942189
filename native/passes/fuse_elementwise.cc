#include <algorithm>

#include "passes/cluster.h"
#include "passes/fused_op.h"
#include "passes/passes.h"

namespace tw {
namespace {

constexpr std::size_t kMostMembers = 4096;

class Fusion {
 public:
  // epilogues: a bias that comes first in an epilogue starts the sums of the product, which rounds
  // otherwise than adding it afterwards.
  Fusion(WorkGraph& work, bool epilogues)
      : work_(work),
        graph_(work.graph),
        epilogues_(epilogues),
        users_(static_cast<std::size_t>(graph_.size())),
        claimed_(static_cast<std::size_t>(graph_.size())) {
    for (int id = 0; id < graph_.size(); ++id) {
      for (Output in : graph_.node(id).inputs) {
        if (in.valid()) users_[static_cast<std::size_t>(in.node)].push_back(id);
      }
    }
    // A fetch or target is a user outside every cluster.
    for (Output fetch : work.fetches) users_[static_cast<std::size_t>(fetch.node)].push_back(kOutside);
    for (int target : work.targets) users_[static_cast<std::size_t>(target)].push_back(kOutside);
    for (int id = 0; id < graph_.size(); ++id) {
      for (int control : graph_.node(id).controls) {
        users_[static_cast<std::size_t>(control)].push_back(kOutside);
      }
    }
  }

  void run() {
    for (int id = graph_.size() - 1; id >= 0; --id) {
      if (claimed_[static_cast<std::size_t>(id)]) continue;
      const auto domain = cluster_domain(graph_, graph_.node(id));
      if (domain) fuse(id, *domain);
    }
    rebuild(work_, replacements_);
  }

 private:
  static constexpr int kOutside = -1;

  bool inside(const std::vector<bool>& in_cluster, int node) const {
    const auto& users = users_[static_cast<std::size_t>(node)];
    return std::all_of(users.begin(), users.end(), [&](int user) {
      return user != kOutside && in_cluster[static_cast<std::size_t>(user)];
    });
  }

  // Grows upwards from the root, nearest first, to producers that nobody else uses and that have
  // the root's shape, as far as `most` members.
  Cluster grow(int root, tile::Domain domain, std::size_t most) const {
    Cluster cluster{root, {root}};
    std::vector<bool> in_cluster(static_cast<std::size_t>(graph_.size()));
    in_cluster[static_cast<std::size_t>(root)] = true;
    const Shape& shape = graph_.info({root, 0}).shape;
    for (int id = root - 1; id >= 0 && cluster.members.size() < most; --id) {
      const Node& node = graph_.node(id);
      if (node.op->opcode < 0 || claimed_[static_cast<std::size_t>(id)]) continue;
      if (users_[static_cast<std::size_t>(id)].empty() || !inside(in_cluster, id)) continue;
      if (!cluster_domain(graph_, node) || !can_compute(graph_, node, domain)) continue;
      if (!keeps_bits(domain, node.outputs[0].dtype)) continue;
      if (!shape.has_rank() || !(node.outputs[0].shape == shape)) continue;
      in_cluster[static_cast<std::size_t>(id)] = true;
      cluster.members.push_back(id);
    }
    std::reverse(cluster.members.begin(), cluster.members.end());
    return cluster;
  }

  void fuse(int root, tile::Domain domain) {
    for (std::size_t most = kMostMembers; most >= 1; most /= 2) {
      const Cluster cluster = grow(root, domain, most);
      most = std::min(most, std::max<std::size_t>(cluster.members.size(), 1));
      if (epilogues_ && into_epilogue(cluster, domain)) return claim(cluster);
      if (cluster.members.size() < 2) return;
      const auto made = make_program(graph_, cluster, domain);
      if (!made) continue;
      replace(cluster, *made);
      return claim(cluster);
    }
  }

  void claim(const Cluster& cluster) {
    for (int id : cluster.members) claimed_[static_cast<std::size_t>(id)] = true;
  }

  void replace(const Cluster& cluster, const ClusterProgram& made) {
    const Node& root = graph_.node(cluster.root);
    const AttrMap attrs = {{"_program", made.program}, {"dtype", root.outputs[0].dtype}};
    const int id = graph_.add({fused_op(), root.name + "/fused", made.inputs, {}, attrs, ""});
    graph_.set_shape({id, 0}, root.outputs[0].shape);
    replacements_.emplace(Output{cluster.root, 0}, Output{id, 0});
  }

  // The producer, nearest to the root, that can apply the whole cluster to its own output tiles.
  bool into_epilogue(const Cluster& cluster, tile::Domain domain) {
    std::vector<bool> in_cluster(static_cast<std::size_t>(graph_.size()));
    for (int id : cluster.members) in_cluster[static_cast<std::size_t>(id)] = true;
    int best = -1;
    for (int id : cluster.members) {
      for (Output in : graph_.node(id).inputs) {
        if (in.index == 0 && in.node > best && takes(cluster, in, in_cluster)) best = in.node;
      }
    }
    if (best < 0) return false;
    const auto made = make_program(graph_, cluster, domain, {best, 0});
    if (!made) return false;
    const Shape& shape = graph_.info({cluster.root, 0}).shape;
    for (std::size_t i = 1; i < made->inputs.size(); ++i) {
      if (!fits_blocks(graph_.info(made->inputs[i]).shape, shape)) return false;
    }
    Node copy = graph_.node(best);
    copy.name = graph_.node(cluster.root).name + "/epilogue";
    add_operands(copy, *made);
    const int id = graph_.append(std::move(copy));
    graph_.set_shape({id, 0}, shape);
    replacements_.emplace(Output{cluster.root, 0}, Output{id, 0});
    claimed_[static_cast<std::size_t>(best)] = true;
    return true;
  }

  bool takes(const Cluster& cluster, Output in, const std::vector<bool>& in_cluster) const {
    if (!in.valid() || claimed_[static_cast<std::size_t>(in.node)]) return false;
    const Node& node = graph_.node(in.node);
    if (!node.op->takes_epilogue || !node.controls.empty() || node.attrs().given("_epilogue")) return false;
    if (!inside(in_cluster, in.node)) return false;
    const OutputInfo &from = node.outputs[0], &to = graph_.info({cluster.root, 0});
    return from.dtype == DType::kFloat32 && to.dtype == DType::kFloat32 && from.shape.has_rank() &&
           from.shape == to.shape;
  }

  // Epilogues know one element, one element per column, and whole blocks. Unknown dims are taken to
  // be alike: split_epilogue.h looks at them once they are known.
  static bool fits_blocks(const Shape& operand, const Shape& shape) {
    if (!operand.has_rank()) return false;
    if (operand == shape) return true;
    if (!operand.fully_known() || operand.rank() > shape.rank()) return false;
    const std::int64_t last = operand.rank() > 0 ? operand[operand.rank() - 1] : 1;
    return operand.size() == last && (last == 1 || last == shape[shape.rank() - 1]);
  }

  static void add_operands(Node& node, const ClusterProgram& made) {
    std::vector<DType> types;
    for (std::size_t i = 1; i < made.inputs.size(); ++i) {
      node.inputs.push_back(made.inputs[i]);
      types.push_back(static_cast<DType>(made.program->inputs[i]));
    }
    const auto slot = [&](const char* name) -> AttrValue& {
      return node.attr_values[static_cast<std::size_t>(node.op->attr_index(name))];
    };
    slot("_operand_types") = types;
    slot("_epilogue") = made.program;
  }

  WorkGraph& work_;
  Graph& graph_;
  const bool epilogues_;
  std::vector<std::vector<int>> users_;
  std::vector<bool> claimed_;
  Replacements replacements_;
};

}  // namespace

void fuse_elementwise(PassContext& context) { Fusion(context.work, !context.options.strict).run(); }

}  // namespace tw
