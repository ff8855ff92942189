#pragma once

#include <optional>

#include "graph/op_registry.h"
#include "graph/pass_context.h"

namespace tw {

// A tensor of quantized bytes, as a DequantizeLinear gives it.
struct Quantized {
  Output bytes, scale, zero;
  int axis;  // of scales by index; -1 when there is one for all
};

std::optional<Quantized> dequantized(const RewriteContext& c, Output output);

}  // namespace tw
