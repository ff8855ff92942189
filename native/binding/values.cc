#include "binding/values.h"

#include <cmath>

namespace tw::binding {

void ok(napi_env env, napi_status status, const char* what) {
  if (status == napi_ok) [[likely]] return;
  // Before any other call, which would forget it.
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  const char* why = info != nullptr && info->error_message != nullptr ? info->error_message : "?";
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) throw PendingException{};
  fail(Code::kInvalidArgument, what, ": ", why);
}

double to_number(napi_env env, napi_value value, const char* what) {
  double number = 0;
  ok(env, napi_get_value_double(env, value, &number), what);
  return number;
}

std::int64_t to_integer(napi_env env, napi_value value, const char* what) {
  if (type_of(env, value) == napi_bigint) {
    std::int64_t integer = 0;
    bool lossless = false;
    ok(env, napi_get_value_bigint_int64(env, value, &integer, &lossless), what);
    check(lossless, Code::kInvalidArgument, what, ": expected an integer of 64 bits");
    return integer;
  }
  const double number = to_number(env, value, what);
  check(number == std::trunc(number) && std::abs(number) <= 0x1p53, Code::kInvalidArgument, what,
        ": expected an integer, got ", number);
  return static_cast<std::int64_t>(number);
}

bool to_flag(napi_env env, napi_value value, const char* what) {
  bool flag = false;
  ok(env, napi_get_value_bool(env, value, &flag), what);
  return flag;
}

std::string to_text(napi_env env, napi_value value, const char* what) {
  std::size_t length = 0;
  ok(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length), what);
  std::string text(length, '\0');
  ok(env, napi_get_value_string_utf8(env, value, text.data(), length + 1, &length), what);
  return text;
}

napi_valuetype type_of(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  ok(env, napi_typeof(env, value, &type));
  return type;
}

bool is_nothing(napi_env env, napi_value value) {
  const napi_valuetype type = type_of(env, value);
  return type == napi_undefined || type == napi_null;
}

std::uint32_t length_of(napi_env env, napi_value array, const char* what) {
  std::uint32_t length = 0;
  ok(env, napi_get_array_length(env, array, &length), what);
  return length;
}

napi_value element_at(napi_env env, napi_value array, std::uint32_t index) {
  napi_value value = nullptr;
  ok(env, napi_get_element(env, array, index, &value));
  return value;
}

napi_value property(napi_env env, napi_value object, const char* name) {
  napi_value value = nullptr;
  ok(env, napi_get_named_property(env, object, name, &value), name);
  return value;
}

std::vector<int> to_ids(napi_env env, napi_value array, const char* what) {
  std::vector<int> ids(length_of(env, array, what));
  for (std::uint32_t i = 0; i < ids.size(); ++i) {
    ids[i] = static_cast<int>(to_integer(env, element_at(env, array, i), what));
  }
  return ids;
}

std::vector<Output> to_outputs(napi_env env, napi_value array, const char* what) {
  const std::vector<int> flat = to_ids(env, array, what);
  std::vector<Output> outputs(flat.size() / 2);
  for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i] = {flat[2 * i], flat[2 * i + 1]};
  return outputs;
}

Shape to_shape(napi_env env, napi_value value, const char* what) {
  if (is_nothing(env, value)) return Shape::unknown();
  const std::uint32_t rank = length_of(env, value, what);
  check(rank <= kMaxRank, Code::kInvalidArgument, what, ": expected at most ", kMaxRank,
        " dims, got ", rank);
  Shape shape;
  for (std::uint32_t i = 0; i < rank; ++i) {
    const napi_value dim = element_at(env, value, i);
    shape.push_back(is_nothing(env, dim) ? kUnknownDim : to_integer(env, dim, what));
  }
  return shape;
}

DType to_dtype(napi_env env, napi_value name, const char* what) {
  const std::string text = to_text(env, name, what);
  const DType dtype = dtype_named(text);
  check(dtype != DType::kInvalid, Code::kInvalidArgument, what, ": no dtype is named ", text);
  return dtype;
}

napi_value from_number(napi_env env, double value) {
  napi_value number = nullptr;
  ok(env, napi_create_double(env, value, &number));
  return number;
}

napi_value from_text(napi_env env, const std::string& text) {
  napi_value value = nullptr;
  ok(env, napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value from_flag(napi_env env, bool flag) {
  napi_value value = nullptr;
  ok(env, napi_get_boolean(env, flag, &value));
  return value;
}

napi_value nothing(napi_env env) {
  napi_value value = nullptr;
  ok(env, napi_get_undefined(env, &value));
  return value;
}

napi_value null(napi_env env) {
  napi_value value = nullptr;
  ok(env, napi_get_null(env, &value));
  return value;
}

napi_value new_array(napi_env env, std::size_t length) {
  napi_value array = nullptr;
  ok(env, napi_create_array_with_length(env, length, &array));
  return array;
}

void set_element(napi_env env, napi_value array, std::size_t index, napi_value value) {
  ok(env, napi_set_element(env, array, static_cast<std::uint32_t>(index), value));
}

napi_value new_object(napi_env env) {
  napi_value object = nullptr;
  ok(env, napi_create_object(env, &object));
  return object;
}

void set(napi_env env, napi_value object, const char* name, napi_value value) {
  ok(env, napi_set_named_property(env, object, name, value));
}

napi_value from_outputs(napi_env env, const std::vector<Output>& outputs) {
  napi_value array = new_array(env, 2 * outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    set_element(env, array, 2 * i, from_number(env, outputs[i].node));
    set_element(env, array, 2 * i + 1, from_number(env, outputs[i].index));
  }
  return array;
}

napi_value from_shape(napi_env env, const Shape& shape) {
  if (!shape.has_rank()) return null(env);
  napi_value array = new_array(env, static_cast<std::size_t>(shape.rank()));
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const bool known = shape[axis] != kUnknownDim;
    set_element(env, array, static_cast<std::size_t>(axis),
                known ? from_number(env, static_cast<double>(shape[axis])) : null(env));
  }
  return array;
}

}  // namespace tw::binding
