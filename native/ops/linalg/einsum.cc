#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "ops/linalg/compute.h"
#include "ops/linalg/contraction.h"

namespace tw {
namespace {

void einsum_shape(ShapeContext& c) {
  std::vector<Shape> operands;
  for (int i = 0; i < c.inputs(); ++i) operands.push_back(c.input(i));
  const auto [equation, known] = parse_equation(c.attrs().string("equation"), operands);
  if (!known) return c.set_output(0, Shape::unknown());
  const auto sizes = label_sizes(equation, operands);
  Shape out;
  for (Label label : equation.output) out.push_back(sizes.at(label));
  c.set_output(0, out);
}

// The equation, the sizes of its labels and the first `count` inputs as views.
template <class T>
struct Problem {
  Problem(OpContext& c, int count) {
    std::vector<Shape> shapes;
    for (int i = 0; i < count; ++i) shapes.push_back(c.input(i).shape());
    equation = parse_equation(c.attrs().string("equation"), shapes).equation;
    sizes = label_sizes(equation, shapes);
    for (int i = 0; i < count; ++i) {
      const auto index = static_cast<std::size_t>(i);
      views.emplace_back(elements(c, i), equation.inputs[index], shapes[index], sizes);
    }
  }

  static const T* elements(OpContext& c, int i) {
    if constexpr (std::is_integral_v<T>) return c.input(i).data<T>();
    else return compute_input<T>(c, c.input(i));
  }

  Shape shape_of(const Labels& labels) const {
    Shape shape;
    for (Label label : labels) shape.push_back(sizes.at(label));
    return shape;
  }

  Equation equation;
  std::map<Label, std::int64_t> sizes;
  std::vector<View<T>> views;
};

// Calls visit with the type in which products of this dtype are computed.
template <class Visitor>
void visit_products(DType dtype, Visitor&& visit) {
  if (is_floating(dtype)) return visit_compute(dtype, visit);
  visit_numeric(dtype, [&]<class T>() {
    if constexpr (std::is_integral_v<T>) visit.template operator()<T>();
  });
}

template <class T>
T* result_memory(OpContext& c, Tensor& y) {
  if constexpr (std::is_integral_v<T>) return y.mutable_data<T>();
  else return compute_output<T>(c, y);
}

template <class T>
void finish_result(OpContext& c, const T* computed, Tensor& y) {
  if constexpr (!std::is_integral_v<T>) finish_output(c, computed, y);
}

void einsum_kernel(OpContext& c) {
  visit_products(c.attrs().dtype("T"), [&]<class T>() {
    const Problem<T> problem(c, c.inputs());
    Tensor& y = c.allocate_output(0, problem.shape_of(problem.equation.output));
    if (y.size() == 0) return;
    T* computed = result_memory<T>(c, y);
    contract(c, problem.views, problem.equation.output, computed);
    finish_result(c, computed, y);
  });
}

// The gradient of operand `index`: the product of dy and the others, put onto the operand's
// diagonal where labels repeat, and repeated along labels that only the operand has.
void einsum_grad_kernel(OpContext& c) {
  const auto index = static_cast<std::size_t>(c.attrs().integer("index"));
  visit_products(c.attrs().dtype("T"), [&]<class T>() {
    const int operands = c.inputs() - 1;
    const Problem<T> problem(c, operands);
    const Shape expected = problem.shape_of(problem.equation.output);
    check(c.input(operands).shape() == expected, Code::kInvalidArgument,
          "the output's gradient has shape ", c.input(operands).shape(), ", expected ", expected);
    const Tensor& x = c.input(static_cast<int>(index));
    Tensor& y = c.allocate_output(0, x.shape());
    if (y.size() == 0) return;
    T* computed = result_memory<T>(c, y);
    const View<T> own(computed, problem.equation.inputs[index], x.shape(), problem.sizes);
    Labels target;
    for (const auto& axis : own.axes) target.push_back(axis.label);
    std::vector<View<T>> others = {View<T>(Problem<T>::elements(c, operands),
                                           problem.equation.output, c.input(operands).shape(),
                                           problem.sizes)};
    for (std::size_t i = 0; i < problem.views.size(); ++i) {
      if (i != index) others.push_back(problem.views[i]);
    }
    const View<T> product = contract<T>(c, others, target, nullptr);
    std::fill_n(computed, y.size(), T(0));
    spread(c, product, own.axes, computed);
    finish_result(c, computed, y);
  });
}

std::string letters(const Labels& labels) { return {labels.begin(), labels.end()}; }

// Whether the gradient of an operand is a plain einsum: no repeated label, none that is its own.
bool is_plain(const Equation& e, std::size_t operand) {
  const Labels& own = e.inputs[operand];
  return std::all_of(own.begin(), own.end(), [&](Label label) {
    if (std::count(own.begin(), own.end(), label) > 1) return false;
    if (std::count(e.output.begin(), e.output.end(), label) > 0) return true;
    for (std::size_t i = 0; i < e.inputs.size(); ++i) {
      const Labels& other = e.inputs[i];
      if (i != operand && std::count(other.begin(), other.end(), label) > 0) return true;
    }
    return false;
  });
}

void einsum_gradient(GradientContext& g) {
  std::vector<Shape> shapes;
  for (int i = 0; i < g.inputs(); ++i) shapes.push_back(g.info(g.input_value(i)).shape);
  const std::string& forward = g.attrs().string("equation");
  const Equation e = parse_equation(forward, shapes).equation;
  for (int i = 0; i < g.inputs(); ++i) {
    const auto index = static_cast<std::size_t>(i);
    if (!e.has_ellipsis && is_plain(e, index)) {
      std::string equation = letters(e.output);
      std::vector<Output> inputs = {g.output_grad(0)};
      for (int k = 0; k < g.inputs(); ++k) {
        if (k == i) continue;
        equation += text(',', letters(e.inputs[static_cast<std::size_t>(k)]));
        inputs.push_back(g.input_value(k));
      }
      equation += text("->", letters(e.inputs[index]));
      g.input(i) = g.op("Einsum", inputs, {{"equation", equation}});
      continue;
    }
    std::vector<Output> inputs;
    for (int k = 0; k < g.inputs(); ++k) inputs.push_back(g.input_value(k));
    inputs.push_back(g.output_grad(0));
    g.input(i) = g.op("EinsumGrad", inputs,
                      {{"equation", forward}, {"index", std::int64_t{i}}});
  }
}

// EinsumGrad is linear in each of its inputs but operand `index`, on which it does not depend: with
// the gradient of its result put in that operand's place, those of the others are those of Einsum.
void einsum_grad_gradient(GradientContext& g) {
  const auto index = static_cast<int>(g.attrs().integer("index"));
  const std::string& equation = g.attrs().string("equation");
  const int last = g.inputs() - 1;
  std::vector<Output> operands;
  for (int i = 0; i < last; ++i) {
    operands.push_back(i == index ? g.output_grad(0) : g.input_value(i));
  }
  g.input(last) = g.op("Einsum", operands, {{"equation", equation}});
  operands.push_back(g.input_value(last));
  for (int i = 0; i < last; ++i) {
    if (i == index) continue;
    g.input(i) = g.op("EinsumGrad", operands,
                      {{"equation", equation}, {"index", std::int64_t{i}}});
  }
}

}  // namespace

OP(Einsum)
    .doc("Sums of products by an equation such as 'bij,bjk->bik': a letter for each dim, summed "
         "over when it is not in the output. A letter twice in one input takes the diagonal, '...' "
         "stands for dims that broadcast. Without '->' the output has the letters that occur once, "
         "in alphabetical order. Inputs are multiplied from left to right.")
    .input("inputs: N * T").output("output: T")
    .attr("equation: string").attr("N: int >= 1").attr("T: numeric")
    .shape(einsum_shape)
    .gradient(einsum_gradient)
    .kernel(Device::kCpu, einsum_kernel);

OP(EinsumGrad)
    .doc("The gradient of one operand of Einsum, when it is no einsum itself. The last input is "
         "the gradient of the output.")
    .internal()
    .input("inputs: N * T").output("output: T")
    .attr("equation: string").attr("index: int >= 0").attr("N: int >= 2").attr("T: numeric")
    .shape([](ShapeContext& c) {
      c.set_output(0, c.input(static_cast<int>(c.attrs().integer("index"))));
    })
    .gradient(einsum_grad_gradient)
    .kernel(Device::kCpu, einsum_grad_kernel);

}  // namespace tw
