#include <algorithm>
#include <optional>

#include "graph/pass_context.h"
#include "passes/passes.h"
#include "passes/transposes.h"

namespace tw {
namespace {

std::vector<int> to_channels_last(int rank) {
  std::vector<int> perm{0};
  for (int axis = 2; axis < rank; ++axis) perm.push_back(axis);
  perm.push_back(1);
  return perm;
}

// Moves transposes downwards: an op that has a permute clause, or is elementwise, takes the
// untransposed values and its outputs are transposed instead. Two that meet vanish.
class ChannelsLast {
 public:
  ChannelsLast(WorkGraph& work, bool strict)
      : work_(work), graph_(work.graph), strict_(strict) {}

  void run() {
    const int size = graph_.size();
    for (int id = 0; id < size; ++id) {
      redirect_inputs(id);
      if (graph_.node(id).controls.empty()) visit(id);
    }
    rebuild(work_, replacements_);
  }

 private:
  // Inputs may have moved behind a transpose since the node was made.
  void redirect_inputs(int id) {
    for (Output& in : graph_.mutable_node(id).inputs) {
      const auto hit = replacements_.find(in);
      if (hit != replacements_.end()) in = hit->second;
    }
  }

  void visit(int id) {
    const Node& node = graph_.node(id);
    if (node.op->role == Role::kTranspose) return join(id);
    if (node.outputs.empty() || !graph_.info({id, 0}).shape.has_rank()) return;
    if (const int rank = channels_first_rank(node); rank > 2) {
      move(id, to_channels_last(rank));
      return;
    }
    const auto perm = worthwhile(node);
    if (perm) move(id, *perm);
  }

  // A transpose of a transpose is one transpose or none.
  void join(int id) {
    const auto perm = permutation_of(graph_, id);
    if (!perm || !permutation_of(graph_, graph_.node(id).inputs[0].node)) return;
    replacements_[{id, 0}] = transposed(graph_, graph_.node(id).inputs[0], *perm);
  }

  int channels_first_rank(const Node& node) const {
    const AttrDef* attr = node.op->find_attr("data_format");
    if (attr == nullptr || attr->kind != AttrKind::kString || node.op->permute == nullptr) return 0;
    return node.attrs().string("data_format").starts_with("NC") ? graph_.info({node.id, 0}).shape.rank()
                                                                : 0;
  }

  // The permutation that undoes the transposes on the inputs, when undoing them costs no more
  // transposes of other, computed inputs than it saves.
  std::optional<std::vector<int>> worthwhile(const Node& node) const {
    if (node.op->permute == nullptr && node.op->opcode < 0) return std::nullopt;
    std::optional<std::vector<int>> perm;
    int saved = 0, added = 0;
    for (Output in : node.inputs) {
      if (!in.valid() || graph_.constant_value(in) != nullptr) continue;
      const auto of_input = permutation_of(graph_, in.node);
      if (of_input && (!perm || *perm == inverse(*of_input))) {
        perm = inverse(*of_input);
        ++saved;
      } else if (graph_.info(in).shape.rank() > 1 || !graph_.info(in).shape.has_rank()) {
        ++added;
      }
    }
    return saved > 0 && saved >= added ? perm : std::nullopt;
  }

  // Makes a copy of the node that works on inputs transposed by perm; users of the old outputs
  // get transposes of the new ones.
  void move(int id, const std::vector<int>& perm) {
    Node copy = graph_.node(id);
    copy.name += "/permuted";
    const int moved = graph_.append(std::move(copy));
    PermuteContext context(graph_, moved, perm, strict_);
    const bool able = graph_.node(moved).op->permute != nullptr ? graph_.node(moved).op->permute(context)
                                                                : permute_elementwise(context);
    if (!able) return;
    for (int i : context.permuted_inputs) {
      const Output made = transposed(graph_, graph_.node(moved).inputs[static_cast<std::size_t>(i)], perm);
      graph_.mutable_node(moved).inputs[static_cast<std::size_t>(i)] = made;
    }
    for (OutputInfo& info : graph_.mutable_node(moved).outputs) info.shape = Shape::unknown();
    graph_.infer(moved);
    const int outputs = static_cast<int>(graph_.node(moved).outputs.size());
    for (int k = 0; k < outputs; ++k) {
      if (!rank_of({id, k}, {moved, k})) return;
    }
    for (int k = 0; k < outputs; ++k) {
      const bool same_rank = *rank_of({id, k}, {moved, k}) == static_cast<int>(perm.size());
      replacements_[{id, k}] =
          same_rank ? transposed(graph_, {moved, k}, inverse(perm)) : Output{moved, k};
    }
  }

  // Of an output and of the one that takes its place; a transpose may be all that tells the rank.
  std::optional<int> rank_of(Output before, Output after) const {
    for (const Output output : {before, after}) {
      const Shape& shape = graph_.info(output).shape;
      if (shape.has_rank()) return shape.rank();
    }
    return std::nullopt;
  }

  // Scalars stay; constants of lower rank get leading ones first.
  bool permute_elementwise(PermuteContext& context) {
    const int rank = static_cast<int>(context.perm().size());
    for (int i = 0; i < static_cast<int>(context.node().inputs.size()); ++i) {
      const Shape& shape = context.shape(i);
      if (shape.has_rank() && shape.fully_known() && shape.size() == 1 && shape.rank() <= 1) continue;
      if (shape.has_rank() && shape.rank() < rank && context.constant(i) != nullptr) {
        Shape wide;
        for (int k = shape.rank(); k < rank; ++k) wide.push_back(1);
        for (std::int64_t dim : shape.dims()) wide.push_back(dim);
        context.replace_input(i, context.constant(i)->reshaped(wide));
      } else if (!shape.has_rank() || shape.rank() != rank) {
        return false;
      }
      context.permute_input(i);
    }
    return true;
  }

  WorkGraph& work_;
  Graph& graph_;
  const bool strict_;
  Replacements replacements_;
};

}  // namespace

void channels_last(PassContext& context) {
  ChannelsLast(context.work, context.options.strict).run();
}

}  // namespace tw
