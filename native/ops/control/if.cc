#include "graph/op_registry.h"
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

}  // namespace

OP(If)
    .doc("The results of then_branch when the condition holds, else those of else_branch; only "
         "that branch runs. Both take the inputs and give values of the same dtypes.")
    .internal()
    .input("cond: Tcond").input("input: list(Tin)").output("output: list(Tout)")
    .attr("Tcond: real|string").attr("Tin: list(type)").attr("Tout: list(type)")
    .attr("then_branch: graph").attr("else_branch: graph")
    .shape(if_shape)
    .no_gradient("pending")
    .stateful()
    .kernel(Device::kCpu, if_kernel);

OP(StatelessIf)
    .doc("As If, for branches without side effects.")
    .internal()
    .input("cond: Tcond").input("input: list(Tin)").output("output: list(Tout)")
    .attr("Tcond: real|string").attr("Tin: list(type)").attr("Tout: list(type)")
    .attr("then_branch: graph").attr("else_branch: graph")
    .shape(if_shape)
    .no_gradient("pending")
    .kernel(Device::kCpu, if_kernel);

}  // namespace tw
