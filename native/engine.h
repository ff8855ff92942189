#pragma once

// The public C++ face: all that binding/ sees of the core. Lifetimes: a Session keeps its Graph;
// a Plan needs its Session to live and to be open. Errors are tw::Error.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "base/error.h"
#include "base/file_range.h"
#include "base/runner.h"
#include "base/spin.h"
#include "base/thread_pool.h"
#include "base/yielding_threads.h"
#include "graph/gradient_context.h"
#include "graph/graph.h"
#include "graph/host_calls.h"
#include "graph/op_registry.h"
#include "ops/linalg/stored_matrix.h"
#include "runtime/memory_figures.h"
#include "runtime/plan.h"
#include "runtime/session.h"
#include "simd/isa.h"
#include "tensor/deferred.h"
#include "tensor/tensor.h"

namespace tw {

// What the core runs on: for `tensorwright info` and bug reports.
struct EngineInfo {
  const char* isa;
  int threads;
  std::size_t memory_limit;
};
EngineInfo engine_info();

}  // namespace tw
