#pragma once

#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

// The memory that JavaScript has filled piece by piece as a tensor, without a copy; the handle is
// empty from then on.
Tensor take_block(napi_env env, DType dtype, const Shape& shape, napi_value handle);

}  // namespace tw::binding
