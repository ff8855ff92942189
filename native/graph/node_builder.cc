#include "graph/node_builder.h"

#include <algorithm>

#include "graph/op_registry.h"

namespace tw {
namespace {

std::string list_of(const std::vector<DType>& dtypes) {
  std::string out;
  for (DType d : dtypes) out += (out.empty() ? "" : ", ") + std::string(name_of(d));
  return out;
}

// Whole numbers given for a float attr, and the reverse of it for lists, are meant.
AttrValue as_kind(const AttrValue& value, AttrKind kind) {
  if (kind == AttrKind::kFloat && std::holds_alternative<std::int64_t>(value)) {
    return static_cast<double>(std::get<std::int64_t>(value));
  }
  const auto* ints = std::get_if<std::vector<std::int64_t>>(&value);
  if (ints == nullptr) return value;
  if (kind == AttrKind::kFloats) return std::vector<double>(ints->begin(), ints->end());
  if (!ints->empty()) return value;
  if (kind == AttrKind::kStrings) return std::vector<std::string>();
  if (kind == AttrKind::kTypes) return std::vector<DType>();
  if (kind == AttrKind::kShapes) return std::vector<Shape>();
  return value;
}

std::size_t list_length(const AttrValue& value) {
  return std::visit(
      []<class T>(const T& list) -> std::size_t {
        if constexpr (requires { list.size(); list.front(); }) {
          return list.size();
        } else {
          return 0;
        }
      },
      value);
}

void check_attr(const AttrDef& def, const AttrValue& value) {
  check(is_of_kind(value, def.kind), Code::kInvalidArgument, "expected ", name_of(def.kind),
        " for attr ", def.name);
  if (const auto* i = std::get_if<std::int64_t>(&value); i != nullptr && def.least) {
    check(*i >= *def.least, Code::kInvalidArgument, "attr ", def.name, " must be at least ",
          *def.least, ", got ", *i);
  } else if (def.least) {
    check(static_cast<std::int64_t>(list_length(value)) >= *def.least, Code::kInvalidArgument,
          "attr ", def.name, " must have at least ", *def.least, " elements");
  }
  if (const auto* d = std::get_if<DType>(&value); d != nullptr && !def.dtypes.empty()) {
    check(std::find(def.dtypes.begin(), def.dtypes.end(), *d) != def.dtypes.end(),
          Code::kInvalidArgument, "dtype ", name_of(*d), " is not allowed for attr ", def.name,
          "; allowed: ", list_of(def.dtypes));
  }
  if (const auto* s = std::get_if<std::string>(&value); s != nullptr && !def.choices.empty()) {
    std::string choices;
    for (const std::string& c : def.choices) choices += (choices.empty() ? "" : ", ") + c;
    check(std::find(def.choices.begin(), def.choices.end(), *s) != def.choices.end(),
          Code::kInvalidArgument, "attr ", def.name, " must be one of ", choices, ", got ", *s);
  }
}

class Builder {
 public:
  Builder(const Graph& graph, const NodeSpec& spec)
      : graph_(graph), spec_(spec), op_(op_named(spec.op)) {
    node_.op = &op_;
    node_.device = spec.device;
    node_.inputs = spec.inputs;
    node_.attr_values.resize(op_.attrs.size());
  }

  Node build() {
    take_attrs();
    take_inputs();
    fill_defaults();
    take_controls();
    make_outputs();
    return std::move(node_);
  }

 private:
  AttrValue& slot(const std::string& attr) {
    return node_.attr_values[static_cast<std::size_t>(op_.attr_index(attr))];
  }

  void take_attrs() {
    for (const auto& [name, value] : spec_.attrs) {
      const AttrDef* def = op_.find_attr(name);
      check(def != nullptr, Code::kInvalidArgument, "no attr named ", name);
      if (std::holds_alternative<std::monostate>(value)) continue;
      AttrValue taken = as_kind(value, def->kind);
      check_attr(*def, taken);
      slot(name) = std::move(taken);
    }
  }

  DType dtype_of_input(std::size_t i) {
    const Output in = spec_.inputs[i];
    check(in.node < graph_.size(), Code::kInvalidArgument, "input ", i, " is not in this graph");
    check(in.index >= 0 && in.index < static_cast<int>(graph_.node(in.node).outputs.size()),
          Code::kInvalidArgument, "input ", i, " is output ", in.index, " of '",
          graph_.node(in.node).name, "', which has ", graph_.node(in.node).outputs.size());
    return graph_.info(in).dtype;
  }

  // One tensor for `arg`: fixes the type attr, or checks against what it is already.
  void take_tensor(const ArgDef& arg, std::size_t i) {
    if (!spec_.inputs[i].valid()) {
      check(arg.optional, Code::kInvalidArgument, "input ", arg.name, " must be given");
      return;
    }
    const DType got = dtype_of_input(i);
    DType expected = arg.dtype;
    if (expected == DType::kInvalid) {
      AttrValue& attr = slot(arg.type_attr);
      if (std::holds_alternative<std::monostate>(attr)) {
        check_attr(*op_.find_attr(arg.type_attr), got);
        attr = got;
      }
      expected = std::get<DType>(attr);
    }
    check(got == expected, Code::kInvalidArgument, "input ", arg.name, " expected dtype ",
          name_of(expected), ", got ", name_of(got), " from '",
          graph_.node(spec_.inputs[i].node).name, "'");
  }

  // How many of the remaining inputs a list argument takes.
  std::size_t list_size(const ArgDef& arg, std::size_t remaining) {
    AttrValue& attr = slot(arg.number_attr.empty() ? arg.types_attr : arg.number_attr);
    if (const auto* n = std::get_if<std::int64_t>(&attr)) return static_cast<std::size_t>(*n);
    if (const auto* types = std::get_if<std::vector<DType>>(&attr)) return types->size();
    std::size_t after = 0;
    for (std::size_t a = static_cast<std::size_t>(&arg - op_.inputs.data()) + 1;
         a < op_.inputs.size(); ++a) {
      const bool counted = !op_.inputs[a].optional && !op_.inputs[a].is_list();
      after += counted ? 1 : 0;
    }
    return remaining >= after ? remaining - after : 0;
  }

  void take_list(const ArgDef& arg, std::size_t first, std::size_t count) {
    if (!arg.types_attr.empty()) {
      std::vector<DType> types;
      for (std::size_t k = 0; k < count; ++k) types.push_back(dtype_of_input(first + k));
      slot(arg.types_attr) = types;
      return;
    }
    slot(arg.number_attr) = static_cast<std::int64_t>(count);
    check_attr(*op_.find_attr(arg.number_attr), slot(arg.number_attr));
    for (std::size_t k = 0; k < count; ++k) take_tensor(arg, first + k);
  }

  void take_inputs() {
    std::size_t next = 0;
    for (const ArgDef& arg : op_.inputs) {
      const std::size_t remaining = spec_.inputs.size() - next;
      if (arg.is_list()) {
        const std::size_t count = list_size(arg, remaining);
        check(count <= remaining, Code::kInvalidArgument, "expected ", count, " inputs for ",
              arg.name, ", got ", remaining);
        take_list(arg, next, count);
        next += count;
      } else if (remaining > 0) {
        take_tensor(arg, next++);
      } else {
        check(arg.optional, Code::kInvalidArgument, "input ", arg.name, " is missing: got ",
              spec_.inputs.size(), " inputs");
        // Keeps the places of later arguments.
        node_.inputs.push_back({});
        ++next;
      }
      if (next > spec_.inputs.size()) next = spec_.inputs.size();
    }
    check(next == spec_.inputs.size(), Code::kInvalidArgument, "expected ", next, " inputs, got ",
          spec_.inputs.size());
  }

  void fill_defaults() {
    for (std::size_t i = 0; i < op_.attrs.size(); ++i) {
      AttrValue& value = node_.attr_values[i];
      if (!std::holds_alternative<std::monostate>(value)) continue;
      const AttrDef& def = op_.attrs[i];
      value = def.default_value;
      check(def.optional || !std::holds_alternative<std::monostate>(value), Code::kInvalidArgument,
            "attr ", def.name, " must be given: ", name_of(def.kind));
    }
  }

  void take_controls() {
    for (int control : spec_.controls) {
      check(control >= 0 && control < graph_.size(), Code::kInvalidArgument, "control input ",
            control, " is not in this graph");
      if (std::find(node_.controls.begin(), node_.controls.end(), control) == node_.controls.end()) {
        node_.controls.push_back(control);
      }
    }
  }

  DType output_dtype(const ArgDef& arg) {
    return arg.dtype != DType::kInvalid ? arg.dtype : std::get<DType>(slot(arg.type_attr));
  }

  void make_outputs() {
    for (const ArgDef& arg : op_.outputs) {
      if (!arg.types_attr.empty()) {
        for (DType d : std::get<std::vector<DType>>(slot(arg.types_attr))) add_output(d);
        continue;
      }
      const std::int64_t count =
          arg.number_attr.empty() ? 1 : std::get<std::int64_t>(slot(arg.number_attr));
      for (std::int64_t k = 0; k < count; ++k) add_output(output_dtype(arg));
    }
  }

  void add_output(DType dtype) { node_.outputs.push_back({dtype, Shape::unknown(), nullptr}); }

  const Graph& graph_;
  const NodeSpec& spec_;
  const OpDef& op_;
  Node node_;
};

}  // namespace

Node checked_node(const Graph& graph, const NodeSpec& spec) { return Builder(graph, spec).build(); }

}  // namespace tw
