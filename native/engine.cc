#include "engine.h"

namespace tw {

EngineInfo engine_info() {
  return {isa_name(active_isa()), pool_size(), default_memory_limit()};
}

}  // namespace tw
