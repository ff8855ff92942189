#pragma once

#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

// A handle for a result that stays in the core's memory: an object with `handle` and `shape`.
napi_value keep(napi_env env, const Tensor& tensor);
// What such a handle holds; throws when it was released.
const Tensor& kept_tensor(napi_env env, napi_value handle);

}  // namespace tw::binding
