#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

class EnvData;
struct Call;

// Calls of JavaScript functions by steps. A step on a runner thread waits until JavaScript, which it
// wakes, has taken the call and given its results, maybe much later; a step of a synchronous run
// calls the function itself. Made on the JavaScript thread.
class HostBridge final : public HostCalls {
 public:
  explicit HostBridge(EnvData& data) : data_(data), thread_(std::this_thread::get_id()) {}

  std::vector<Tensor> call(std::int64_t function, std::span<const Tensor> inputs,
                           Allocator& allocator, const Cancellation* cancellation) override;

  // On the JavaScript thread: the function that serves calls of synchronous runs.
  void set_server(napi_env env, napi_value server);
  // The next call that waits, as number, function and three values for each input: dtype, shape,
  // memory. Nothing when there is none.
  napi_value next(napi_env env);
  // Gives a call its results (number, then such values) or its failure (number, code, message);
  // nothing happens when nobody waits for it any more.
  void finish(napi_env env, napi_value outcome);

 private:
  struct Request {
    std::int64_t function;
    std::span<const Tensor> inputs;
    Allocator& allocator;
    std::vector<Tensor> results;
    std::optional<Error> error;
    bool done = false;
  };

  std::vector<Tensor> call_here(const Request& request);
  void settle(napi_env env, Request& request, napi_value outcome);

  EnvData& data_;
  const std::thread::id thread_;
  napi_env env_ = nullptr;
  napi_ref server_ = nullptr;
  std::mutex mutex_;
  std::condition_variable settled_;
  std::deque<int> waiting_;
  std::unordered_map<int, Request*> requests_;
  int last_ = 0;
};

}  // namespace tw::binding
