#include <string_view>

#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "passes/passes.h"

namespace tw {
namespace {

const std::unordered_multimap<std::string_view, RewriteRule>& rules() {
  static const auto& by_anchor = *[] {
    auto* map = new std::unordered_multimap<std::string_view, RewriteRule>;
    for (const RewriteRule& rule : all_rewrites()) map->emplace(rule.anchor, rule);
    return map;
  }();
  return by_anchor;
}

bool rewrite_once(PassContext& context) {
  WorkGraph& work = context.work;
  const std::vector<int> uses = use_counts(work);
  Replacements replacements;
  const int size = work.graph.size();
  for (int id = 0; id < size; ++id) {
    const Node& node = work.graph.node(id);
    if (!node.controls.empty()) continue;
    const auto [first, last] = rules().equal_range(node.op->name);
    for (auto rule = first; rule != last; ++rule) {
      if (context.options.strict && rule->second.changes_rounding) continue;
      RewriteContext match(work.graph, id, uses);
      if (!rule->second.apply(match)) continue;
      replacements.emplace(Output{id, 0}, match.replacement);
      break;
    }
  }
  if (!replacements.empty()) rebuild(work, replacements);
  return !replacements.empty();
}

}  // namespace

void apply_rewrites(PassContext& context) {
  constexpr int kMostRounds = 32;
  for (int round = 0; round < kMostRounds && rewrite_once(context);) ++round;
}

}  // namespace tw
