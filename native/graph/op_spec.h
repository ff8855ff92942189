#pragma once

#include <string_view>

#include "graph/op_def.h"

namespace tw {

// Parse the specification strings of OpBuilder; throw kInternal for malformed ones.
ArgDef parse_arg(std::string_view spec);
AttrDef parse_attr(std::string_view spec);

// The dtypes of a group name (floating, integer, ...) or of one dtype; empty: neither.
std::vector<DType> dtypes_named(std::string_view name);

}  // namespace tw
