#pragma once

#include "binding/env_data.h"
#include "binding/napi_setup.h"
#include "engine.h"

namespace tw::binding {

// Results of more bytes lie in pool blocks that JavaScript sees as external ArrayBuffers, as long
// as no more than kLeaseCap bytes are out: finalizers run only when the event loop turns, so
// without a bound a loop that does not yield would eat all memory.
constexpr std::size_t kLeaseBytes = 64 * 1024;
constexpr std::size_t kLeaseCap = 256u << 20;

// Whether a block of that size may be lent now.
bool may_lend(const EnvData& data, std::size_t bytes) noexcept;
// The tensor's block as an ArrayBuffer that holds a reference to it, or null where the runtime has
// no external ArrayBuffers.
napi_value lend(napi_env env, EnvData& data, const PlanEntry& entry, const Tensor& tensor);
// Detaches the ArrayBuffer and drops the reference; does nothing for other ArrayBuffers.
void take_back(napi_env env, EnvData& data, napi_value buffer);
// The buffer of the lent block in which [data, data + bytes) lies, or none.
BufferRef lent_buffer(const EnvData& env, const void* data, std::size_t bytes);

}  // namespace tw::binding
