#include "graph/variable.h"

#include <algorithm>

#include "graph/graph.h"

namespace tw {

const std::string& variable_name(const Node& handle) {
  const auto* shared = std::get_if<std::string>(&handle.attrs().value("shared_name"));
  return shared == nullptr || shared->empty() ? handle.name : *shared;
}

// FNV-1a.
std::int64_t variable_key(std::string_view name) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  return static_cast<std::int64_t>(hash);
}

VariableLocks::VariableLocks(std::vector<Variable*> variables) {
  std::sort(variables.begin(), variables.end());
  variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
  for (Variable* variable : variables) locks_.emplace_back(variable->mutex_);
}

}  // namespace tw
