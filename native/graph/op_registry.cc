#include "graph/op_registry.h"

#include <algorithm>
#include <unordered_map>

#include "graph/op_spec.h"

namespace tw {
namespace {

OpBuilder* head = nullptr;
RewriteRegistration* rewrite_head = nullptr;

std::string camel_case(const std::string& name) {
  std::string out = name;
  // A leading run of capitals goes down up to the last one before a small letter: LRN -> lrn.
  for (std::size_t i = 0; i < out.size() && std::isupper(static_cast<unsigned char>(out[i])); ++i) {
    const bool last_of_run = i > 0 && i + 1 < out.size() &&
                             std::islower(static_cast<unsigned char>(out[i + 1]));
    if (last_of_run) break;
    out[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[i])));
  }
  // The D of dimensions too: Conv2D -> conv2d.
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i] == 'D' && std::isdigit(static_cast<unsigned char>(out[i - 1]))) out[i] = 'd';
  }
  return out;
}

void check_args(const OpDef& op, const std::vector<ArgDef>& args) {
  for (const ArgDef& arg : args) {
    for (const std::string& attr : {arg.type_attr, arg.number_attr, arg.types_attr}) {
      check(attr.empty() || op.attr_index(attr) >= 0, Code::kInternal, "op ", op.name,
            ": argument ", arg.name, " names the attr ", attr, ", which is not defined");
    }
  }
}

void check_op(const OpDef& op) {
  const bool has_word = op.gradient != nullptr || !op.no_gradient_reason.empty();
  check(op.shape != nullptr && has_word && !op.doc.empty(), Code::kInternal, "op ", op.name,
        " lacks a doc, a shape function, or a word on its gradient");
  check_args(op, op.inputs);
  check_args(op, op.outputs);
}

}  // namespace

int OpDef::attr_index(std::string_view attr) const noexcept {
  for (std::size_t i = 0; i < attrs.size(); ++i) {
    if (attrs[i].name == attr) return static_cast<int>(i);
  }
  return -1;
}

const AttrDef* OpDef::find_attr(std::string_view attr) const noexcept {
  const int index = attr_index(attr);
  return index < 0 ? nullptr : &attrs[static_cast<std::size_t>(index)];
}

OpBuilder::OpBuilder(const char* name) : next_(head) {
  def_.name = name;
  head = this;
}

OpBuilder& OpBuilder::doc(const char* text) { return def_.doc = text, *this; }
OpBuilder& OpBuilder::api(const char* name) {
  def_.api = name;
  api_given_ = true;
  return *this;
}
OpBuilder& OpBuilder::internal() { return api(""); }
OpBuilder& OpBuilder::input(const char* spec) {
  def_.inputs.push_back(parse_arg(spec));
  return *this;
}
OpBuilder& OpBuilder::output(const char* spec) {
  def_.outputs.push_back(parse_arg(spec));
  return *this;
}
OpBuilder& OpBuilder::attr(const char* spec) {
  def_.attrs.push_back(parse_attr(spec));
  return *this;
}
OpBuilder& OpBuilder::shape(ShapeFn fn) { return def_.shape = fn, *this; }
OpBuilder& OpBuilder::value(ShapeFn fn) { return def_.value = fn, *this; }
OpBuilder& OpBuilder::gradient(GradientFn fn) { return def_.gradient = fn, *this; }
OpBuilder& OpBuilder::no_gradient(const char* reason) {
  return def_.no_gradient_reason = reason, *this;
}
OpBuilder& OpBuilder::kernel(Device, KernelFn fn) { return def_.cpu_kernel = fn, *this; }
OpBuilder& OpBuilder::role(Role role) { return def_.role = role, *this; }
OpBuilder& OpBuilder::stateful() { return def_.stateful = true, *this; }
OpBuilder& OpBuilder::elementwise(int opcode, std::vector<std::string> immediates) {
  def_.opcode = opcode;
  def_.immediates = std::move(immediates);
  return *this;
}
OpBuilder& OpBuilder::epilogue() {
  def_.takes_epilogue = true;
  def_.attrs.push_back(parse_attr("_epilogue: program?"));
  def_.attrs.push_back(parse_attr("_operand_types: list(type) = []"));
  def_.inputs.push_back(parse_arg("_operands: list(_operand_types)"));
  return *this;
}
OpBuilder& OpBuilder::in_place(int output, int input) {
  def_.in_place.push_back({output, input});
  return *this;
}
OpBuilder& OpBuilder::alias() { return def_.alias = true, *this; }
OpBuilder& OpBuilder::branches() {
  def_.branches = true;
  return *this;
}

OpBuilder& OpBuilder::permute(PermuteFn fn) { return def_.permute = fn, *this; }
OpBuilder& OpBuilder::pack(PackFn fn) { return def_.pack = fn, *this; }
RewriteRegistration::RewriteRegistration(RewriteRule rule) : rule_(rule), next_(rewrite_head) {
  rewrite_head = this;
}

const std::vector<RewriteRule>& all_rewrites() {
  static const auto& rules = *[] {
    auto* found = new std::vector<RewriteRule>;
    for (auto* r = rewrite_head; r != nullptr; r = r->next_) found->push_back(r->rule_);
    std::sort(found->begin(), found->end(), [](const RewriteRule& a, const RewriteRule& b) {
      return std::string_view(a.name) < std::string_view(b.name);
    });
    return found;
  }();
  return rules;
}

const std::vector<const OpDef*>& all_ops() {
  static const std::vector<const OpDef*>& ops = *[] {
    auto* found = new std::vector<const OpDef*>;
    for (OpBuilder* b = head; b != nullptr; b = b->next_) {
      if (!b->api_given_) b->def_.api = camel_case(b->def_.name);
      check_op(b->def_);
      found->push_back(&b->def_);
    }
    std::sort(found->begin(), found->end(), [](auto* a, auto* b) { return a->name < b->name; });
    for (std::size_t i = 1; i < found->size(); ++i) {
      check((*found)[i - 1]->name != (*found)[i]->name, Code::kInternal, "op ", (*found)[i]->name,
            " is registered twice");
    }
    return found;
  }();
  return ops;
}

const OpDef* find_op(std::string_view name) {
  static const auto& by_name = *[] {
    auto* map = new std::unordered_map<std::string_view, const OpDef*>;
    for (const OpDef* op : all_ops()) map->emplace(op->name, op);
    return map;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

const OpDef& op_named(std::string_view name) {
  const OpDef* op = find_op(name);
  check(op != nullptr, Code::kNotFound, "Op type not registered '", name, "'");
  return *op;
}

}  // namespace tw
