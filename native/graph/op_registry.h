#pragma once

#include <string_view>
#include <vector>

#include "graph/op_def.h"

namespace tw {

// One clause per thing to know about an op; see docs/adding-an-op.md. Specifications:
//   input("x: T"), input("xs: N * T"), input("axis: Tidx"), input("bias?: T")
//   attr("T: float16|float32"), attr("T: floating"), attr("axis: int = 0"),
//   attr("padding: {SAME, VALID} = SAME"), attr("N: int >= 1"), attr("strides: list(int)"),
//   attr("shape: shape?")    ("?": may be left out without a default)
// Type groups: floating, integer, signed, unsigned, numeric (floating or integer), real (numeric
// or bool), any.
class OpBuilder {
 public:
  explicit OpBuilder(const char* name);
  OpBuilder& doc(const char* text);
  // The public camelCase name; without this clause the op's own name in camelCase.
  OpBuilder& api(const char* name);
  OpBuilder& internal();
  OpBuilder& input(const char* spec);
  OpBuilder& output(const char* spec);
  OpBuilder& attr(const char* spec);
  OpBuilder& shape(ShapeFn fn);
  // Infers small integer outputs whose elements are partly known, for shapes made of shapes.
  OpBuilder& value(ShapeFn fn);
  OpBuilder& gradient(GradientFn fn);
  // The reason, or "pending".
  OpBuilder& no_gradient(const char* reason);
  OpBuilder& kernel(Device device, KernelFn fn);
  OpBuilder& role(Role role);
  OpBuilder& stateful();
  // The op is the tile instruction `opcode`; attrs named here become its immediates.
  OpBuilder& elementwise(int opcode, std::vector<std::string> immediates = {});
  OpBuilder& epilogue();
  // The output may be written over the input when both have the same bytes and nobody else reads.
  OpBuilder& in_place(int output, int input);
  // Output 0 is the memory of input 0 under the output's shape (Reshape); the kernel passes the
  // input on by set_output, and plans drop the step where they can.
  OpBuilder& alias();
  // Output i is result i of every subgraph: results that nobody uses need not be computed.
  OpBuilder& branches();
  // Rewrites the node for permuted inputs; see PermuteContext.
  OpBuilder& permute(PermuteFn fn);
  // Prepares constant operands once per plan template; see PackContext.
  OpBuilder& pack(PackFn fn);

 private:
  friend const std::vector<const OpDef*>& all_ops();
  OpDef def_;
  bool api_given_ = false;
  OpBuilder* next_;
};

// Sorted by name and checked: no duplicate, a shape function, a kernel, and a gradient or a
// stated reason for none. Frozen at the first call.
const std::vector<const OpDef*>& all_ops();
// nullptr: there is none.
const OpDef* find_op(std::string_view name);
// Throws kNotFound.
const OpDef& op_named(std::string_view name);

// A rule that recognises a pattern ending in a node of the op `anchor` and replaces its output 0;
// see RewriteContext. Stands beside the op that it makes, or in ops/rewrites.
class RewriteRegistration {
 public:
  explicit RewriteRegistration(RewriteRule rule);

 private:
  friend const std::vector<RewriteRule>& all_rewrites();
  RewriteRule rule_;
  RewriteRegistration* next_;
};

// Sorted by name.
const std::vector<RewriteRule>& all_rewrites();

#define TW_REWRITE(name, anchor, changes_rounding, fn)              \
  static ::tw::RewriteRegistration& rewrite_##name =                \
      (*new ::tw::RewriteRegistration({#name, anchor, changes_rounding, fn}))
// Keeps every bit of the result.
#define EXACT_REWRITE(name, anchor, fn) [[maybe_unused]] TW_REWRITE(name, anchor, false, fn)
// Changes rounding; not applied in strict sessions.
#define ROUNDING_REWRITE(name, anchor, fn) [[maybe_unused]] TW_REWRITE(name, anchor, true, fn)

#define OP(Name) [[maybe_unused]] static ::tw::OpBuilder& op_##Name = (*new ::tw::OpBuilder(#Name))

}  // namespace tw
