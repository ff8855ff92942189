#include "ops/control/while.h"

#include "graph/op_registry.h"
#include "ops/control/differentiate.h"
#include "ops/control/loop_gradient.h"
#include "ops/control/subgraph.h"

namespace tw {
namespace {

// A parameter that the body hands on as it came.
bool is_invariant(const Graph& body, std::size_t i) {
  return body.results[i] == Output{body.parameters()[i], 0};
}

// The values before each iteration; those that never change are the first ones.
std::vector<std::vector<Tensor>> run_forward(OpContext& c, std::vector<Tensor> values) {
  const Graph& body = *c.attrs().get<GraphRef>("body");
  check_arguments(body, values);
  std::vector<std::vector<Tensor>> all;
  while (goes_on(c, static_cast<std::int64_t>(all.size()), values)) {
    all.push_back(values);
    std::vector<Tensor> after = c.run_subgraph("body", values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!is_invariant(body, i)) values[i] = std::move(after[i]);
    }
    check_arguments(body, values);
  }
  return all;
}

void while_grad_kernel(OpContext& c) {
  const auto [first, count] = c.range("input");
  std::vector<Tensor> values, grads;
  for (int i = 0; i < c.inputs(); ++i) {
    (i < first + count ? values : grads).push_back(c.input(i));
  }
  const std::vector<std::vector<Tensor>> all = run_forward(c, std::move(values));
  for (auto before = all.rbegin(); before != all.rend(); ++before) {
    std::vector<Tensor> arguments = *before;
    arguments.insert(arguments.end(), grads.begin(), grads.end());
    grads = c.run_subgraph("grad", arguments);
  }
  for (int i = 0; i < c.outputs(); ++i) {
    Tensor& grad = grads[static_cast<std::size_t>(i)];
    // An input's memory may be given to others when this step is over.
    c.set_output(i, all.empty() ? grad.copy(c.allocator()) : std::move(grad));
  }
}

void while_grad_shape(ShapeContext& c) {
  const auto given = static_cast<int>(c.attrs().get<std::vector<DType>>("T").size());
  const Graph& grad = checked_subgraph(c, "grad", 0);
  check_results(grad, "grad", c.attrs().get<std::vector<DType>>("Tgrads"));
  for (int i = 0; i < c.outputs(); ++i) {
    c.set_output(i, common_shape(c.input(given + i),
                                 grad.info(grad.results[static_cast<std::size_t>(i)]).shape));
  }
}

// What flows into the last iteration: a handle's gradient begins with zeros of the variable.
Output first_grad(GradientContext& g, int i, DType dtype) {
  if (g.info(g.input_value(i)).dtype != DType::kResource) return g.output_grad(i);
  return g.op("ZerosLike", {g.op("ReadVariableOp", {g.input_value(i)}, {{"dtype", dtype}})});
}

// Whether a variable that the body changes was declared with a looser shape than it has at first:
// its values cannot be stacked.
bool changes_shape(const GradientContext& g, const Graph& body, std::size_t i) {
  if (is_invariant(body, i)) return false;
  const Shape& declared = body.node(body.parameters()[i]).outputs[0].shape;
  const Shape& first = g.info(g.input_value(static_cast<int>(i))).shape;
  return !declared.fully_known() && !(declared == first);
}

// The body's gradient takes the values before an iteration and the gradients of those after it;
// those of variables, to which every iteration adds, come last.
void gradient_of_changing_shapes(GradientContext& g) {
  const std::size_t variables = static_cast<std::size_t>(g.inputs());
  for (std::size_t k = variables; k < g.attrs().get<GraphRef>("body")->results.size(); ++k) {
    check(!g.has_output_grad(static_cast<int>(k)), Code::kUnimplemented,
          "no gradient comes from what a loop collects when the shapes of its variables change");
  }
  for (const char* attr : {"cond", "body"}) check_repeatable(*g.attrs().get<GraphRef>(attr));
  std::vector<int> loop, handles;
  for (int i = 0; i < g.inputs(); ++i) {
    const DType dtype = g.info(g.input_value(i)).dtype;
    if (carries_gradients(dtype) && dtype != DType::kResource) loop.push_back(i);
    if (dtype == DType::kResource) handles.push_back(i);
  }
  SubgraphGradient body(*g.attrs().get<GraphRef>("body"), loop);
  std::vector<Output> results, inputs, grads;
  std::vector<DType> given, wanted;
  for (int i : loop) results.push_back(body.of_parameter(i, g.info(g.input_value(i)).dtype));
  for (int i : handles) {
    if (!body.reaches(i)) continue;
    loop.push_back(i);
    results.push_back(body.accumulated(body.of_parameter(i, body.dtype(i))));
  }
  for (int i = 0; i < g.inputs(); ++i) {
    inputs.push_back(g.input_value(i));
    given.push_back(g.info(inputs.back()).dtype);
  }
  for (std::size_t k = 0; k < loop.size(); ++k) {
    wanted.push_back(body.graph().info(results[k]).dtype);
    inputs.push_back(first_grad(g, loop[k], wanted.back()));
  }
  AttrMap attrs = {{"T", given},
                   {"Tgrads", wanted},
                   {"cond", g.attrs().get<GraphRef>("cond")},
                   {"body", g.attrs().get<GraphRef>("body")},
                   {"grad", body.finish(results)}};
  if (g.attrs().given("maximum_iterations")) {
    attrs.emplace_back("maximum_iterations", g.attrs().integer("maximum_iterations"));
  }
  const Output node = g.op("WhileGrad", inputs, attrs);
  for (std::size_t k = 0; k < loop.size(); ++k) {
    g.input(loop[k]) = {node.node, static_cast<int>(k)};
  }
}

}  // namespace

void while_gradient(GradientContext& g) {
  const Graph& body = *g.attrs().get<GraphRef>("body");
  LoopParts parts;
  parts.carried = static_cast<std::size_t>(g.inputs());
  for (std::size_t i = 0; i < parts.carried; ++i) {
    if (changes_shape(g, body, i)) return gradient_of_changing_shapes(g);
    parts.parameters.push_back(is_invariant(body, i) ? Fed::kSame : Fed::kState);
  }
  loop_gradient(g, parts);
}

OP(WhileGrad)
    .doc("The gradient of While where shapes change: runs the loop again, keeping the values before "
         "each iteration, then `grad` on those and the gradients of the values after it, from the "
         "last iteration to the first. Gives the gradients of the first values.")
    .internal()
    .input("input: list(T)").input("grads: list(Tgrads)").output("output: list(Tgrads)")
    .attr("T: list(type)").attr("Tgrads: list(type)")
    .attr("cond: graph").attr("body: graph").attr("grad: graph")
    .attr("maximum_iterations: int?")
    .shape(while_grad_shape)
    .gradient([](GradientContext&) {
      fail(Code::kUnimplemented, "Second-order gradient for while loops not supported where a "
           "variable changes its shape");
    })
    .stateful()
    .kernel(Device::kCpu, while_grad_kernel);

}  // namespace tw
