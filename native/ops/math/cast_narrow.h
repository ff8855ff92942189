#pragma once

#include "graph/op_context.h"

namespace tw {

// Casts where a narrow dtype is on either side.
void cast_narrow(OpContext& c);

}  // namespace tw
