#include "binding/attrs.h"
#include "binding/call.h"
#include "binding/exports.h"

namespace tw::binding {
namespace {

// Without those that only passes fill, whose names begin with an underscore; they come last.
napi_value from_args(napi_env env, const std::vector<ArgDef>& args) {
  std::size_t shown = args.size();
  while (shown > 0 && args[shown - 1].name.starts_with('_')) --shown;
  napi_value list = new_array(env, shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const ArgDef& arg = args[i];
    napi_value object = new_object(env);
    set(env, object, "name", from_text(env, arg.name));
    set(env, object, "dtype", from_number(env, static_cast<int>(arg.dtype)));
    set(env, object, "typeAttr", from_text(env, arg.type_attr));
    set(env, object, "numberAttr", from_text(env, arg.number_attr));
    set(env, object, "typesAttr", from_text(env, arg.types_attr));
    set(env, object, "optional", from_flag(env, arg.optional));
    set_element(env, list, i, object);
  }
  return list;
}

napi_value from_attr_def(napi_env env, const AttrDef& attr) {
  napi_value object = new_object(env);
  set(env, object, "name", from_text(env, attr.name));
  set(env, object, "kind", from_text(env, name_of(attr.kind)));
  set(env, object, "optional", from_flag(env, attr.optional));
  set(env, object, "hidden", from_flag(env, attr.hidden));
  if (!std::holds_alternative<std::monostate>(attr.default_value)) {
    set(env, object, "defaultValue", from_attr(env, attr.default_value));
  }
  napi_value dtypes = new_array(env, attr.dtypes.size());
  for (std::size_t i = 0; i < attr.dtypes.size(); ++i) {
    set_element(env, dtypes, i, from_number(env, static_cast<int>(attr.dtypes[i])));
  }
  set(env, object, "dtypes", dtypes);
  set(env, object, "choices", from_attr(env, attr.choices));
  if (attr.least) set(env, object, "least", from_number(env, static_cast<double>(*attr.least)));
  return object;
}

napi_value from_op(napi_env env, const OpDef& op) {
  napi_value object = new_object(env);
  set(env, object, "name", from_text(env, op.name));
  set(env, object, "doc", from_text(env, op.doc));
  set(env, object, "api", from_text(env, op.api));
  set(env, object, "inputs", from_args(env, op.inputs));
  set(env, object, "outputs", from_args(env, op.outputs));
  napi_value attrs = new_array(env, op.attrs.size());
  for (std::size_t i = 0; i < op.attrs.size(); ++i) {
    set_element(env, attrs, i, from_attr_def(env, op.attrs[i]));
  }
  set(env, object, "attrs", attrs);
  set(env, object, "stateful", from_flag(env, op.stateful));
  set(env, object, "noGradient", from_text(env, op.no_gradient_reason));
  return object;
}

napi_value list_ops(Call& call) {
  const auto& ops = all_ops();
  napi_value list = new_array(call.env, ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) set_element(call.env, list, i, from_op(call.env, *ops[i]));
  return list;
}

napi_value describe_op(Call& call) {
  return from_op(call.env, op_named(to_text(call.env, call[0], "op type")));
}

napi_value has_op(Call& call) {
  return from_flag(call.env, find_op(to_text(call.env, call[0], "op type")) != nullptr);
}

napi_value isa(Call& call) { return from_text(call.env, engine_info().isa); }
napi_value threads(Call& call) { return from_number(call.env, engine_info().threads); }
napi_value memory_limit(Call& call) {
  return from_number(call.env, static_cast<double>(engine_info().memory_limit));
}

}  // namespace

const std::vector<Export>& registry_exports() {
  static const std::vector<Export> list = {
      {"listOps", guarded<list_ops>}, {"describeOp", guarded<describe_op>},
      {"hasOp", guarded<has_op>},     {"isa", guarded<isa>},
      {"threads", guarded<threads>},  {"memoryLimit", guarded<memory_limit>},
  };
  return list;
}

}  // namespace tw::binding
