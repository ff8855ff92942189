#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

// Elements of paddings, [rank, 2], before and after each dim.
std::vector<std::int64_t> paddings_of(const Tensor& paddings, int rank) {
  check(paddings.rank() == 2 && paddings.dim(0) == rank && paddings.dim(1) == 2,
        Code::kInvalidArgument, "paddings must be a matrix of shape [", rank, ", 2], got ",
        paddings.shape());
  std::vector<std::int64_t> values = paddings.to_int64s();
  for (std::size_t i = 0; i < values.size(); ++i) {
    check(values[i] >= 0, Code::kInvalidArgument, "Paddings must be non-negative: dim ", i / 2,
          " has ", values[i]);
  }
  return values;
}

// Far above what memory holds, and no sum of two and a dim overflows.
constexpr std::int64_t kMostPadding = std::int64_t{1} << 60;

Shape padded(const Shape& x, std::span<const std::int64_t> paddings) {
  Shape y = x;
  for (int i = 0; i < x.rank(); ++i) {
    const auto k = static_cast<std::size_t>(2 * i);
    const std::int64_t before = paddings[k], after = paddings[k + 1];
    check(before <= kMostPadding && after <= kMostPadding, Code::kInvalidArgument,
          "paddings of dim ", i, " are too large: ", before, " and ", after);
    const bool known = before != kUnknownValue && after != kUnknownValue && x[i] != kUnknownDim;
    y[i] = known ? x[i] + before + after : kUnknownDim;
  }
  return y;
}

void pad_shape(ShapeContext& c) {
  const Shape &x = c.input(0), &p = c.with_rank(1, 2);
  int rank = x.has_rank() ? x.rank() : -1;
  if (rank < 0 && p.has_rank() && p[0] != kUnknownDim) rank = static_cast<int>(p[0]);
  if (rank < 0) return c.set_output(0, Shape::unknown());
  check(compatible(p, Shape{rank, 2}), Code::kInvalidArgument,
        "paddings must be a matrix of shape [", rank, ", 2], got ", p);
  const Shape known = x.has_rank() ? x : Shape::unknown_dims(rank);
  if (const Tensor* paddings = c.constant(1)) {
    return c.set_output(0, padded(known, paddings_of(*paddings, rank)));
  }
  const auto values = small_values(c, 1);
  const bool whole = values && values->size() == static_cast<std::size_t>(2 * rank);
  c.set_output(0, whole ? padded(known, *values) : Shape::unknown_dims(rank));
}

// Fills the border in slabs that do not overlap: in front of and behind each axis, within the
// interior of the axes before it.
void fill_border(OpContext& c, Tensor& y, const Shape& x, const std::vector<std::int64_t>& paddings,
                 const void* value) {
  const auto steps = y.shape().strides();
  std::vector<MoveAxis> axes;
  for (int i = 0; i < x.rank(); ++i) {
    axes.push_back({y.dim(i), steps[static_cast<std::size_t>(i)], 0});
  }
  std::int64_t origin = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t before = paddings[2 * i], after = paddings[2 * i + 1];
    const std::int64_t dim = x[static_cast<int>(i)];
    axes[i].size = before;
    move_elements(c, y.dtype(), element(y, origin), value, axes);
    axes[i].size = after;
    move_elements(c, y.dtype(), element(y, origin + (before + dim) * axes[i].to), value, axes);
    axes[i].size = dim;
    origin += before * axes[i].to;
  }
}

void pad(OpContext& c, const void* value) {
  const Tensor& x = c.input(0);
  const auto paddings = paddings_of(c.input(1), x.rank());
  const Shape shape = padded(x.shape(), paddings);
  if (shape == x.shape()) return c.set_output(0, x);
  Tensor& y = c.allocate_output(0, shape);
  fill_border(c, y, x.shape(), paddings, value);
  const auto to = y.shape().strides(), from = x.shape().strides();
  std::vector<MoveAxis> axes;
  std::int64_t origin = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(x.rank()); ++i) {
    axes.push_back({x.dim(static_cast<int>(i)), to[i], from[i]});
    origin += paddings[2 * i] * to[i];
  }
  move_elements(c, x.dtype(), element(y, origin), x.raw(), axes);
}

void pad_kernel(OpContext& c) {
  static const std::string empty;
  static const Complex128 zero{};
  pad(c, c.input(0).dtype() == DType::kString ? static_cast<const void*>(&empty) : &zero);
}

void pad_v2_kernel(OpContext& c) {
  const Tensor& value = c.input(2);
  check(value.size() == 1, Code::kInvalidArgument, "constant_values must be a scalar, got shape ",
        value.shape());
  pad(c, value.raw());
}

// The interior of dy: begin is column 0 of paddings.
Output interior(GradientContext& g) {
  const Output paddings = g.input_value(1);
  const DType index = g.info(paddings).dtype;
  const auto list = [&](std::int64_t a, std::int64_t b) {
    const Tensor values = index == DType::kInt32
                              ? Tensor::vector<std::int32_t>({static_cast<std::int32_t>(a),
                                                              static_cast<std::int32_t>(b)})
                              : Tensor::vector<std::int64_t>({a, b});
    return g.graph().constant(values, "gradients/Const");
  };
  const Output begin = g.op("StridedSlice", {paddings, list(0, 0), list(0, 1), list(1, 1)},
                            {{"begin_mask", std::int64_t{1}}, {"end_mask", std::int64_t{1}},
                             {"shrink_axis_mask", std::int64_t{2}}});
  const Output size = g.op("Shape", {g.input_value(0)}, {{"out_type", index}});
  return g.op("Slice", {g.output_grad(0), begin, size});
}

void pad_v2_gradient(GradientContext& g) {
  g.input(0) = interior(g);
  // The constant is where the border is: the sum of all without that of the interior.
  const Output all = g.op("SumTo", {g.output_grad(0), g.int_vector({})});
  const Output inside = g.op("SumTo", {g.input(0), g.int_vector({})});
  g.input(2) = g.op("Sub", {all, inside});
}

bool pad_permute(PermuteContext& c) {
  const Tensor* paddings = c.constant(1);
  if (paddings == nullptr) return false;
  Tensor moved = paddings->copy();
  visit_index(moved.dtype(), [&]<class T>() {
    for (std::size_t i = 0; i < c.perm().size(); ++i) {
      const auto old = static_cast<std::size_t>(c.perm()[i]);
      for (std::size_t k = 0; k < 2; ++k) {
        moved.mutable_data<T>()[2 * i + k] = paddings->data<T>()[2 * old + k];
      }
    }
  });
  c.permute_input(0);
  c.replace_input(1, moved);
  return true;
}

}  // namespace

OP(Pad)
    .doc("Puts paddings[i, 0] zeros in front of and paddings[i, 1] behind the input along each dim "
         "i.")
    .internal()
    .input("input: T").input("paddings: Tpaddings").output("output: T")
    .attr("T: any").attr("Tpaddings: int32|int64 = int32")
    .shape(pad_shape)
    .gradient([](GradientContext& g) { g.input(0) = interior(g); })
    .permute(pad_permute)
    .kernel(Device::kCpu, pad_kernel);

OP(PadV2)
    .doc("Puts paddings[i, 0] times the scalar constant_values in front of and paddings[i, 1] "
         "times behind the input along each dim i.")
    .api("pad")
    .input("input: T").input("paddings: Tpaddings").input("constant_values: T").output("output: T")
    .attr("T: any").attr("Tpaddings: int32|int64 = int32")
    .shape(pad_shape)
    .gradient(pad_v2_gradient)
    .permute(pad_permute)
    .kernel(Device::kCpu, pad_v2_kernel);

}  // namespace tw
