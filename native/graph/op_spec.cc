#include "graph/op_spec.h"

#include <algorithm>
#include <charconv>

namespace tw {
namespace {

std::string_view trim(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

// Splits at the first `separator`; the second part is empty when there is none.
std::pair<std::string_view, std::string_view> cut(std::string_view s, std::string_view separator) {
  const std::size_t at = s.find(separator);
  if (at == std::string_view::npos) return {trim(s), {}};
  return {trim(s.substr(0, at)), trim(s.substr(at + separator.size()))};
}

std::vector<std::string_view> pieces(std::string_view s, char separator) {
  std::vector<std::string_view> found;
  while (!trim(s).empty()) {
    auto [piece, rest] = cut(s, std::string_view(&separator, 1));
    found.push_back(piece);
    s = rest;
  }
  return found;
}

template <class T>
T number(std::string_view s) {
  T value{};
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  check(error == std::errc() && end == s.data() + s.size(), Code::kInternal, "not a number: ", s);
  return value;
}

std::string_view inside(std::string_view s, char open, char close) {
  check(s.size() >= 2 && s.front() == open && s.back() == close, Code::kInternal, "expected ", open,
        "...", close, ", got ", s);
  return trim(s.substr(1, s.size() - 2));
}

std::optional<AttrKind> kind_named(std::string_view name) {
  for (int k = 0; k <= static_cast<int>(AttrKind::kShapes); ++k) {
    if (name == name_of(static_cast<AttrKind>(k))) return static_cast<AttrKind>(k);
  }
  return std::nullopt;
}

template <class T, class Parse>
std::vector<T> list_of(std::string_view s, Parse parse) {
  std::vector<T> values;
  for (std::string_view piece : pieces(inside(s, '[', ']'), ',')) values.push_back(parse(piece));
  return values;
}

AttrValue default_of(AttrKind kind, std::string_view s) {
  switch (kind) {
    case AttrKind::kInt: return number<std::int64_t>(s);
    case AttrKind::kFloat: return number<double>(s);
    case AttrKind::kBool: return s == "true";
    case AttrKind::kString: return std::string(s);
    case AttrKind::kType: return dtype_named(s);
    case AttrKind::kInts: return list_of<std::int64_t>(s, number<std::int64_t>);
    case AttrKind::kFloats: return list_of<double>(s, number<double>);
    case AttrKind::kStrings:
      return list_of<std::string>(s, [](std::string_view p) { return std::string(p); });
    case AttrKind::kTypes: return list_of<DType>(s, dtype_named);
    default: fail(Code::kInternal, "no default value is possible for an attr of kind ", name_of(kind));
  }
}

}  // namespace

std::vector<DType> dtypes_named(std::string_view name) {
  std::vector<DType> found;
  for (int i = 1; i < kDTypeCount; ++i) {
    const auto d = static_cast<DType>(i);
    const bool member = (name == "floating" && is_floating(d)) ||
                        (name == "integer" && is_integer(d)) ||
                        (name == "signed" && is_signed_integer(d)) ||
                        (name == "unsigned" && is_unsigned_integer(d)) ||
                        (name == "numeric" && (is_floating(d) || is_integer(d))) ||
                        (name == "real" && (is_floating(d) || is_integer(d) || d == DType::kBool)) ||
                        (name == "narrow" && is_narrow(d)) ||
                        (name == "any" && d != DType::kResource && d != DType::kVariant) || name == name_of(d);
    if (member) found.push_back(d);
  }
  return found;
}

ArgDef parse_arg(std::string_view spec) {
  auto [name, type] = cut(spec, ":");
  check(!name.empty() && !type.empty(), Code::kInternal, "malformed argument: ", spec);
  ArgDef arg;
  if (name.back() == '?') {
    arg.optional = true;
    name = trim(name.substr(0, name.size() - 1));
  }
  arg.name = std::string(name);
  if (auto [count, element] = cut(type, "*"); !element.empty()) {
    arg.number_attr = std::string(count);
    type = element;
  } else if (type.starts_with("list(")) {
    arg.types_attr = std::string(inside(type.substr(4), '(', ')'));
    return arg;
  }
  arg.dtype = dtype_named(type);
  if (arg.dtype == DType::kInvalid) arg.type_attr = std::string(type);
  return arg;
}

AttrDef parse_attr(std::string_view spec) {
  auto [name, rest] = cut(spec, ":");
  check(!name.empty() && !rest.empty(), Code::kInternal, "malformed attr: ", spec);
  AttrDef attr;
  attr.name = std::string(name);
  attr.hidden = name.front() == '_';
  std::string_view type = rest, initial;
  if (const std::size_t at = rest.rfind(" = "); at != std::string_view::npos) {
    type = trim(rest.substr(0, at));
    initial = trim(rest.substr(at + 3));
  }
  if (auto [kind, least] = cut(type, ">="); !least.empty()) {
    attr.least = number<std::int64_t>(least);
    type = kind;
  }
  if (type.back() == '?') {
    attr.optional = true;
    type = trim(type.substr(0, type.size() - 1));
  }
  if (type.front() == '{') {
    attr.kind = AttrKind::kString;
    for (std::string_view choice : pieces(inside(type, '{', '}'), ',')) attr.choices.emplace_back(choice);
  } else if (const auto kind = kind_named(type)) {
    attr.kind = *kind;  // "flag: bool" is a boolean attr, not a dtype that can only be bool
  } else {
    attr.kind = AttrKind::kType;
    for (std::string_view group : pieces(type, '|')) {
      const std::vector<DType> dtypes = dtypes_named(group);
      check(!dtypes.empty(), Code::kInternal, "no attr kind, dtype or group named ", group);
      attr.dtypes.insert(attr.dtypes.end(), dtypes.begin(), dtypes.end());
    }
  }
  if (!initial.empty()) attr.default_value = default_of(attr.kind, initial);
  return attr;
}

}  // namespace tw
