#include <algorithm>
#include <limits>
#include <vector>

#include "graph/gradient_context.h"
#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/ctc.h"
#include "kernels/softmax.h"

namespace tw {
namespace {

// The shape [batch] of all inputs together.
Shape ctc_batch(ShapeContext& c) {
  const Shape logits = c.with_rank(0, 3), labels = c.with_rank(1, 2);
  Shape batch = merge(c.with_rank(2, 1), c.with_rank(3, 1));
  if (c.inputs() > 4) batch = merge(batch, c.with_rank(4, 1));
  if (logits.has_rank()) batch = merge(batch, Shape{logits[0]});
  return labels.has_rank() ? merge(batch, Shape{labels[0]}) : batch;
}

void ctc_shape(ShapeContext& c) { c.set_output(0, ctc_batch(c)); }

void ctc_grad_shape(ShapeContext& c) {
  const Shape batch = ctc_batch(c);
  Shape logits = merge(c.input(0), Shape::unknown_dims(3));
  if (batch.has_rank()) logits[0] = batch[0];
  c.set_output(0, logits);
}

struct Batch {
  std::int64_t size, steps, classes, longest;  // the longest label
  std::vector<std::int64_t> lengths, counts;
};

std::vector<std::int64_t> checked_lengths(OpContext& c, int i, std::int64_t batch,
                                          std::int64_t most, const char* name) {
  check(c.input(i).shape() == Shape{batch}, Code::kInvalidArgument, name, " must have shape [",
        batch, "], got ", c.input(i).shape());
  std::vector<std::int64_t> lengths = c.input(i).to_int64s();
  for (std::int64_t length : lengths) {
    check(length >= 0 && length <= most, Code::kInvalidArgument, name, " must be in [0, ", most,
          "], got ", length);
  }
  return lengths;
}

Batch checked_batch(OpContext& c, std::int64_t blank) {
  const Tensor &logits = c.input(0), &labels = c.input(1);
  check(logits.rank() == 3 && labels.rank() == 2 && labels.dim(0) == logits.dim(0),
        Code::kInvalidArgument, "expected logits [batch, steps, classes] and labels [batch, n], ",
        "got ", logits.shape(), " and ", labels.shape());
  Batch b{logits.dim(0), logits.dim(1), logits.dim(2), labels.dim(1), {}, {}};
  check(blank >= 0 && blank < b.classes, Code::kInvalidArgument, "blank must be in [0, ", b.classes,
        "), got ", blank);
  b.lengths = checked_lengths(c, 2, b.size, b.steps, "logit_lengths");
  b.counts = checked_lengths(c, 3, b.size, b.longest, "label_lengths");
  for (std::int64_t n = 0; n < b.size; ++n) {
    const std::int32_t* own = labels.data<std::int32_t>() + n * b.longest;
    for (std::int64_t k = 0; k < b.counts[static_cast<std::size_t>(n)]; ++k) {
      check(own[k] >= 0 && own[k] < b.classes && own[k] != blank, Code::kInvalidArgument,
            "labels must be in [0, ", b.classes, ") and not the blank ", blank, ", got ", own[k],
            " at [", n, ", ", k, "]");
    }
  }
  return b;
}

// One sequence: p [steps, classes] is workspace, or takes the gradient where there is a scale.
template <class T>
T run_one(OpContext& c, const Batch& b, std::int64_t n, T* p, const T* scale, double* workspace) {
  const auto i = static_cast<std::size_t>(n);
  const std::int64_t steps = b.lengths[i], size = b.steps * b.classes;
  if (scale != nullptr) std::fill(p + steps * b.classes, p + size, T(0));
  if (steps == 0) return b.counts[i] == 0 ? T(0) : std::numeric_limits<T>::infinity();
  const DType dtype = c.input(0).dtype();
  softmax_rows(dtype, true, p, c.input(0).data<T>() + n * size, steps, b.classes);
  const CtcTarget target{c.input(1).data<std::int32_t>() + n * b.longest, b.counts[i],
                         static_cast<std::int32_t>(c.attrs().integer("blank"))};
  return static_cast<T>(ctc_loss(dtype, p, steps, b.classes, target, scale != nullptr,
                                 scale != nullptr ? double(scale[n]) : 0, workspace));
}

template <class T>
void run(OpContext& c, const Batch& b, bool slopes) {
  const std::int64_t space = ctc_workspace(b.steps, b.longest), size = b.steps * b.classes;
  double* workspace = c.temporary_of<double>(space * c.threads());
  T* rows = slopes ? c.output(0).mutable_data<T>() : c.temporary_of<T>(size * c.threads());
  const T* scale = slopes ? c.input(4).data<T>() : nullptr;
  T* losses = slopes ? nullptr : c.output(0).mutable_data<T>();
  c.parallel_for(b.size, [&](std::int64_t n, int worker) {
    const std::int64_t own = slopes ? n : worker;
    const T loss = run_one(c, b, n, rows + own * size, scale, workspace + worker * space);
    if (losses != nullptr) losses[n] = loss;
  });
}

void ctc_kernel(OpContext& c) {
  const Batch b = checked_batch(c, c.attrs().integer("blank"));
  c.allocate_output(0, {b.size});
  c.input(0).dtype() == DType::kFloat64 ? run<double>(c, b, false) : run<float>(c, b, false);
}

void ctc_grad_kernel(OpContext& c) {
  const Batch b = checked_batch(c, c.attrs().integer("blank"));
  check(c.input(4).shape() == Shape{b.size}, Code::kInvalidArgument, "grad must have shape [",
        b.size, "], got ", c.input(4).shape());
  c.allocate_output(0, c.input(0).shape());
  c.input(0).dtype() == DType::kFloat64 ? run<double>(c, b, true) : run<float>(c, b, true);
}

}  // namespace

OP(DenseCtcLoss)
    .doc("-log of the probability that the softmax of logits [batch, steps, classes] reads as the\n"
         "labels [batch, n], by connectionist temporal classification: a class at each step,\n"
         "repeats merged, then blanks dropped. Infinity where the labels need more steps. The first\n"
         "logit_lengths steps and label_lengths labels of each row count. Sums are of float64.")
    .api("ctcLoss")
    .input("logits: T").input("labels: int32").input("logit_lengths: int32")
    .input("label_lengths: int32").output("loss: T")
    .attr("T: float32|float64").attr("blank: int = 0")
    .shape(ctc_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("DenseCtcLossGrad",
                        {g.input_value(0), g.input_value(1), g.input_value(2), g.input_value(3),
                         g.output_grad(0)},
                        {{"blank", g.attrs().integer("blank")}});
    })
    .kernel(Device::kCpu, ctc_kernel);

OP(DenseCtcLossGrad)
    .doc("The gradient of DenseCtcLoss for its logits, grad being that of the losses. 0 where the\n"
         "loss is infinite.")
    .internal()
    .input("logits: T").input("labels: int32").input("logit_lengths: int32")
    .input("label_lengths: int32").input("grad: T").output("output: T")
    .attr("T: float32|float64").attr("blank: int = 0")
    .shape(ctc_grad_shape)
    .no_gradient("not registered: the second derivative by alignments is not computed")
    .kernel(Device::kCpu, ctc_grad_kernel);

}  // namespace tw
