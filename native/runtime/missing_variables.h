#pragma once

#include "base/error.h"
#include "runtime/layout.h"

namespace tw {

// An error of a read of a variable without a value, with the names of all variables that the run
// reads and that have none. Other errors as they are.
Error naming_missing_variables(const Error& error, const Layout& layout, SessionState& session);

}  // namespace tw
