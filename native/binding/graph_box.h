#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

// What a graph handle holds.
struct GraphBox {
  std::shared_ptr<Graph> graph;
  std::int64_t constant_bytes = 0;  // told to V8

  void finalize(napi_env env) noexcept {
    std::int64_t total = 0;
    napi_adjust_external_memory(env, -constant_bytes, &total);
  }
};

GraphBox& graph_box(napi_env env, napi_value handle);

}  // namespace tw::binding
