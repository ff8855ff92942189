#pragma once

#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

// A flat list name, value, name, value, ... as attributes of the op.
AttrMap to_attrs(napi_env env, const OpDef& op, napi_value list);
// The JavaScript form of an attribute's value: dtypes by name, unknown dims as null.
napi_value from_attr(napi_env env, const AttrValue& value);

}  // namespace tw::binding
