#include "graph/op_registry.h"
#include "ops/control/differentiate.h"
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

// An If on the same condition, whose branches are the gradients of the branches.
void if_gradient(GradientContext& g) {
  std::vector<int> ys;
  const int outputs = static_cast<int>(g.attrs().get<std::vector<DType>>("Tout").size());
  for (int k = 0; k < outputs; ++k) {
    if (g.has_output_grad(k) && carries_gradients(g.info(g.output_value(k)).dtype)) ys.push_back(k);
  }
  SubgraphGradient yes(*g.attrs().get<GraphRef>("then_branch"), ys);
  SubgraphGradient no(*g.attrs().get<GraphRef>("else_branch"), ys);
  std::vector<Output> inputs = {g.input_value(0)}, yes_results, no_results;
  std::vector<DType> given, results;
  std::vector<int> reached;
  for (int i = 0; i + 1 < g.inputs(); ++i) {
    inputs.push_back(g.input_value(i + 1));
    if (!yes.reaches(i) && !no.reaches(i)) continue;
    reached.push_back(i);
    results.push_back(yes.reaches(i) ? yes.dtype(i) : no.dtype(i));
    yes_results.push_back(yes.of_parameter(i, results.back()));
    no_results.push_back(no.of_parameter(i, results.back()));
  }
  if (reached.empty()) return;
  for (int k : ys) inputs.push_back(g.output_grad(k));
  for (std::size_t i = 1; i < inputs.size(); ++i) given.push_back(g.info(inputs[i]).dtype);
  const Output node = g.op(g.attrs().op().name.c_str(), inputs,
                           {{"Tin", given},
                            {"Tout", results},
                            {"then_branch", yes.finish(yes_results)},
                            {"else_branch", no.finish(no_results)}});
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
