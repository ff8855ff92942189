#include <algorithm>

#include "graph/verify.h"
#include "passes/pass.h"
#include "passes/passes.h"

namespace tw {

std::span<const Pass> pass_list() {
  static constexpr Pass kPasses[] = {
      {"fold_constants", fold_constants},
      {"merge_common", merge_common},
      {"hoist_invariants", hoist_invariants},
      {"rewrite", apply_rewrites},
      {"fold_late", fold_late},
      {"channels_last", channels_last},
      {"rewrite_again", apply_rewrites},
      {"fuse_elementwise", fuse_elementwise},
      {"pack_weights", pack_weights},
  };
  return kPasses;
}

void run_passes(WorkGraph& work, const PassOptions& options) {
  PassContext context{work, options};
  for (const Pass& pass : pass_list()) {
    const auto& off = options.disabled;
    if (std::find(off.begin(), off.end(), pass.name) != off.end()) continue;
    pass.run(context);
    try {
      verify(work.graph);
    } catch (const Error& e) {
      throw Error(Code::kInternal, text("after pass ", pass.name, ": ", e.what()))
          .at(e.op(), e.node());
    }
  }
}

}  // namespace tw
