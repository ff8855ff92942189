#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/attr.h"

namespace tw {

class GradientContext;
class OpContext;
class PackContext;
class PermuteContext;
class RewriteContext;
class ShapeContext;

enum class Device { kCpu };

struct ArgDef {
  std::string name;
  DType dtype = DType::kInvalid;  // fixed, else by an attr:
  std::string type_attr;          // "x: T"
  std::string number_attr;        // "xs: N * T": as many tensors as attr N says
  std::string types_attr;         // "xs: Tin" with Tin: list(type)
  bool optional = false;          // "b?: T"; only after all others
  bool is_list() const noexcept { return !number_attr.empty() || !types_attr.empty(); }
};

struct AttrDef {
  std::string name;
  AttrKind kind = AttrKind::kInt;
  AttrValue default_value;            // monostate: must be given or inferred
  bool optional = false;              // may stay monostate
  bool hidden = false;                // "_name": set by passes, not part of the public wrappers
  std::vector<DType> dtypes;          // kType, kTypes: allowed
  std::vector<std::string> choices;   // kString: allowed
  std::optional<std::int64_t> least;  // kInt: minimum; lists: minimal length
};

using ShapeFn = void (*)(ShapeContext&);
using GradientFn = void (*)(GradientContext&);
using KernelFn = void (*)(OpContext&);
using PermuteFn = bool (*)(PermuteContext&);
using PackFn = void (*)(PackContext&);
using RewriteFn = bool (*)(RewriteContext&);

// What passes need to know an op by, since none of them names one.
enum class Role {
  kNone,
  kConst,        // attr value
  kPlaceholder,  // must be fed
  kParameter,    // a subgraph's input, by attr index
  kIdentity,     // output 0 is input 0
  kTranspose,    // x, constant perm
  kVariable,     // gives the handle of a variable
  kRead,         // reads the variable whose handle is input 0
  kWrite,        // changes the variables whose handles are inputs
  kFused,        // an elementwise cluster: attr _program
};

struct RewriteRule {
  const char* name;
  const char* anchor;      // the op at which the pattern ends
  bool changes_rounding;  // left out of strict sessions
  RewriteFn apply;
};

struct InPlace {
  int output, input;
};

// Everything that the engine knows about one op type; filled by OP(Name) in native/ops.
struct OpDef {
  std::string name;
  std::string doc;
  std::string api;  // public name; "" keeps the op out of the wrappers
  std::vector<ArgDef> inputs, outputs;
  std::vector<AttrDef> attrs;
  ShapeFn shape = nullptr;
  ShapeFn value = nullptr;
  GradientFn gradient = nullptr;
  std::string no_gradient_reason;
  KernelFn cpu_kernel = nullptr;
  Role role = Role::kNone;
  bool stateful = false;  // never folded, merged or dropped when asked for; keeps program order
  // Elementwise: the tile instruction (tile::Opcode), its immediates by attr name.
  int opcode = -1;
  std::vector<std::string> immediates;
  bool takes_epilogue = false;  // has attr _epilogue and list input _operands
  std::vector<InPlace> in_place;
  bool alias = false;  // output 0 is the memory of input 0
  bool branches = false;  // output i is result i of every subgraph
  PermuteFn permute = nullptr;
  PackFn pack = nullptr;

  int attr_index(std::string_view attr) const noexcept;  // -1: none
  const AttrDef* find_attr(std::string_view attr) const noexcept;
};

}  // namespace tw
