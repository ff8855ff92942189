#include "graph/op_registry.h"
#include "ops/control/subgraph.h"
#include "ops/control/while.h"

namespace tw {
namespace {

void check_condition(const Graph& condition) {
  check(condition.results.size() == 1, Code::kInvalidArgument, "cond gives ",
        condition.results.size(), " values, expected one");
  const OutputInfo& result = condition.info(condition.results[0]);
  check(result.dtype == DType::kBool && compatible(result.shape, Shape{}), Code::kInvalidArgument,
        "cond must give a boolean scalar, got ", name_of(result.dtype), " ", result.shape);
}

// A loop variable has the shape of the body's parameter through all iterations: what the body
// changes must be unknown there.
void while_shape(ShapeContext& c) {
  check(c.inputs() > 0, Code::kInvalidArgument, "No loop variables provided");
  const auto& dtypes = c.attrs().get<std::vector<DType>>("T");
  check_condition(checked_subgraph(c, "cond", 0));
  const Graph& body = checked_subgraph(c, "body", 0);
  check_results(body, "body", dtypes);
  const std::vector<int> parameters = body.parameters();
  for (int i = 0; i < c.outputs(); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const Shape& invariant = body.node(parameters[index]).outputs[0].shape;
    const Shape& after = body.info(body.results[index]).shape;
    check(covers(invariant, after), Code::kInvalidArgument, "Input tensor '",
          c.producer(i)->name, "' enters the loop with shape ", invariant, ", but has shape ",
          after, " after one iteration. To allow the shape to vary across iterations, use the "
          "`shape_invariants` argument to specify a less-specific shape.");
    c.set_output(i, invariant);
  }
}

void while_kernel(OpContext& c) {
  const Graph& body = *c.attrs().get<GraphRef>("body");
  std::vector<Tensor> values;
  for (int i = 0; i < c.inputs(); ++i) values.push_back(c.input(i));
  check_arguments(body, values);
  std::int64_t iteration = 0;
  for (; goes_on(c, iteration, values); ++iteration) {
    values = c.run_subgraph("body", values);
    check_arguments(body, values);
  }
  for (int i = 0; i < c.outputs(); ++i) {
    Tensor& value = values[static_cast<std::size_t>(i)];
    // An input's memory may be given to others when this step is over.
    c.set_output(i, iteration == 0 ? value.copy(c.allocator()) : std::move(value));
  }
}

}  // namespace

bool goes_on(OpContext& c, std::int64_t iterations, std::span<const Tensor> values) {
  const bool limited = c.attrs().given("maximum_iterations");
  if (limited && iterations >= c.attrs().integer("maximum_iterations")) return false;
  const std::vector<Tensor> result = c.run_subgraph("cond", values);
  check(result[0].size() == 1, Code::kInvalidArgument, "cond gave shape ", result[0].shape(),
        ", expected a scalar");
  return *result[0].data<bool>();
}

OP(While)
    .doc("Runs body on the values while cond holds for them, and gives the last values. Dtypes "
         "stay; the shape of a value stays that of the body's parameter, which may have unknown "
         "dims. At most maximum_iterations, when given.")
    .internal()
    .input("input: list(T)").output("output: list(T)")
    .attr("T: list(type)").attr("cond: graph").attr("body: graph")
    .attr("maximum_iterations: int?").attr("parallel_iterations: int = 10")
    .shape(while_shape)
    .gradient(while_gradient)
    .stateful()
    .kernel(Device::kCpu, while_kernel);

OP(StatelessWhile)
    .doc("As While, for graphs without side effects.")
    .internal()
    .input("input: list(T)").output("output: list(T)")
    .attr("T: list(type)").attr("cond: graph").attr("body: graph")
    .attr("maximum_iterations: int?").attr("parallel_iterations: int = 10")
    .shape(while_shape)
    .gradient(while_gradient)
    .kernel(Device::kCpu, while_kernel);

}  // namespace tw
