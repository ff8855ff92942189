#include "binding/call.h"

namespace tw::binding {

napi_value make_error(napi_env env, const EnvData& data, const Error& error) {
  std::string message = error.what();
  if (!error.op().empty()) message = text(error.op(), " '", error.node(), "': ", message);
  napi_value options = new_object(env);
  if (!error.op().empty()) set(env, options, "op", from_text(env, error.op()));
  if (!error.node().empty()) set(env, options, "node", from_text(env, error.node()));
  napi_value code = from_text(env, code_name(error.code()));
  napi_value args[] = {code, from_text(env, message), options};
  napi_value made = nullptr;
  if (napi_value type = data.error_type()) {
    ok(env, napi_new_instance(env, type, 3, args, &made));
  } else {
    ok(env, napi_create_error(env, code, args[1], &made));
  }
  return made;
}

void throw_error(napi_env env, const Error& error) noexcept {
  try {
    napi_throw(env, make_error(env, EnvData::of(env), error));
  } catch (...) {
    napi_throw_error(env, code_name(error.code()), error.what());
  }
}

}  // namespace tw::binding
