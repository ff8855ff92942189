#include "graph/op_registry.h"
#include "graph/part.h"
#include "ops/control/differentiate.h"
#include "ops/control/kept_values.h"
#include "ops/control/subgraph.h"

namespace tw {
namespace {

void call_shape(ShapeContext& c) {
  const Graph& body = checked_subgraph(c, "f", 0);
  check_results(body, "f", c.attrs().get<std::vector<DType>>("Tout"));
  const std::vector<Shape> shapes = result_shapes(body, input_infos(c, 0));
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, shapes[static_cast<std::size_t>(i)]);
}

void call_kernel(OpContext& c) {
  std::vector<Tensor> arguments;
  for (int i = 0; i < c.inputs(); ++i) arguments.push_back(c.input(i));
  check_arguments(*c.attrs().get<GraphRef>("f"), arguments);
  std::vector<Tensor> outs;
  for (int i = 0; i < c.outputs(); ++i) outs.push_back(c.output(i));
  std::vector<Tensor> results = c.run_subgraph("f", arguments, outs);
  for (int i = 0; i < c.outputs(); ++i) {
    c.set_output(i, std::move(results[static_cast<std::size_t>(i)]));
  }
}

std::vector<DType> dtypes_of(const GradientContext& g, const std::vector<Output>& values) {
  std::vector<DType> found;
  for (Output value : values) found.push_back(g.info(value).dtype);
  return found;
}

// A call of the subgraph's gradient, which computes the subgraph again. What it drew, and what else
// must not run twice, becomes further results of the call, which the gradient takes.
void call_gradient(GradientContext& g) {
  std::vector<int> ys;
  const int outputs = static_cast<int>(g.attrs().get<std::vector<DType>>("Tout").size());
  for (int k = 0; k < outputs; ++k) {
    if (g.has_output_grad(k) && carries_gradients(g.info(g.output_value(k)).dtype)) ys.push_back(k);
  }
  const GraphRef body = g.attrs().get<GraphRef>("f");
  SubgraphGradient gradient(*body, ys);
  const Graph& made = gradient.graph();
  std::vector<Output> inputs, results;
  std::vector<Given> given;
  for (int parameter : made.parameters()) {
    given.push_back({{parameter, 0}, made.info({parameter, 0}).shape});
  }
  std::vector<int> reached;
  for (int i = 0; i < g.inputs(); ++i) {
    inputs.push_back(g.input_value(i));
    if (!gradient.reaches(i)) continue;
    reached.push_back(i);
    results.push_back(gradient.of_parameter(i, gradient.dtype(i)));
  }
  if (reached.empty()) return;
  for (int k : ys) inputs.push_back(g.output_grad(k));
  for (Output value : kept_values(*body, made, results)) {
    inputs.push_back(call_output(g.graph(), g.output_value(0).node, value));
    given.push_back({value, made.info(value).shape});
  }
  const std::shared_ptr<Graph> taking = with_parameters(made, given, results);
  check_repeatable(*taking);
  taking->finalize();
  std::vector<DType> dtypes;
  for (Output result : taking->results) dtypes.push_back(taking->info(result).dtype);
  const Output node = g.op(
      g.attrs().op().name.c_str(), inputs,
      {{"Tin", dtypes_of(g, inputs)}, {"Tout", dtypes}, {"f", GraphRef(taking)}});
  for (std::size_t k = 0; k < reached.size(); ++k) {
    g.input(reached[k]) = {node.node, static_cast<int>(k)};
  }
}

void custom_shape(ShapeContext& c) {
  const Node::Range inputs = c.range("inputs");
  const Graph& gradient = *c.attrs().get<GraphRef>("gradient");
  const std::int64_t count = c.attrs().integer("count");
  check(count <= inputs.count && static_cast<std::int64_t>(gradient.results.size()) == count,
        Code::kInvalidArgument, "the gradient gives ", gradient.results.size(),
        " values for ", count, " of ", inputs.count, " inputs");
  for (int i = 0; i < static_cast<int>(count); ++i) {
    const OutputInfo& given = gradient.info(gradient.results[static_cast<std::size_t>(i)]);
    const Shape& wanted = c.input(inputs.first + i);
    check(given.dtype == c.dtype(inputs.first + i) && compatible(given.shape, wanted),
          Code::kInvalidArgument, "gradient ", i, " must be of ",
          name_of(c.dtype(inputs.first + i)), " and shape ", wanted, ", got ",
          name_of(given.dtype), " ", given.shape);
  }
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, c.input(i));
}

void custom_kernel(OpContext& c) {
  for (int i = 0; i < c.outputs(); ++i) c.set_output(i, c.input(i));
}

// A call of `gradient` on the gradients of the values and the inputs that it captured.
void custom_gradient(GradientContext& g) {
  const Attrs attrs = g.attrs();
  const int values = static_cast<int>(attrs.get<std::vector<DType>>("Tvalues").size());
  const int count = static_cast<int>(attrs.integer("count"));
  const bool effects = attrs.flag("stateful");
  std::vector<Output> inputs;
  for (int k = 0; k < values; ++k) inputs.push_back(g.output_grad(k));
  std::vector<Output> differentiated;
  for (int i = values; i < g.inputs(); ++i) {
    (i < values + count ? differentiated : inputs).push_back(g.input_value(i));
  }
  const Output node = g.op(effects ? "StatefulPartitionedCall" : "PartitionedCall", inputs,
                           {{"Tin", dtypes_of(g, inputs)},
                            {"Tout", dtypes_of(g, differentiated)},
                            {"f", attrs.get<GraphRef>("gradient")}});
  for (int i = 0; i < count; ++i) g.input(values + i) = {node.node, i};
}

}  // namespace

OP(PartitionedCall)
    .doc("The results of the subgraph f for the inputs. Its gradient computes f again instead of "
         "keeping what is between.")
    .internal()
    .input("args: list(Tin)").output("output: list(Tout)")
    .attr("Tin: list(type)").attr("Tout: list(type)").attr("f: graph")
    .shape(call_shape)
    .gradient(call_gradient)
    .branches()
    .kernel(Device::kCpu, call_kernel);

OP(StatefulPartitionedCall)
    .doc("As PartitionedCall, for subgraphs that read or change state.")
    .internal()
    .input("args: list(Tin)").output("output: list(Tout)")
    .attr("Tin: list(type)").attr("Tout: list(type)").attr("f: graph")
    .shape(call_shape)
    .gradient(call_gradient)
    .branches()
    .stateful()
    .kernel(Device::kCpu, call_kernel);

OP(CustomGradient)
    .doc("The values themselves. Their gradients by the first `count` inputs are what the subgraph "
         "`gradient` gives for the gradients of the values and the other inputs.")
    .internal()
    .input("values: list(Tvalues)").input("inputs: list(Tinputs)").output("output: list(Tvalues)")
    .attr("Tvalues: list(type)").attr("Tinputs: list(type)")
    .attr("gradient: graph").attr("count: int >= 0").attr("stateful: bool = false")
    .shape(custom_shape)
    .gradient(custom_gradient)
    .kernel(Device::kCpu, custom_kernel);

}  // namespace tw
