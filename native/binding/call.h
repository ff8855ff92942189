#pragma once

#include <array>

#include "binding/env_data.h"
#include "binding/napi_setup.h"
#include "binding/values.h"

namespace tw::binding {

// The arguments of a call from JavaScript; those left out are undefined.
struct Call {
  static constexpr std::size_t kMost = 8;
  napi_env env;
  EnvData& data;
  std::array<napi_value, kMost> args;
  std::size_t count;  // of those given

  napi_value operator[](std::size_t i) const { return args[i]; }
};

// An EngineError of JavaScript.
napi_value make_error(napi_env env, const EnvData& data, const Error& error);
void throw_error(napi_env env, const Error& error) noexcept;

// The one place where errors of the core become errors of JavaScript.
template <napi_value (*Body)(Call&)>
napi_value guarded(napi_env env, napi_callback_info info) noexcept {
  try {
    std::array<napi_value, Call::kMost> args;
    std::size_t count = Call::kMost;
    ok(env, napi_get_cb_info(env, info, &count, args.data(), nullptr, nullptr));
    Call call{env, EnvData::of(env), args, count};
    return Body(call);
  } catch (const PendingException&) {
  } catch (const Error& e) {
    throw_error(env, e);
  } catch (const std::bad_alloc&) {
    throw_error(env, Error(Code::kResourceExhausted, "the system has no memory left"));
  } catch (const std::exception& e) {
    throw_error(env, Error(Code::kInternal, e.what()));
  }
  return nullptr;
}

struct Export {
  const char* name;
  napi_callback call;
};

// Wraps a C++ object: the handle is tagged, so that no other object passes for it.
template <class T>
napi_value wrap(napi_env env, T* object, const napi_type_tag& tag) {
  napi_value handle = new_object(env);
  const auto finalize = [](napi_env where, void* data, void*) {
    auto* ended = static_cast<T*>(data);
    ended->finalize(where);
    delete ended;
  };
  ok(env, napi_wrap(env, handle, object, finalize, nullptr, nullptr));
  ok(env, napi_type_tag_object(env, handle, &tag));
  return handle;
}

template <class T>
T& unwrap(napi_env env, napi_value handle, const napi_type_tag& tag, const char* what) {
  bool right = false;
  ok(env, napi_check_object_type_tag(env, handle, &tag, &right), what);
  check(right, Code::kInvalidArgument, "expected the handle of a ", what);
  void* object = nullptr;
  ok(env, napi_unwrap(env, handle, &object), what);
  return *static_cast<T*>(object);
}

}  // namespace tw::binding
