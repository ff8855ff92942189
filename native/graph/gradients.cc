#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "graph/gradient_context.h"

namespace tw {
namespace {

bool differentiable(DType d) { return is_floating(d) || is_complex(d); }

class Differentiation {
 public:
  Differentiation(Graph& graph, std::span<const Output> ys, std::span<const Output> xs,
                  const GradientOptions& options)
      : graph_(graph), ys_(ys), xs_(xs), options_(options), last_(graph.size()) {}

  std::vector<Output> run() {
    mark_path();
    seed();
    for (int id = last_ - 1; id >= 0; --id) {
      if (on_path_[static_cast<std::size_t>(id)]) visit(id);
    }
    std::vector<Output> found;
    for (Output x : xs_) found.push_back(total(x));
    return found;
  }

 private:
  bool stopped(Output o) const {
    const auto& stops = options_.stop_gradients;
    return std::find(stops.begin(), stops.end(), o) != stops.end();
  }

  // A node is on the path when an x reaches it and it reaches a y, through floating values, handles
  // and sequences: the ops of the latter must say that they have no gradient.
  void mark_path() {
    const auto size = static_cast<std::size_t>(last_);
    std::vector<bool> from_x(size), to_y(size);
    for (Output x : xs_) from_x[static_cast<std::size_t>(x.node)] = true;
    for (Output y : ys_) to_y[static_cast<std::size_t>(y.node)] = true;
    for (int id = 0; id < last_; ++id) {
      for (Output in : graph_.node(id).inputs) {
        if (in.valid() && from_x[static_cast<std::size_t>(in.node)] && carries(in)) {
          from_x[static_cast<std::size_t>(id)] = true;
        }
      }
    }
    for (int id = last_ - 1; id >= 0; --id) {
      if (!to_y[static_cast<std::size_t>(id)]) continue;
      for (Output in : graph_.node(id).inputs) {
        if (in.valid() && carries(in)) to_y[static_cast<std::size_t>(in.node)] = true;
      }
    }
    on_path_.resize(size);
    for (std::size_t i = 0; i < size; ++i) on_path_[i] = from_x[i] && to_y[i];
  }

  // An x that is stopped ends paths, but gradients come as far as that.
  bool carries(Output o) const {
    const DType d = graph_.info(o).dtype;
    const bool typed = differentiable(d) || d == DType::kResource || d == DType::kVariant;
    return typed && (!stopped(o) || std::find(xs_.begin(), xs_.end(), o) != xs_.end());
  }

  void seed() {
    for (std::size_t i = 0; i < ys_.size(); ++i) {
      const Output y = ys_[i];
      check(differentiable(graph_.info(y).dtype), Code::kInvalidArgument,
            "Gradients of tensors must be floating, got dtype ", name_of(graph_.info(y).dtype),
            " for '", graph_.node(y.node).name, "'");
      const bool given = i < options_.grad_ys.size() && options_.grad_ys[i].valid();
      check(given || !is_complex(graph_.info(y).dtype), Code::kInvalidArgument,
            "Gradients of complex tensors must set grad_ys (y.dtype = ",
            name_of(graph_.info(y).dtype), ")");
      if (given) check_grad_y(y, options_.grad_ys[i]);
      add(y, given ? options_.grad_ys[i] : ones_like(y));
    }
  }

  void check_grad_y(Output y, Output grad) const {
    const OutputInfo &of = graph_.info(y), &given = graph_.info(grad);
    check(of.dtype == given.dtype && compatible(of.shape, given.shape), Code::kInvalidArgument,
          "the gradient given for '", graph_.node(y.node).name, "' must be of ", name_of(of.dtype),
          " and shape ", of.shape, ", got ", name_of(given.dtype), " ", given.shape);
  }

  Output ones_like(Output y) {
    return {graph_.add({"OnesLike", "gradients/grad_ys", {y}, {}, {}, ""}), 0};
  }

  void add(Output of, Output grad) { parts_[of].push_back(grad); }

  // The sum of all gradients that reached a value; made once.
  Output total(Output o) {
    const auto found = parts_.find(o);
    if (found == parts_.end()) return {};
    std::vector<Output>& parts = found->second;
    if (parts.size() > 1) {
      const std::string name = "gradients/AddN";
      parts = {Output{graph_.add({"AddN", name, parts, {}, {}, ""}), 0}};
    }
    return parts.front();
  }

  // An op without a gradient has a derivative of zero, or it must not be passed over in silence.
  void check_constant(const Node& node) const {
    const std::string_view reason = node.op->no_gradient_reason, missing = "not registered: ";
    const bool undefined = reason == "pending" || reason.starts_with("not registered");
    const bool said = reason.starts_with(missing);
    check(!undefined, Code::kUnimplemented, "No gradient defined for operation '", node.name,
          "' (op type: ", node.op->name, said ? "): " : ")",
          said ? reason.substr(missing.size()) : std::string_view());
  }

  void apply_rule(int id, GradientContext& context) {
    try {
      graph_.node(id).op->gradient(context);
    } catch (const Error& e) {
      throw e.at(graph_.node(id).op->name, graph_.node(id).name);
    }
  }

  void visit(int id) {
    const std::size_t outputs = graph_.node(id).outputs.size();
    std::vector<Output> grads;
    bool any = false;
    for (std::size_t k = 0; k < outputs; ++k) {
      const Output o{id, static_cast<int>(k)};
      grads.push_back(stopped(o) ? Output{} : total(o));
      any = any || grads.back().valid();
    }
    if (!any || is_source(graph_.node(id))) return;
    if (graph_.node(id).op->gradient == nullptr) return check_constant(graph_.node(id));
    GradientContext context(graph_, id, grads);
    apply_rule(id, context);
    for (int i = 0; i < context.inputs(); ++i) {
      if (context.input(i).valid()) add(context.input_value(i), context.input(i));
    }
  }

  // Nothing to differentiate further: an x whose producer is not on a path from another x.
  bool is_source(const Node& node) const {
    return std::none_of(node.inputs.begin(), node.inputs.end(), [&](Output in) {
      return in.valid() && on_path_[static_cast<std::size_t>(in.node)];
    });
  }

  Graph& graph_;
  std::span<const Output> ys_, xs_;
  const GradientOptions& options_;
  const int last_;
  std::vector<bool> on_path_;
  std::unordered_map<Output, std::vector<Output>, OutputHash> parts_;
};

}  // namespace

std::vector<Output> gradients(Graph& graph, std::span<const Output> ys, std::span<const Output> xs,
                              const GradientOptions& options) {
  return Differentiation(graph, ys, xs, options).run();
}

}  // namespace tw
