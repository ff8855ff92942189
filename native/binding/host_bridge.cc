#include "binding/host_bridge.h"

#include <chrono>
#include <cstring>

#include "binding/call.h"
#include "binding/copy.h"
#include "binding/exports.h"
#include "binding/feeds.h"
#include "binding/mailbox.h"
#include "binding/values.h"

namespace tw::binding {
namespace {

// How often a step that waits looks whether it is cancelled.
constexpr std::chrono::milliseconds kLook{2};

napi_value memory_of(napi_env env, const Tensor& value) {
  if (value.dtype() == DType::kString) {
    napi_value list = new_array(env, static_cast<std::size_t>(value.size()));
    for (std::int64_t i = 0; i < value.size(); ++i) {
      const std::string& element = value.data<std::string>()[i];
      set_element(env, list, static_cast<std::size_t>(i), from_text(env, element));
    }
    return list;
  }
  check(value.dtype() != DType::kVariant, Code::kUnimplemented, "variants cannot be read here");
  void* memory = nullptr;
  napi_value buffer = nullptr;
  ok(env, napi_create_arraybuffer(env, value.bytes(), &memory, &buffer), "buffer");
  copy_bytes(memory, value.raw(), value.bytes());
  return buffer;
}

void append_values(napi_env env, napi_value list, std::span<const Tensor> values) {
  std::size_t next = length_of(env, list, "list");
  for (const Tensor& value : values) {
    set_element(env, list, next++, from_text(env, name_of(value.dtype())));
    set_element(env, list, next++, from_shape(env, value.shape()));
    set_element(env, list, next++, memory_of(env, value));
  }
}

// What a function does may start runs, which use the mailbox: the feeds and results of the run
// that called it lie there too.
class KeptMailbox {
 public:
  explicit KeptMailbox(char* bytes) : bytes_(bytes + kFeedBytes), kept_(bytes_, bytes_ + kSize) {}
  ~KeptMailbox() { std::memcpy(bytes_, kept_.data(), kSize); }
  KeptMailbox(const KeptMailbox&) = delete;
  KeptMailbox& operator=(const KeptMailbox&) = delete;

 private:
  static constexpr std::size_t kSize = kMailboxBytes - kFeedBytes;
  char* const bytes_;
  const std::vector<char> kept_;
};

}  // namespace

std::vector<Tensor> HostBridge::call(std::int64_t function, std::span<const Tensor> inputs,
                                     Allocator& allocator, const Cancellation* cancellation) {
  Request request{function, inputs, allocator, {}, {}};
  if (std::this_thread::get_id() == thread_) return call_here(request);
  std::unique_lock lock(mutex_);
  const int number = last_ = last_ == 0x7fffffff ? 1 : last_ + 1;
  requests_.emplace(number, &request);
  waiting_.push_back(number);
  lock.unlock();
  data_.wake();
  const RunnerWaits waits;
  lock.lock();
  while (!request.done) {
    settled_.wait_for(lock, kLook);
    if (request.done || cancellation == nullptr || !cancellation->cancelled()) continue;
    requests_.erase(number);
    cancellation->throw_if_cancelled();
  }
  if (request.error) throw *request.error;
  return std::move(request.results);
}

std::vector<Tensor> HostBridge::call_here(const Request& request) {
  const napi_env env = env_;
  check(env != nullptr, Code::kInternal, "there is nothing that serves host functions");
  napi_handle_scope scope = nullptr;
  ok(env, napi_open_handle_scope(env, &scope));
  struct Closed {
    napi_env env;
    napi_handle_scope scope;
    ~Closed() { napi_close_handle_scope(env, scope); }
  } closed{env, scope};
  const KeptMailbox kept(data_.bytes());
  napi_value list = new_array(env), server = nullptr, undefined = nothing(env), outcome = nullptr;
  set_element(env, list, 0, from_number(env, 0));
  set_element(env, list, 1, from_number(env, static_cast<double>(request.function)));
  append_values(env, list, request.inputs);
  ok(env, napi_get_reference_value(env, server_, &server), "server");
  ok(env, napi_call_function(env, undefined, server, 1, &list, &outcome), "server");
  Request own{request.function, request.inputs, request.allocator, {}, {}};
  settle(env, own, outcome);
  if (own.error) throw *own.error;
  return std::move(own.results);
}

void HostBridge::set_server(napi_env env, napi_value server) {
  env_ = env;
  ok(env, napi_create_reference(env, server, 1, &server_), "server");
}

napi_value HostBridge::next(napi_env env) {
  std::lock_guard lock(mutex_);
  while (!waiting_.empty()) {
    const int number = waiting_.front();
    waiting_.pop_front();
    const auto found = requests_.find(number);
    if (found == requests_.end()) continue;
    try {
      napi_value list = new_array(env);
      set_element(env, list, 0, from_number(env, number));
      set_element(env, list, 1, from_number(env, static_cast<double>(found->second->function)));
      append_values(env, list, found->second->inputs);
      return list;
    } catch (const Error& e) {
      found->second->error = e;
    } catch (const PendingException&) {
      found->second->error = Error(Code::kResourceExhausted, "no memory for the function's inputs");
    }
    found->second->done = true;
    requests_.erase(found);
    settled_.notify_all();
  }
  return nothing(env);
}

void HostBridge::finish(napi_env env, napi_value outcome) {
  const auto number = static_cast<int>(to_integer(env, element_at(env, outcome, 0), "number"));
  std::lock_guard lock(mutex_);
  const auto found = requests_.find(number);
  if (found == requests_.end()) return;
  settle(env, *found->second, outcome);
  found->second->done = true;
  requests_.erase(found);
  settled_.notify_all();
}

void HostBridge::settle(napi_env env, Request& request, napi_value outcome) {
  try {
    const std::uint32_t length = length_of(env, outcome, "outcome");
    if (length == 3 && type_of(env, element_at(env, outcome, 1)) == napi_number) {
      const std::int64_t code = to_integer(env, element_at(env, outcome, 1), "code");
      const std::string message = to_text(env, element_at(env, outcome, 2), "message");
      request.error = Error(static_cast<Code>(code), message);
      return;
    }
    for (std::uint32_t i = 1; i + 2 < length; i += 3) {
      const DType dtype = to_dtype(env, element_at(env, outcome, i), "dtype");
      const Shape shape = to_shape(env, element_at(env, outcome, i + 1), "shape");
      const napi_value values = element_at(env, outcome, i + 2);
      request.results.push_back(copy_to_tensor(env, dtype, shape, values, request.allocator));
    }
  } catch (const Error& e) {
    request.error = e;
  }
}

namespace {

napi_value serve_host_calls(Call& call) {
  call.data.host.set_server(call.env, call[0]);
  return nothing(call.env);
}

napi_value next_host_call(Call& call) { return call.data.host.next(call.env); }

napi_value finish_host_call(Call& call) {
  call.data.host.finish(call.env, call[0]);
  return nothing(call.env);
}

}  // namespace

const std::vector<Export>& host_exports() {
  static const std::vector<Export> list = {
      {"serveHostCalls", guarded<serve_host_calls>},
      {"nextHostCall", guarded<next_host_call>},
      {"finishHostCall", guarded<finish_host_call>},
  };
  return list;
}

}  // namespace tw::binding
