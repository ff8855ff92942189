#include "graph/gradient_context.h"

namespace tw {

GradientContext::GradientContext(Graph& graph, int node, std::span<const Output> output_grads)
    : graph_(graph),
      node_(node),
      output_grads_(output_grads.begin(), output_grads.end()),
      input_grads_(graph.node(node).inputs.size()) {}

Output GradientContext::output_grad(int i) {
  Output& grad = output_grads_[static_cast<std::size_t>(i)];
  if (!grad.valid()) grad = op("ZerosLike", {output_value(i)});
  return grad;
}

Output GradientContext::op(const char* name, std::vector<Output> inputs, AttrMap attrs) {
  const std::string scope = "gradients/" + graph_.node(node_).name + "_grad/" + name;
  return {graph_.add({name, scope, std::move(inputs), {}, std::move(attrs), ""}), 0};
}

Output GradientContext::scalar_like(double value, Output like) {
  const DType dtype = graph_.info(like).dtype;
  const Output constant = graph_.constant(Tensor::scalar(value), "gradients/Const");
  return dtype == DType::kFloat64 ? constant : op("Cast", {constant}, {{"DstT", dtype}});
}

Output GradientContext::int_vector(std::vector<std::int64_t> values) {
  return graph_.constant(Tensor::int64s(values), "gradients/Const");
}

Output GradientContext::shape_of(Output x) { return op("Shape", {x}, {{"out_type", DType::kInt64}}); }

Output GradientContext::sum_to(Output grad, Output to) {
  const Shape &from = graph_.info(grad).shape, &target = graph_.info(to).shape;
  if (from.fully_known() && from == target) return grad;
  return op("SumTo", {grad, shape_of(to)});
}

}  // namespace tw
