#include "binding/attrs.h"

#include "binding/block.h"
#include "binding/feeds.h"
#include "binding/graph_box.h"
#include "binding/values.h"

namespace tw::binding {
namespace {

Tensor to_tensor(napi_env env, napi_value value, const char* what) {
  const DType dtype = to_dtype(env, property(env, value, "dtype"), what);
  const Shape shape = to_shape(env, property(env, value, "shape"), what);
  check(shape.fully_known(), Code::kInvalidArgument, what, ": the value's shape is ", shape);
  const napi_value block = property(env, value, "block");
  if (!is_nothing(env, block)) return take_block(env, dtype, shape, block);
  return copy_to_tensor(env, dtype, shape, property(env, value, "data"), heap_allocator());
}

template <class T, class Convert>
std::vector<T> to_list(napi_env env, napi_value array, const char* what, Convert convert) {
  std::vector<T> list;
  const std::uint32_t length = length_of(env, array, what);
  for (std::uint32_t i = 0; i < length; ++i) {
    list.push_back(convert(env, element_at(env, array, i), what));
  }
  return list;
}

AttrValue to_attr(napi_env env, AttrKind kind, napi_value value, const char* what) {
  switch (kind) {
    case AttrKind::kInt: return to_integer(env, value, what);
    case AttrKind::kFloat: return to_number(env, value, what);
    case AttrKind::kBool: return to_flag(env, value, what);
    case AttrKind::kString: return to_text(env, value, what);
    case AttrKind::kType: return to_dtype(env, value, what);
    case AttrKind::kShape: return to_shape(env, value, what);
    case AttrKind::kTensor: return to_tensor(env, value, what);
    case AttrKind::kGraph: return GraphRef(graph_box(env, value).graph);
    case AttrKind::kProgram: break;
    case AttrKind::kInts: return to_list<std::int64_t>(env, value, what, to_integer);
    case AttrKind::kFloats: return to_list<double>(env, value, what, to_number);
    case AttrKind::kStrings: return to_list<std::string>(env, value, what, to_text);
    case AttrKind::kTypes: return to_list<DType>(env, value, what, to_dtype);
    case AttrKind::kShapes: return to_list<Shape>(env, value, what, to_shape);
  }
  fail(Code::kInvalidArgument, what, ": cannot be given");
}

template <class List, class Make>
napi_value from_list(napi_env env, const List& list, Make make) {
  napi_value array = new_array(env, list.size());
  for (std::size_t i = 0; i < list.size(); ++i) set_element(env, array, i, make(list[i]));
  return array;
}

// One overload per alternative of AttrValue; what has no plain form becomes null.
struct ToJs {
  napi_env env;
  napi_value operator()(std::monostate) const { return nothing(env); }
  // A bigint where a number would lose digits.
  napi_value operator()(std::int64_t v) const {
    constexpr std::int64_t kSafe = (std::int64_t{1} << 53) - 1;
    if (v >= -kSafe && v <= kSafe) return from_number(env, static_cast<double>(v));
    napi_value big = nullptr;
    ok(env, napi_create_bigint_int64(env, v, &big), "attr");
    return big;
  }
  napi_value operator()(double v) const { return from_number(env, v); }
  napi_value operator()(bool v) const { return from_flag(env, v); }
  napi_value operator()(const std::string& v) const { return from_text(env, v); }
  napi_value operator()(DType v) const { return from_text(env, name_of(v)); }
  napi_value operator()(const Shape& v) const { return from_shape(env, v); }
  template <class T>
  napi_value operator()(const std::vector<T>& list) const {
    return from_list(env, list, [this](const T& item) { return (*this)(item); });
  }
  napi_value operator()(const Tensor&) const { return null(env); }
  napi_value operator()(const GraphRef&) const { return null(env); }
  napi_value operator()(const ProgramRef&) const { return null(env); }
};

}  // namespace

AttrMap to_attrs(napi_env env, const OpDef& op, napi_value list) {
  AttrMap attrs;
  const std::uint32_t length = length_of(env, list, "attrs");
  for (std::uint32_t i = 0; i + 1 < length; i += 2) {
    const std::string name = to_text(env, element_at(env, list, i), "attr");
    const AttrDef* def = op.find_attr(name);
    check(def != nullptr, Code::kInvalidArgument, op.name, " has no attr '", name, "'");
    attrs.emplace_back(name, to_attr(env, def->kind, element_at(env, list, i + 1), name.c_str()));
  }
  return attrs;
}

napi_value from_attr(napi_env env, const AttrValue& value) { return std::visit(ToJs{env}, value); }

}  // namespace tw::binding
