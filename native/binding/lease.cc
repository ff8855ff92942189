#include "binding/lease.h"

#include "binding/values.h"

namespace tw::binding {

// Kept by the ArrayBuffer; freed by its finalizer.
struct Lease {
  std::shared_ptr<EnvData> data;
  std::shared_ptr<SessionBox> box;
  BufferRef buffer;
  const char* first;
  std::size_t bytes;

  void give_back() {
    if (!buffer) return;
    buffer = {};
    data->leased_bytes -= bytes;
    box->leased_bytes -= bytes;
    const auto found = data->leases.find(first);
    if (found != data->leases.end() && found->second == this) data->leases.erase(found);
    box.reset();
  }
};

bool may_lend(const EnvData& data, std::size_t bytes) noexcept {
  return data.leased_bytes + bytes <= kLeaseCap;
}

napi_value lend(napi_env env, EnvData& data, const PlanEntry& entry, const Tensor& tensor) {
  auto* lease = new Lease{data.shared_from_this(), entry.box, tensor.buffer(),
                          tensor.data<char>(), tensor.bytes()};
  const auto finalize = [](napi_env, void*, void* hint) {
    auto* ended = static_cast<Lease*>(hint);
    ended->give_back();
    delete ended;
  };
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(env, tensor.raw(), lease->bytes,
                                                              finalize, lease, &buffer);
  if (status != napi_ok) {
    delete lease;
    check(status == napi_no_external_buffers_allowed, Code::kInternal,
          "the runtime refuses an external ArrayBuffer");
    return nullptr;
  }
  data.leased_bytes += lease->bytes;
  entry.box->leased_bytes += lease->bytes;
  data.leases[lease->first] = lease;
  return buffer;
}

void take_back(napi_env env, EnvData& data, napi_value buffer) {
  void* first = nullptr;
  std::size_t bytes = 0;
  ok(env, napi_get_arraybuffer_info(env, buffer, &first, &bytes), "buffer");
  const auto found = data.leases.find(static_cast<const char*>(first));
  if (bytes == 0 || found == data.leases.end()) return;
  ok(env, napi_detach_arraybuffer(env, buffer), "buffer");
  found->second->give_back();
}

BufferRef lent_buffer(const EnvData& env, const void* data, std::size_t bytes) {
  const char* const first = static_cast<const char*>(data);
  auto found = env.leases.upper_bound(first);
  if (found == env.leases.begin()) return {};
  const Lease& lease = *(--found)->second;
  return first + bytes <= lease.first + lease.bytes ? lease.buffer : BufferRef{};
}

}  // namespace tw::binding
