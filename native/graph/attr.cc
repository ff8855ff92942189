#include "graph/attr.h"

#include "graph/op_def.h"

namespace tw {

const char* name_of(AttrKind kind) noexcept {
  switch (kind) {
    case AttrKind::kInt: return "int";
    case AttrKind::kFloat: return "float";
    case AttrKind::kBool: return "bool";
    case AttrKind::kString: return "string";
    case AttrKind::kType: return "type";
    case AttrKind::kShape: return "shape";
    case AttrKind::kTensor: return "tensor";
    case AttrKind::kGraph: return "graph";
    case AttrKind::kProgram: return "program";
    case AttrKind::kInts: return "list(int)";
    case AttrKind::kFloats: return "list(float)";
    case AttrKind::kStrings: return "list(string)";
    case AttrKind::kTypes: return "list(type)";
    case AttrKind::kShapes: return "list(shape)";
  }
  return "?";
}

bool is_of_kind(const AttrValue& value, AttrKind kind) noexcept {
  switch (kind) {
    case AttrKind::kInt: return std::holds_alternative<std::int64_t>(value);
    case AttrKind::kFloat: return std::holds_alternative<double>(value);
    case AttrKind::kBool: return std::holds_alternative<bool>(value);
    case AttrKind::kString: return std::holds_alternative<std::string>(value);
    case AttrKind::kType: return std::holds_alternative<DType>(value);
    case AttrKind::kShape: return std::holds_alternative<Shape>(value);
    case AttrKind::kTensor: return std::holds_alternative<Tensor>(value);
    case AttrKind::kGraph: return std::holds_alternative<GraphRef>(value);
    case AttrKind::kProgram: return std::holds_alternative<ProgramRef>(value);
    case AttrKind::kInts: return std::holds_alternative<std::vector<std::int64_t>>(value);
    case AttrKind::kFloats: return std::holds_alternative<std::vector<double>>(value);
    case AttrKind::kStrings: return std::holds_alternative<std::vector<std::string>>(value);
    case AttrKind::kTypes: return std::holds_alternative<std::vector<DType>>(value);
    case AttrKind::kShapes: return std::holds_alternative<std::vector<Shape>>(value);
  }
  return false;
}

bool equal(const AttrValue& a, const AttrValue& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&]<class T>(const T& x) {
        const T& y = *std::get_if<T>(&b);
        if constexpr (std::is_same_v<T, Tensor>) {
          return identical(x, y);
        } else {
          return x == y;
        }
      },
      a);
}

namespace {

template <class T>
std::uint64_t hash_of(const T& x) {
  if constexpr (std::is_same_v<T, Tensor>) {
    return content_hash(x);
  } else if constexpr (std::is_same_v<T, std::monostate>) {
    return 0;
  } else if constexpr (std::is_same_v<T, Shape>) {
    return std::hash<std::string>()(x.to_string());
  } else if constexpr (requires { std::hash<T>()(x); }) {
    return std::hash<T>()(x);
  } else {
    std::uint64_t h = x.size();
    for (const auto& item : x) h = h * 31 + hash_of(item);
    return h;
  }
}

}  // namespace

std::uint64_t content_hash(const AttrValue& value) {
  return std::visit([](const auto& x) { return hash_of(x); }, value) * 31 + value.index();
}

const AttrValue& Attrs::value(std::string_view name) const {
  const int index = op_->attr_index(name);
  check(index >= 0, Code::kInternal, "op ", op_->name, " has no attr ", name);
  return (*values_)[static_cast<std::size_t>(index)];
}

}  // namespace tw
