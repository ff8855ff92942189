#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "binding/retire.h"
#include "engine.h"

namespace tw::binding {

// What a graph handle holds.
struct GraphBox {
  std::shared_ptr<Graph> graph;
  std::int64_t constant_bytes = 0;  // told to V8
  static constexpr std::int64_t kSmall = 1 << 20;
  static constexpr int kFew = 200;  // nodes

  void finalize(napi_env env) noexcept {
    std::int64_t total = 0;
    napi_adjust_external_memory(env, -constant_bytes, &total);
    // Unmapping large constants takes milliseconds.
    if (constant_bytes > kSmall || graph->size() > kFew) retire(std::move(graph));
  }
};

GraphBox& graph_box(napi_env env, napi_value handle);

}  // namespace tw::binding
