#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/control/collected.h"
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
  std::vector<DType> dtypes = c.attrs().get<std::vector<DType>>("T");
  const auto& collected = c.attrs().get<std::vector<DType>>("Tcollected");
  dtypes.insert(dtypes.end(), collected.begin(), collected.end());
  check_condition(checked_subgraph(c, "cond", 0));
  std::vector<OutputInfo> given = input_infos(c, 0);
  add_hoisted(c, given);
  const Graph& body = checked_subgraph(c, "body", given);
  check_results(body, "body", dtypes);
  const std::vector<int> parameters = body.parameters();
  for (int i = c.inputs(); i < c.outputs(); ++i) {
    const Shape& value = body.info(body.results[static_cast<std::size_t>(i)]).shape;
    c.set_output(i, join({kUnknownDim}, value));
  }
  for (int i = 0; i < c.inputs(); ++i) {
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

// Places for the results of the body: what never changes stays where it is.
std::vector<Tensor> places(const Graph& body, std::span<const Tensor> values) {
  std::vector<Tensor> outs(body.results.size());
  const std::vector<int> parameters = body.parameters();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool same = body.results[i] == Output{parameters[i], 0};
    if (same && !is_object(values[i].dtype())) outs[i] = values[i];
  }
  return outs;
}

void while_kernel(OpContext& c) {
  const Graph& body = *c.attrs().get<GraphRef>("body");
  std::vector<Tensor> values, hoisted;
  for (int i = 0; i < c.inputs(); ++i) values.push_back(c.input(i));
  check_arguments(body, values);
  const std::vector<Tensor> outs = places(body, values);
  const std::size_t variables = values.size();
  Collected collected(c, c.inputs(), -1);
  std::int64_t iteration = 0;
  for (; goes_on(c, iteration, values); ++iteration) {
    if (iteration == 0) hoisted = prelude(c, values);
    values.insert(values.end(), hoisted.begin(), hoisted.end());
    std::vector<Tensor> results = c.run_subgraph("body", values, outs);
    collected.take(iteration, results);
    results.resize(variables);
    values = std::move(results);
    check_arguments(body, values);
  }
  for (int i = 0; i < c.inputs(); ++i) {
    Tensor& value = values[static_cast<std::size_t>(i)];
    // An input's memory may be given to others when this step is over.
    const bool borrowed = iteration == 0 || outs[static_cast<std::size_t>(i)].defined();
    c.set_output(i, borrowed ? value.copy(c.allocator()) : std::move(value));
  }
  collected.finish(iteration);
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
         "dims. At most maximum_iterations, when given. Further results of body are stacked along "
         "a first axis.")
    .internal()
    .input("input: list(T)").output("output: list(T)").output("collected: list(Tcollected)")
    .attr("T: list(type)").attr("cond: graph").attr("body: graph")
    .attr("Tcollected: list(type) = []").attr("_prelude: graph?")
    .attr("maximum_iterations: int?").attr("parallel_iterations: int = 10")
    .shape(while_shape)
    .gradient(while_gradient)
    .stateful()
    .kernel(Device::kCpu, while_kernel);

OP(StatelessWhile)
    .doc("As While, for graphs without side effects.")
    .internal()
    .input("input: list(T)").output("output: list(T)").output("collected: list(Tcollected)")
    .attr("T: list(type)").attr("cond: graph").attr("body: graph")
    .attr("Tcollected: list(type) = []").attr("_prelude: graph?")
    .attr("maximum_iterations: int?").attr("parallel_iterations: int = 10")
    .shape(while_shape)
    .gradient(while_gradient)
    .kernel(Device::kCpu, while_kernel);

}  // namespace tw
