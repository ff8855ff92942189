#pragma once

#include "binding/run.h"

namespace tw::binding {

// Reads the feeds of the run from the mailbox and the payload. A synchronous run borrows the
// caller's memory. An asynchronous one copies it, because the caller can detach or shrink a buffer
// under it; only pool blocks and shared memory are borrowed. Index inputs in shared memory are
// copied in any case: another thread could change them after they are checked.
void read_feeds(napi_env env, EnvData& data, napi_value payload, bool async, Run& run);

// A dense tensor of the dtype and shape, of a typed array or a list of strings, copied.
Tensor copy_to_tensor(napi_env env, DType dtype, const Shape& shape, napi_value values,
                      Allocator& allocator);

// The memory of a typed array.
struct View {
  void* data = nullptr;
  std::size_t entries = 0;
  napi_value buffer = nullptr;
};
View view_of(napi_env env, napi_value array);

}  // namespace tw::binding
