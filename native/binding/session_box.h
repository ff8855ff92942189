#pragma once

#include <memory>

#include "binding/call.h"

namespace tw::binding {

// The session of the handle that is the call's first argument; throws when it is closed.
std::shared_ptr<Session> open_session(const Call& call);

}  // namespace tw::binding
