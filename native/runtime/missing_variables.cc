#include "runtime/missing_variables.h"

#include <set>
#include <string_view>

#include "runtime/session_state.h"

namespace tw {
namespace {

constexpr std::string_view kMarks[] = {"the variable was uninitialized", "use uninitialized value"};
constexpr std::string_view kNamed = " Variables of this run without a value: ";

const Node* handle_of(const Graph& graph, Output output) {
  const Node* node = &graph.node(output.node);
  while (node->op->role == Role::kIdentity) node = &graph.node(node->inputs[0].node);
  return node->op->role == Role::kVariable ? node : nullptr;
}

// A value that the run itself writes first is not missing.
bool is_written_before(const Graph& graph, const Node& read) {
  for (int control : read.controls) {
    if (graph.node(control).op->role == Role::kWrite) return true;
  }
  return false;
}

bool has_value(SessionState& session, const Node& handle) {
  const Variable* variable = session.find_variable(variable_name(handle));
  return variable != nullptr && variable->read().defined();
}

}  // namespace

Error naming_missing_variables(const Error& error, const Layout& layout, SessionState& session) {
  const std::string_view message = error.what();
  bool about_values = false;
  for (std::string_view mark : kMarks) {
    about_values = about_values || message.find(mark) != std::string_view::npos;
  }
  if (error.code() != Code::kFailedPrecondition || !about_values) return error;
  if (message.find(kNamed) != std::string_view::npos) return error;
  const Graph& graph = layout.work.graph;
  std::set<std::string> missing;
  for (int id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.op->role != Role::kRead || is_written_before(graph, node)) continue;
    const Node* handle = handle_of(graph, node.inputs[0]);
    // A table that can grow begins without a value; the error of another names it.
    if (handle == nullptr || handle->op->attr_index("shape") < 0) continue;
    if (!has_value(session, *handle)) missing.insert(variable_name(*handle));
  }
  if (missing.size() < 2) return error;
  std::string names;
  for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + name;
  return Error(error.code(), text(message, kNamed, names, ".")).at(error.op(), error.node());
}

}  // namespace tw
