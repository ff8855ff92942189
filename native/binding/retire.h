#pragma once

#include <memory>
#include <vector>

#include "binding/env_data.h"

namespace tw::binding {

// Lets go of plans and of their session on a runner thread: freeing a large plan takes
// milliseconds, in which the event loop could not turn.
void retire(std::vector<std::shared_ptr<PlanEntry>> entries, std::shared_ptr<Session> session);
// The same for one object.
void retire(std::shared_ptr<const void> object) noexcept;

}  // namespace tw::binding
