#include <algorithm>
#include <vector>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/softmax.h"
#include "ops/math/rules.h"

namespace tw {
namespace {

using namespace rules;

constexpr std::int64_t kTaskElements = 16384;

void cross_entropy_shape(ShapeContext& c) {
  const Shape both = merge(c.with_rank(0, 2), c.with_rank(1, 2));
  c.set_output(0, both.has_rank() ? Shape{both[0]} : Shape::unknown_dims(1));
  c.set_output(1, both.has_rank() ? both : Shape::unknown_dims(2));
}

// body(first row, rows) over all rows, in tasks of about kTaskElements.
template <class Body>
void for_rows(OpContext& c, std::int64_t rows, std::int64_t depth, Body body) {
  const std::int64_t wide = std::max<std::int64_t>(1, depth);
  const std::int64_t some = std::max<std::int64_t>(1, kTaskElements / wide);
  c.parallel_for((rows + some - 1) / some, [&](std::int64_t task, int) {
    body(task * some, std::min(some, rows - task * some));
  });
}
char* at(const Tensor& t, std::int64_t element) {
  return static_cast<char*>(t.raw()) + static_cast<std::size_t>(element) * size_of(t.dtype());
}

void cross_entropy_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &labels = c.input(1);
  check(x.rank() == 2 && x.shape() == labels.shape(), Code::kInvalidArgument,
        "logits and labels must be matrices of the same shape, got ", x.shape(), " and ",
        labels.shape());
  const std::int64_t rows = x.dim(0), depth = x.dim(1);
  const Tensor &loss = c.allocate_output(0, {rows}), &backprop = c.allocate_output(1, x.shape());
  for_rows(c, rows, depth, [&](std::int64_t first, std::int64_t count) {
    cross_entropy_rows(x.dtype(), at(loss, first), at(backprop, first * depth),
                       at(x, first * depth), at(labels, first * depth), count, depth);
  });
}

void sparse_shape(ShapeContext& c) {
  Shape x = c.with_rank(0, 2);
  const Shape& labels = c.with_rank(1, 1);
  if (x.has_rank() && labels.has_rank()) x[0] = merge(Shape{x[0]}, labels)[0];
  c.set_output(0, x.has_rank() ? Shape{x[0]} : Shape::unknown_dims(1));
  c.set_output(1, x.has_rank() ? x : Shape::unknown_dims(2));
}

void sparse_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 2 && c.input(1).rank() == 1 && c.input(1).size() == x.dim(0),
        Code::kInvalidArgument, "logits must be [batch, classes] and labels [batch], got ",
        x.shape(), " and ", c.input(1).shape());
  const std::int64_t rows = x.dim(0), depth = x.dim(1);
  const std::vector<std::int64_t> labels = c.input(1).to_int64s();
  for (std::int64_t label : labels) {
    check(label >= 0 && label < depth, Code::kInvalidArgument, "Received a label value of ", label,
          " which is outside the valid range of [0, ", depth, ")");
  }
  const Tensor &loss = c.allocate_output(0, {rows}), &backprop = c.allocate_output(1, x.shape());
  for_rows(c, rows, depth, [&](std::int64_t first, std::int64_t count) {
    sparse_cross_entropy_rows(x.dtype(), at(loss, first), at(backprop, first * depth),
                              at(x, first * depth), labels.data() + first, count, depth);
  });
}

Output column(GradientContext& g, Output x) { return g.op("ExpandDims", {x, g.int_vector({1})}); }

// The loss's share, and that of the second output, whose slope is that of the softmax.
Output logits_gradient(GradientContext& g) {
  const Output direct = mul(g, column(g, g.output_grad(0)), g.output_value(1));
  if (!g.has_output_grad(1)) return direct;
  const Output p = g.op("Softmax", {g.input_value(0)}), d = g.output_grad(1);
  const Output sum = g.op("Sum", {mul(g, d, p), g.int_vector({1})}, {{"keep_dims", true}});
  return add(g, direct, mul(g, sub(g, d, sum), p));
}

}  // namespace

OP(SoftmaxCrossEntropyWithLogits)
    .doc("The cross entropy between each row of labels, a distribution, and the softmax of that\n"
         "row of features, with its gradient for the features as the second output.")
    .input("features: T").input("labels: T").output("loss: T").output("backprop: T")
    .attr("T: floating")
    .shape(cross_entropy_shape)
    .in_place(1, 0)
    .gradient([](GradientContext& g) {
      g.input(0) = logits_gradient(g);
      const Output log_p = g.op("LogSoftmax", {g.input_value(0)});
      const Output direct = neg(g, mul(g, column(g, g.output_grad(0)), log_p));
      g.input(1) = g.has_output_grad(1) ? sub(g, direct, g.output_grad(1)) : direct;
    })
    .kernel(Device::kCpu, cross_entropy_kernel);

OP(SparseSoftmaxCrossEntropyWithLogits)
    .doc("The cross entropy of the softmax of each row of features where the label is the index\n"
         "of the true class, with its gradient for the features as the second output.")
    .input("features: T").input("labels: Tlabels").output("loss: T").output("backprop: T")
    .attr("T: floating").attr("Tlabels: int32|int64 = int64")
    .shape(sparse_shape)
    .in_place(1, 0)
    .gradient([](GradientContext& g) { g.input(0) = logits_gradient(g); })
    .kernel(Device::kCpu, sparse_kernel);

}  // namespace tw
