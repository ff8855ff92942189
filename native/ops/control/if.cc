#include "graph/op_registry.h"
#include "graph/part.h"
#include "ops/control/differentiate.h"
#include "ops/control/kept_values.h"
#include "ops/control/subgraph.h"

namespace tw {
namespace {

// Where the branches give different shapes, only what they have in common is known.
void if_shape(ShapeContext& c) {
  const auto& dtypes = c.attrs().get<std::vector<DType>>("Tout");
  const Graph& yes = checked_subgraph(c, "then_branch", 1);
  const Graph& no = checked_subgraph(c, "else_branch", 1);
  check_results(yes, "then_branch", dtypes);
  check_results(no, "else_branch", dtypes);
  for (int i = 0; i < c.outputs(); ++i) {
    const auto index = static_cast<std::size_t>(i);
    c.set_output(i, common_shape(yes.info(yes.results[index]).shape,
                                 no.info(no.results[index]).shape));
  }
}

void if_kernel(OpContext& c) {
  const char* taken = holds(c.input(0)) ? "then_branch" : "else_branch";
  std::vector<Tensor> arguments;
  for (int i = 1; i < c.inputs(); ++i) arguments.push_back(c.input(i));
  check_arguments(*c.attrs().get<GraphRef>(taken), arguments);
  std::vector<Tensor> results = c.run_subgraph(taken, arguments);
  for (int i = 0; i < c.outputs(); ++i) {
    c.set_output(i, std::move(results[static_cast<std::size_t>(i)]));
  }
}

// The gradient of one branch, with what must not run again as further parameters.
class BranchGradient {
 public:
  BranchGradient(const GradientContext& g, const char* attr, const std::vector<int>& ys)
      : branch_(g.attrs().get<GraphRef>(attr)), gradient_(*branch_, ys) {
    for (int parameter : gradient_.graph().parameters()) give({parameter, 0});
  }

  SubgraphGradient* operator->() { return &gradient_; }

  std::vector<Output> kept() { return kept_values(*branch_, gradient_.graph(), results); }
  void take(Output value) { give(value); }
  // For what the other branch keeps.
  void ignore(DType dtype) { give(gradient_.add_parameter(dtype, Shape::unknown())); }

  GraphRef finish() {
    const std::shared_ptr<Graph> made = with_parameters(gradient_.graph(), given_, results);
    check_repeatable(*made);
    made->finalize();
    return made;
  }

  std::vector<Output> results;

 private:
  void give(Output value) { given_.push_back({value, gradient_.graph().info(value).shape}); }

  const GraphRef branch_;
  SubgraphGradient gradient_;
  std::vector<Given> given_;
};

// Outputs of the If for what `branch` keeps; both branches of the gradient take them.
void keep(GradientContext& g, BranchGradient& branch, const char* attr, BranchGradient& other,
          const char* other_attr, std::vector<Output>& inputs) {
  const int node = g.output_value(0).node;
  for (Output value : branch.kept()) {
    const Output kept = branch_output(g.graph(), node, attr, other_attr, value);
    branch.take(value);
    other.ignore(g.info(kept).dtype);
    inputs.push_back(kept);
  }
}

// An If on the same condition, whose branches are the gradients of the branches.
void if_gradient(GradientContext& g) {
  std::vector<int> ys;
  const int outputs = static_cast<int>(g.attrs().get<std::vector<DType>>("Tout").size());
  for (int k = 0; k < outputs; ++k) {
    if (g.has_output_grad(k) && carries_gradients(g.info(g.output_value(k)).dtype)) ys.push_back(k);
  }
  BranchGradient yes(g, "then_branch", ys), no(g, "else_branch", ys);
  std::vector<Output> inputs = {g.input_value(0)};
  std::vector<DType> given, results;
  std::vector<int> reached;
  for (int i = 0; i + 1 < g.inputs(); ++i) {
    inputs.push_back(g.input_value(i + 1));
    if (!yes->reaches(i) && !no->reaches(i)) continue;
    reached.push_back(i);
    results.push_back(yes->reaches(i) ? yes->dtype(i) : no->dtype(i));
    yes.results.push_back(yes->of_parameter(i, results.back()));
    no.results.push_back(no->of_parameter(i, results.back()));
  }
  if (reached.empty()) return;
  for (int k : ys) inputs.push_back(g.output_grad(k));
  keep(g, yes, "then_branch", no, "else_branch", inputs);
  keep(g, no, "else_branch", yes, "then_branch", inputs);
  for (std::size_t i = 1; i < inputs.size(); ++i) given.push_back(g.info(inputs[i]).dtype);
  const Output node = g.op(g.attrs().op().name.c_str(), inputs,
                           {{"Tin", given},
                            {"Tout", results},
                            {"then_branch", yes.finish()},
                            {"else_branch", no.finish()}});
  for (std::size_t k = 0; k < reached.size(); ++k) {
    g.input(reached[k] + 1) = {node.node, static_cast<int>(k)};
  }
}

}  // namespace

OP(If)
    .doc("The results of then_branch when the condition holds, else those of else_branch; only "
         "that branch runs. Both take the inputs and give values of the same dtypes.")
    .internal()
    .input("cond: Tcond").input("input: list(Tin)").output("output: list(Tout)")
    .attr("Tcond: real|string").attr("Tin: list(type)").attr("Tout: list(type)")
    .attr("then_branch: graph").attr("else_branch: graph")
    .shape(if_shape)
    .gradient(if_gradient)
    .branches()
    .stateful()
    .kernel(Device::kCpu, if_kernel);

OP(StatelessIf)
    .doc("As If, for branches without side effects.")
    .internal()
    .input("cond: Tcond").input("input: list(Tin)").output("output: list(Tout)")
    .attr("Tcond: real|string").attr("Tin: list(type)").attr("Tout: list(type)")
    .attr("then_branch: graph").attr("else_branch: graph")
    .shape(if_shape)
    .gradient(if_gradient)
    .branches()
    .kernel(Device::kCpu, if_kernel);

}  // namespace tw
