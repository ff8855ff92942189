#pragma once

#include <vector>

#include "binding/call.h"

namespace tw::binding {

// What each file of the binding gives to JavaScript.
const std::vector<Export>& block_exports();
const std::vector<Export>& graph_exports();
const std::vector<Export>& host_exports();
const std::vector<Export>& kept_exports();
const std::vector<Export>& registry_exports();
const std::vector<Export>& run_exports();
const std::vector<Export>& session_exports();
const std::vector<Export>& state_exports();

}  // namespace tw::binding
