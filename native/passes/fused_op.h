#pragma once

#include <string>

#include "graph/op_registry.h"

namespace tw {

// The op that computes a program of elementwise steps.
inline const std::string& fused_op() {
  static const std::string& name = []() -> const std::string& {
    for (const OpDef* op : all_ops()) {
      if (op->role == Role::kFused) return op->name;
    }
    fail(Code::kInternal, "no op has the role of a fused cluster");
  }();
  return name;
}

}  // namespace tw
