#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tensor/tensor.h"

namespace tw {

class Graph;
namespace tile {
struct Program;
}

// A subgraph: its parameters are Parameter nodes, its results are listed by the graph.
using GraphRef = std::shared_ptr<const Graph>;
using ProgramRef = std::shared_ptr<const tile::Program>;

// std::monostate: not given.
using AttrValue =
    std::variant<std::monostate, std::int64_t, double, bool, std::string, DType, Shape, Tensor,
                 GraphRef, ProgramRef, std::vector<std::int64_t>, std::vector<double>,
                 std::vector<std::string>, std::vector<DType>, std::vector<Shape>>;

enum class AttrKind {
  kInt,
  kFloat,
  kBool,
  kString,
  kType,
  kShape,
  kTensor,
  kGraph,
  kProgram,
  kInts,
  kFloats,
  kStrings,
  kTypes,
  kShapes,
};

// "int", "list(int)" and so on, as attr specifications spell it.
const char* name_of(AttrKind kind) noexcept;
bool is_of_kind(const AttrValue& value, AttrKind kind) noexcept;
bool equal(const AttrValue& a, const AttrValue& b);
std::uint64_t content_hash(const AttrValue& value);

// Attributes by name, as given to a builder.
using AttrMap = std::vector<std::pair<std::string, AttrValue>>;

struct OpDef;

// The attributes of one node: values in the order of the op's attr definitions, defaults filled in.
class Attrs {
 public:
  Attrs(const OpDef& op, const std::vector<AttrValue>& values) : op_(&op), values_(&values) {}

  const OpDef& op() const noexcept { return *op_; }

  // T is the alternative of AttrValue that the attr's kind asks for.
  template <class T>
  const T& get(std::string_view name) const {
    return std::get<T>(value(name));
  }
  std::int64_t integer(std::string_view name) const { return get<std::int64_t>(name); }
  double real(std::string_view name) const { return get<double>(name); }
  bool flag(std::string_view name) const { return get<bool>(name); }
  const std::string& string(std::string_view name) const { return get<std::string>(name); }
  DType dtype(std::string_view name) const { return get<DType>(name); }
  const std::vector<std::int64_t>& integers(std::string_view name) const {
    return get<std::vector<std::int64_t>>(name);
  }
  // Throws kInternal for a name that the op does not define.
  const AttrValue& value(std::string_view name) const;
  bool given(std::string_view name) const {
    return !std::holds_alternative<std::monostate>(value(name));
  }

 private:
  const OpDef* op_;
  const std::vector<AttrValue>* values_;
};

}  // namespace tw
