#pragma once

#include <memory>

#include "binding/napi_setup.h"
#include "binding/retire.h"
#include "engine.h"

namespace tw::binding {

// What a graph handle holds.
struct GraphBox {
  std::shared_ptr<Graph> graph;
  std::int64_t constant_bytes = 0;  // reported to the environment
  static constexpr std::int64_t kSmall = 1 << 20;
  static constexpr int kFew = 200;  // nodes

  void finalize(napi_env env) noexcept {
    void* holder = nullptr;
    napi_get_instance_data(env, &holder);
    if (holder != nullptr) EnvData::of(env).report_constants(-constant_bytes);
    // Unmapping large constants takes milliseconds.
    if (constant_bytes > kSmall || graph->size() > kFew) retire(std::move(graph));
  }
};

GraphBox& graph_box(napi_env env, napi_value handle);
// A handle of its own for a graph.
napi_value graph_handle(napi_env env, std::shared_ptr<Graph> graph);

}  // namespace tw::binding
