#include "binding/exports.h"

namespace tw::binding {
namespace {

void define(napi_env env, napi_value exports, const std::vector<Export>& list) {
  for (const Export& entry : list) {
    napi_value function = nullptr;
    ok(env, napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.call, nullptr, &function));
    set(env, exports, entry.name, function);
  }
}

}  // namespace
}  // namespace tw::binding

// Once per JavaScript environment.
NAPI_MODULE_INIT() {
  using namespace tw::binding;
  try {
    EnvData::install(env);
    for (const auto* list : {&block_exports(), &graph_exports(), &host_exports(), &kept_exports(),
                             &registry_exports(), &run_exports(), &session_exports(),
                             &state_exports()}) {
      define(env, exports, *list);
    }
    return exports;
  } catch (const PendingException&) {
  } catch (const std::exception& e) {
    napi_throw_error(env, nullptr, e.what());
  }
  return nullptr;
}
