#include "ops/control/loop_gradient.h"

#include <algorithm>

#include "graph/part.h"
#include "ops/control/differentiate.h"
#include "ops/control/kept_values.h"
#include "ops/control/row_gradient.h"

namespace tw {
namespace {

class LoopGradient {
 public:
  LoopGradient(GradientContext& g, const LoopParts& parts)
      : g_(g),
        parts_(parts),
        loop_(g.output_value(0).node),
        body_(g.attrs().get<GraphRef>("body")),
        ys_(differentiated()),
        gradient_(*body_, ys_) {}

  void add() {
    differentiate();
    const std::vector<Output> results = all_results();
    if (results.empty()) return;
    give_needed(results);
    std::vector<Given> given = states_;
    given.insert(given.end(), slices_.begin(), slices_.end());
    given.insert(given.end(), same_.begin(), same_.end());
    const std::shared_ptr<Graph> body = with_parameters(gradient_.graph(), given, results);
    check_repeatable(*body);
    body->finalize();
    const int node = add_scan(body);
    for (std::size_t k = 0; k < into_.size(); ++k) {
      g_.input(into_[k]) = {node, static_cast<int>(k)};
    }
    for (std::size_t k = 0; k < lookups_.size(); ++k) {
      const int at = static_cast<int>(into_.size() + 2 * k);
      add_rows(lookups_[k], {{node, at}, {node, at + 1}});
    }
  }

 private:
  // Rows of input `input` that a step reads.
  struct Lookup {
    int input;
    GradientRows rows;
  };

  // The results that gradients come from.
  std::vector<int> differentiated() const {
    std::vector<int> ys;
    for (std::size_t k = 0; k < body_->results.size(); ++k) {
      const DType dtype = body_->info(body_->results[k]).dtype;
      if (!carries_gradients(dtype) || dtype == DType::kResource) continue;
      const int result = static_cast<int>(k);
      // What is handed on has its gradient by itself.
      const bool carried = k < parts_.carried && parts_.parameters[k] == Fed::kState;
      const bool stacked = k >= parts_.carried && g_.has_output_grad(result);
      if (carried || stacked) ys.push_back(result);
    }
    return ys;
  }

  OutputInfo info(Output value) const { return g_.info(value); }
  Output parameter(std::size_t i) { return {gradient_.graph().parameters()[i], 0}; }
  Shape shape_of(std::size_t parameter) const {
    return body_->node(body_->parameters()[parameter]).outputs[0].shape;
  }

  // Gradients of states are states, those of stacked outputs are slices; those of what is the same
  // in each step are summed up in a further state.
  void differentiate() {
    const std::size_t own = parts_.parameters.size();
    std::size_t next = own;
    for (int k : ys_) {
      const Output grad = parameter(next++);
      if (static_cast<std::size_t>(k) < parts_.carried) {
        const Shape shape = shape_of(static_cast<std::size_t>(k));
        const DType dtype = gradient_.graph().info(grad).dtype;
        add_state(k, grad, shape, g_.output_grad(k),
                  gradient_.shaped(gradient_.of_parameter(k, dtype), shape));
      } else {
        add_slices(grad, g_.output_grad(k));
      }
    }
    for (std::size_t i = 0; i < own; ++i) {
      const int p = static_cast<int>(i);
      if (parts_.parameters[i] == Fed::kSame) sum_up(p);
      if (parts_.parameters[i] == Fed::kSlice && gradient_.reaches(p)) stack(p);
    }
  }

  void add_state(int input, Output parameter, const Shape& shape, Output first, Output next) {
    into_states_.push_back(input);
    states_.push_back({parameter, shape});
    inputs_[0].push_back(first);
    next_.push_back(next);
  }

  void add_slices(Output parameter, Output stacked) {
    slices_.push_back({parameter, gradient_.graph().info(parameter).shape});
    inputs_[1].push_back(stacked);
  }

  bool is_handle(int i) const { return info(g_.input_value(i)).dtype == DType::kResource; }

  // The tensor whose gradient that of input i is.
  Output like(int i) {
    const Output value = g_.input_value(i);
    if (!is_handle(i)) return value;
    return g_.op("ReadVariableOp", {value}, {{"dtype", gradient_.dtype(i)}});
  }

  // What is the same in each step begins with the gradient that comes from behind the loop.
  void sum_up(int i) {
    const bool handed_on = static_cast<std::size_t>(i) < parts_.carried && !is_handle(i) &&
                           g_.has_output_grad(i);
    if (handed_on) g_.input(i) = g_.output_grad(i);
    if (!gradient_.reaches(i)) return;
    const SplitGradient split =
        split_gradient(gradient_, gradient_.of_parameter(i, gradient_.dtype(i)));
    for (const GradientRows& rows : split.lookups) lookups_.push_back({i, rows});
    if (!split.rest.valid()) return;
    const Output sum = gradient_.accumulated(split.rest);
    const Output before = gradient_.graph().node(sum.node).inputs[1];
    const Output of = like(i);
    const Shape shape = info(of).shape;
    const Output first = handed_on ? g_.input(i) : g_.op("ZerosLike", {of});
    add_state(i, before, shape, first, gradient_.shaped(sum, shape));
  }

  // Adds to the gradient of an input what lookups read of it in all steps.
  void add_rows(const Lookup& lookup, const GradientRows& stacked) {
    const Output rows = sum_of_rows(g_, stacked, like(lookup.input));
    Output& grad = g_.input(lookup.input);
    grad = grad.valid() ? g_.op("AddN", {grad, rows}) : rows;
  }

  void stack(int i) {
    into_slices_.push_back(i);
    stacked_.push_back(gradient_.of_parameter(i, gradient_.dtype(i)));
  }

  std::vector<Output> all_results() {
    into_ = into_states_;
    into_.insert(into_.end(), into_slices_.begin(), into_slices_.end());
    std::vector<Output> results = next_;
    for (const Lookup& lookup : lookups_) {
      stacked_.push_back(lookup.rows.indices);
      stacked_.push_back(lookup.rows.rows);
    }
    results.insert(results.end(), stacked_.begin(), stacked_.end());
    return results;
  }

  // A value of the body, with as many rows as the loop had steps.
  void give_stacked(Output value) {
    const Output stacked = stacked_output(g_.graph(), loop_, value);
    slices_.push_back({value, body_->info(value).shape});
    inputs_[1].push_back(stacked);
  }

  // What the results need of the step: of the body's parameters and of what must not run again.
  void give_needed(const std::vector<Output>& results) {
    const std::vector<Output> kept = kept_values(*body_, gradient_.graph(), results);
    const auto is_kept = [&](Output value) {
      return std::find(kept.begin(), kept.end(), value) != kept.end();
    };
    give_parameters(needed_nodes(gradient_.graph(), results, is_kept));
    for (Output value : kept) give_stacked(value);
    if (inputs_[1].empty()) give_count();
  }

  void give_parameters(const std::vector<bool>& needed) {
    const std::vector<int> parameters = body_->parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (!needed[static_cast<std::size_t>(parameters[i])]) continue;
      const Output value{parameters[i], 0};
      if (parts_.parameters[i] == Fed::kState) {
        give_stacked(value);
      } else {
        const bool slice = parts_.parameters[i] == Fed::kSlice;
        (slice ? slices_ : same_).push_back({value, body_->info(value).shape});
        inputs_[slice ? 1 : 2].push_back(g_.input_value(static_cast<int>(i)));
      }
    }
  }

  // A scan takes its number of steps from what it walks through.
  void give_count() {
    const auto changes = std::find(parts_.parameters.begin(), parts_.parameters.end(), Fed::kState);
    const auto i = changes == parts_.parameters.end() ? 0 : changes - parts_.parameters.begin();
    give_stacked({body_->parameters()[static_cast<std::size_t>(i)], 0});
  }

  std::vector<DType> dtypes_of(const std::vector<Output>& values) const {
    std::vector<DType> dtypes;
    for (Output value : values) dtypes.push_back(g_.info(value).dtype);
    return dtypes;
  }

  int add_scan(const std::shared_ptr<Graph>& body) {
    bool stateful = false;
    for (int id = 0; id < body->size(); ++id) stateful = stateful || body->node(id).op->stateful;
    std::vector<DType> collected;
    for (Output value : stacked_) collected.push_back(gradient_.graph().info(value).dtype);
    std::vector<Output> inputs;
    for (const auto& list : inputs_) inputs.insert(inputs.end(), list.begin(), list.end());
    return g_.op(stateful ? "Scan" : "StatelessScan", inputs,
                 {{"Tstate", dtypes_of(inputs_[0])},
                  {"Tsequence", dtypes_of(inputs_[1])},
                  {"Tcaptured", dtypes_of(inputs_[2])},
                  {"Tcollected", collected},
                  {"body", GraphRef(body)},
                  {"reverse", !parts_.reverse}})
        .node;
  }

  GradientContext& g_;
  const LoopParts& parts_;
  const int loop_;
  const GraphRef body_;
  const std::vector<int> ys_;
  SubgraphGradient gradient_;
  // Parameters of the scan's body, and its inputs: states, slices, what is the same.
  std::vector<Given> states_, slices_, same_;
  std::vector<Output> inputs_[3];
  std::vector<Output> next_, stacked_;               // results of its body
  std::vector<Lookup> lookups_;                      // whose stacked rows come last
  std::vector<int> into_states_, into_slices_, into_;  // the inputs whose gradients they are
};

}  // namespace

void loop_gradient(GradientContext& g, const LoopParts& parts) { LoopGradient(g, parts).add(); }

void scan_gradient(GradientContext& g) {
  LoopParts parts;
  parts.carried = g.attrs().get<std::vector<DType>>("Tstate").size();
  const std::size_t slices = g.attrs().get<std::vector<DType>>("Tsequence").size();
  for (std::size_t i = 0; i < static_cast<std::size_t>(g.inputs()); ++i) {
    parts.parameters.push_back(i < parts.carried            ? Fed::kState
                               : i < parts.carried + slices ? Fed::kSlice
                                                            : Fed::kSame);
  }
  parts.reverse = g.attrs().flag("reverse");
  loop_gradient(g, parts);
}

}  // namespace tw
