#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "passes/work_graph.h"

namespace tw {

struct PassOptions {
  bool strict = false;                // no rewrites that change rounding
  std::vector<std::string> disabled;  // passes that are left out, by name
  int threads = 1;                    // that may prepare constants at once
};

struct PassContext {
  WorkGraph& work;
  const PassOptions& options;
};

struct Pass {
  const char* name;
  void (*run)(PassContext&);
};

// All passes, in their order.
std::span<const Pass> pass_list();
// Runs them with the verifier between. Errors of the verifier name the pass.
void run_passes(WorkGraph& work, const PassOptions& options);

}  // namespace tw
