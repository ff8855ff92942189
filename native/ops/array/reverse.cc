#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

std::array<bool, kMaxRank> marked(std::span<const std::int64_t> axes, int rank) {
  std::array<bool, kMaxRank> marks{};
  for (std::int64_t axis : axes) {
    const auto a = static_cast<std::size_t>(normal_axis(axis, rank));
    check(!marks[a], Code::kInvalidArgument, "axis ", a, " specified more than once.");
    marks[a] = true;
  }
  return marks;
}

void reverse_shape(ShapeContext& c) {
  c.with_rank(1, 1);
  const auto axes = known_values(c, 1);
  if (axes && c.input(0).has_rank()) marked(*axes, c.input(0).rank());
  c.set_output(0, c.input(0));
}

void reverse_value(ShapeContext& c) {
  auto values = small_values(c, 0);
  const auto axes = known_values(c, 1);
  if (!values || !axes || c.input(0).rank() != 1) return;
  if (!axes->empty()) std::reverse(values->begin(), values->end());
  c.set_value(0, std::move(*values));
}

void reverse_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const auto marks = marked(index_list(c.input(1), "axis"), x.rank());
  Tensor& y = c.allocate_output(0, x.shape());
  if (x.size() == 0) return;
  const auto steps = x.shape().strides();
  std::vector<MoveAxis> axes;
  std::int64_t origin = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(x.rank()); ++i) {
    const std::int64_t dim = x.dim(static_cast<int>(i));
    axes.push_back({dim, steps[i], marks[i] ? -steps[i] : steps[i]});
    if (marks[i]) origin += (dim - 1) * steps[i];
  }
  move_elements(c, x.dtype(), y.raw(), element(x, origin), axes);
}

bool reverse_permute(PermuteContext& c) {
  const Tensor* axes = c.constant(1);
  if (axes == nullptr) return false;
  Tensor moved = axes->copy();
  visit_index(moved.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < moved.size(); ++i) {
      moved.mutable_data<T>()[i] = static_cast<T>(c.new_axis(axes->data<T>()[i]));
    }
  });
  c.permute_input(0);
  c.replace_input(1, moved);
  return true;
}

struct SequenceAxes {
  int sequence, batch;
};

SequenceAxes sequence_axes(const Attrs& attrs, int rank) {
  const SequenceAxes axes{normal_axis(attrs.integer("seq_dim"), rank),
                          normal_axis(attrs.integer("batch_dim"), rank)};
  check(axes.sequence != axes.batch, Code::kInvalidArgument,
        "seq_dim and batch_dim must differ, both are ", axes.batch);
  return axes;
}

void sequence_shape(ShapeContext& c) {
  const Shape &x = c.input(0), &lengths = c.with_rank(1, 1);
  if (x.has_rank()) {
    const SequenceAxes axes = sequence_axes(c.attrs(), x.rank());
    if (lengths.has_rank()) merge(Shape{x[axes.batch]}, lengths);
  }
  c.set_output(0, x);
}

void sequence_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const SequenceAxes at = sequence_axes(c.attrs(), x.rank());
  const auto lengths = index_list(c.input(1), "seq_lengths");
  check(static_cast<std::int64_t>(lengths.size()) == x.dim(at.batch), Code::kInvalidArgument,
        "expected ", x.dim(at.batch), " seq_lengths, got ", lengths.size());
  Tensor& y = c.allocate_output(0, x.shape());
  const auto steps = x.shape().strides();
  std::vector<MoveAxis> axes;
  for (int i = 0; i < x.rank(); ++i) {
    const std::int64_t step = steps[static_cast<std::size_t>(i)];
    axes.push_back({x.dim(i), step, step});
  }
  MoveAxis& sequence = axes[static_cast<std::size_t>(at.sequence)];
  const std::int64_t most = sequence.size, step = sequence.to;
  axes[static_cast<std::size_t>(at.batch)].size = 1;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    const std::int64_t length = lengths[b];
    check(length >= 0 && length <= most, Code::kInvalidArgument, "seq_lengths[", b, "] is ", length,
          ", expected a value in [0, ", most, "]");
    const std::int64_t row =
        static_cast<std::int64_t>(b) * steps[static_cast<std::size_t>(at.batch)];
    sequence = {length, step, -step};
    if (length > 0) {
      move_elements(c, x.dtype(), element(y, row), element(x, row + (length - 1) * step), axes);
    }
    sequence = {most - length, step, step};
    const std::int64_t rest = row + length * step;
    move_elements(c, x.dtype(), element(y, rest), element(x, rest), axes);
  }
}

}  // namespace

OP(ReverseV2)
    .doc("Turns the order of the elements around along the given axes, of which none may come "
         "twice.")
    .api("reverse")
    .input("tensor: T").input("axis: Tidx").output("output: T")
    .attr("T: any").attr("Tidx: int32|int64 = int32")
    .shape(reverse_shape).value(reverse_value)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ReverseV2", {g.output_grad(0), g.input_value(1)});
    })
    .permute(reverse_permute)
    .kernel(Device::kCpu, reverse_kernel);

OP(ReverseSequence)
    .doc("For each index b along batch_dim, turns the first seq_lengths[b] elements along seq_dim "
         "around; the others stay.")
    .input("input: T").input("seq_lengths: Tlen").output("output: T")
    .attr("T: any").attr("Tlen: int32|int64 = int64").attr("seq_dim: int")
    .attr("batch_dim: int = 0")
    .shape(sequence_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ReverseSequence", {g.output_grad(0), g.input_value(1)},
                        {{"seq_dim", g.attrs().integer("seq_dim")},
                         {"batch_dim", g.attrs().integer("batch_dim")}});
    })
    .kernel(Device::kCpu, sequence_kernel);

}  // namespace tw
