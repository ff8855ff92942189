#include "binding/kept.h"

#include "binding/call.h"
#include "binding/copy.h"
#include "binding/exports.h"
#include "binding/values.h"

namespace tw::binding {
namespace {

constexpr napi_type_tag kKeptTag = {0x7265736f6e677477, 0x6b65707400000001};

struct KeptBox {
  Tensor tensor;
  void finalize(napi_env) noexcept {}
};

KeptBox& box_of(napi_env env, napi_value handle) {
  return unwrap<KeptBox>(env, handle, kKeptTag, "kept value");
}

// A copy: an ArrayBuffer, or a list of strings.
napi_value read_kept(Call& call) {
  const Tensor& tensor = kept_tensor(call.env, call[0]);
  if (tensor.dtype() == DType::kString) {
    napi_value list = new_array(call.env, static_cast<std::size_t>(tensor.size()));
    for (std::int64_t i = 0; i < tensor.size(); ++i) {
      set_element(call.env, list, static_cast<std::size_t>(i),
                  from_text(call.env, tensor.data<std::string>()[i]));
    }
    return list;
  }
  check(tensor.dtype() != DType::kVariant, Code::kUnimplemented, "variants cannot be read here");
  void* data = nullptr;
  napi_value buffer = nullptr;
  ok(call.env, napi_create_arraybuffer(call.env, tensor.bytes(), &data, &buffer), "kept value");
  copy_bytes(data, tensor.raw(), tensor.bytes());
  return buffer;
}

// Runs under way that were fed the value keep its memory.
napi_value release_kept(Call& call) {
  box_of(call.env, call[0]).tensor = Tensor();
  return nothing(call.env);
}

}  // namespace

napi_value keep(napi_env env, const Tensor& tensor) {
  auto box = std::make_unique<KeptBox>(KeptBox{tensor});
  napi_value handle = wrap(env, box.get(), kKeptTag);
  box.release();
  return handle;
}

const Tensor& kept_tensor(napi_env env, napi_value handle) {
  const Tensor& tensor = box_of(env, handle).tensor;
  check(tensor.defined(), Code::kFailedPrecondition, "the kept value was disposed");
  return tensor;
}

const std::vector<Export>& kept_exports() {
  static const std::vector<Export> list = {
      {"readKept", guarded<read_kept>},
      {"releaseKept", guarded<release_kept>},
  };
  return list;
}

}  // namespace tw::binding
