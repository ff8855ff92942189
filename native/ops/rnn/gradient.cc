#include "ops/rnn/gradient.h"

#include "graph/attr.h"
#include "ops/math/rules.h"

namespace tw::recurrent {
namespace {

using namespace rules;

AttrMap cell_attrs(const Attrs& attrs, std::initializer_list<const char*> more) {
  AttrMap map;
  for (const char* name : {"direction", "layout", "activations", "activation_alpha",
                           "activation_beta"}) {
    map.emplace_back(name, attrs.value(name));
  }
  for (const char* name : more) map.emplace_back(name, attrs.value(name));
  if (attrs.given("clip")) map.emplace_back("clip", attrs.real("clip"));
  return map;
}

// The node's values in the dtype that is computed in.
class Values {
 public:
  explicit Values(GradientContext& g) : g_(g) {
    const DType own = g.info(g.input_value(0)).dtype;
    dtype_ = own == DType::kFloat64 ? own : DType::kFloat32;
  }
  Output input(int i) const {
    const Output value = g_.input_value(i);
    return value.valid() ? in_type(g_, value, dtype_) : value;
  }
  Output output(int i) const { return in_type(g_, g_.output_value(i), dtype_); }
  Output grad(int i) const { return in_type(g_, g_.output_grad(i), dtype_); }
  void set(int i, Output grad) const {
    const Output like = g_.input_value(i);
    if (like.valid()) g_.input(i) = in_type(g_, grad, g_.info(like).dtype);
  }

 private:
  GradientContext& g_;
  DType dtype_;
};

// x as [rows, inputs].
Output flat_rows(GradientContext& g, Output x) {
  const Output shape = g.shape_of(x), one = g.int_vector({1});
  const Output lead = g.op("Slice", {shape, g.int_vector({0}), g.int_vector({2})});
  const Output rows = g.op("Prod", {lead, g.int_vector({0})}, {{"keep_dims", true}});
  const Output depth = g.op("Slice", {shape, g.int_vector({2}), one});
  return g.op("Reshape", {x, g.op("ConcatV2", {rows, depth, g.scalar_like(0, shape)})});
}

Output mat_mul(GradientContext& g, Output a, Output b, bool ta, bool tb) {
  return g.op("MatMul", {a, b}, {{"transpose_a", ta}, {"transpose_b", tb}});
}

Output sum_of(GradientContext& g, Output v, std::int64_t axis) {
  return g.op("Sum", {v, g.int_vector({axis})});
}

Output joined(GradientContext& g, Output a, Output b, std::int64_t axis) {
  const Output place = g.scalar_like(static_cast<double>(axis), g.int_vector({0}));
  return g.op("ConcatV2", {a, b, place});
}

// What all cells need: x w' and the states before each step.
struct Common {
  Values values;
  Output x, w, r, b, lengths, projected, before;

  explicit Common(GradientContext& g) : values(g) {
    x = flat_rows(g, values.input(0));
    w = values.input(1), r = values.input(2), b = values.input(3);
    lengths = g.input_value(4);
    projected = mat_mul(g, x, w, false, true);
    before = g.op("RecurrentStates", {values.output(0), lengths, values.input(5)},
                  {{"direction", g.attrs().string("direction")},
                   {"layout", g.attrs().integer("layout")}});
  }

  // From the gradients of the sums: those of x and w.
  void set_inputs(GradientContext& g, Output sums) const {
    const Output dx = sum_of(g, mat_mul(g, sums, w, false, false), 0);
    values.set(0, g.op("Reshape", {dx, g.shape_of(g.input_value(0))}));
    values.set(1, mat_mul(g, sums, x, true, false));
  }
};

}  // namespace

void lstm_gradient(GradientContext& g) {
  const Common common(g);
  const Values& v = common.values;
  const Output sums =
      g.op("LSTMGrad", {common.projected, common.r, common.before, v.grad(0), v.grad(1), v.grad(2),
                        common.b, common.lengths, v.input(6), v.input(7)},
           cell_attrs(g.attrs(), {"input_forget"}));
  common.set_inputs(g, sums);
  v.set(2, mat_mul(g, sums, common.before, true, false));
  const Output bias = sum_of(g, sums, 1);
  v.set(3, joined(g, bias, bias, 1));
  v.set(5, {sums.node, 1});
  v.set(6, {sums.node, 2});
  v.set(7, {sums.node, 3});
}

void rnn_gradient(GradientContext& g) {
  const Common common(g);
  const Values& v = common.values;
  const Output sums = g.op("RNNGrad", {common.projected, common.r, common.before, v.grad(0),
                                       v.grad(1), common.b, common.lengths},
                           cell_attrs(g.attrs(), {}));
  common.set_inputs(g, sums);
  v.set(2, mat_mul(g, sums, common.before, true, false));
  const Output bias = sum_of(g, sums, 1);
  v.set(3, joined(g, bias, bias, 1));
  v.set(5, {sums.node, 1});
}

void gru_gradient(GradientContext& g) {
  const Common common(g);
  const Values& v = common.values;
  const Output sums = g.op("GRUGrad", {common.projected, common.r, common.before, v.grad(0),
                                       v.grad(1), common.b, common.lengths},
                           cell_attrs(g.attrs(), {"linear_before_reset"}));
  common.set_inputs(g, sums);
  // Two gates see h, the candidate what the reset gate leaves of it.
  const Output widths = g.shape_of(common.r);
  const Output hidden = g.op("Slice", {widths, g.int_vector({2}), g.int_vector({1})});
  const Output all = g.int_vector({-1});
  const Output size = g.op("ConcatV2", {all, all, g.op("Mul", {hidden, g.int_vector({2})}),
                                        g.scalar_like(0, hidden)});
  const Output gates = g.op("Slice", {sums, g.int_vector({0, 0, 0}), size});
  const Output candidate{sums.node, 2}, inputs{sums.node, 3};
  v.set(2, joined(g, mat_mul(g, gates, common.before, true, false),
                  mat_mul(g, candidate, inputs, true, false), 1));
  const Output of_h = joined(g, sum_of(g, gates, 1), sum_of(g, candidate, 1), 1);
  v.set(3, joined(g, sum_of(g, sums, 1), of_h, 1));
  v.set(5, {sums.node, 1});
}

}  // namespace tw::recurrent
