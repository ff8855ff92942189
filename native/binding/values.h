#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

// A JavaScript exception is pending already; it goes on when the native function returns.
struct PendingException {};

// Throws unless the call succeeded. `what` is said to be wrong when JavaScript has no exception.
void ok(napi_env env, napi_status status, const char* what = "argument");

double to_number(napi_env env, napi_value value, const char* what);
// Accepts numbers without a fraction, and bigints.
std::int64_t to_integer(napi_env env, napi_value value, const char* what);
bool to_flag(napi_env env, napi_value value, const char* what);
std::string to_text(napi_env env, napi_value value, const char* what);
napi_valuetype type_of(napi_env env, napi_value value);
bool is_nothing(napi_env env, napi_value value);  // null or undefined

std::uint32_t length_of(napi_env env, napi_value array, const char* what);
napi_value element_at(napi_env env, napi_value array, std::uint32_t index);
napi_value property(napi_env env, napi_value object, const char* name);

std::vector<int> to_ids(napi_env env, napi_value array, const char* what);
// Flat pairs of node and output index.
std::vector<Output> to_outputs(napi_env env, napi_value array, const char* what);
// An array of numbers, null for an unknown dim; null itself for unknown rank.
Shape to_shape(napi_env env, napi_value value, const char* what);
DType to_dtype(napi_env env, napi_value name, const char* what);

napi_value from_number(napi_env env, double value);
napi_value from_text(napi_env env, const std::string& text);
napi_value from_flag(napi_env env, bool flag);
napi_value nothing(napi_env env);  // undefined
napi_value null(napi_env env);
napi_value new_array(napi_env env, std::size_t length = 0);
void set_element(napi_env env, napi_value array, std::size_t index, napi_value value);
napi_value new_object(napi_env env);
void set(napi_env env, napi_value object, const char* name, napi_value value);
napi_value from_outputs(napi_env env, const std::vector<Output>& outputs);
napi_value from_shape(napi_env env, const Shape& shape);

}  // namespace tw::binding
