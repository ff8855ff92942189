#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

void check_rank(const char* name, std::size_t got, int rank) {
  check(static_cast<int>(got) == rank, Code::kInvalidArgument, "expected ", rank, " elements of ",
        name, ", one per dim of the input, got ", got);
}

// The size of one dim of the slice; unknown when it depends on something unknown.
std::int64_t sliced(std::int64_t dim, std::int64_t begin, std::int64_t size, int axis) {
  const bool has_begin = begin != kUnknownValue, has_size = size != kUnknownValue;
  const bool has_dim = dim != kUnknownDim;
  check(!has_begin || (begin >= 0 && (!has_dim || begin <= dim)), Code::kInvalidArgument,
        "Expected begin[", axis, "] in [0, ", dim, "], but got ", begin);
  check(!has_size || size >= -1, Code::kInvalidArgument, "size[", axis, "] is negative: ", size);
  check(!has_size || size == -1 || !has_dim || size <= dim - (has_begin ? begin : 0),
        Code::kInvalidArgument, "Expected size[", axis, "] in [0, ", dim - (has_begin ? begin : 0),
        "], but got ", size);
  if (!has_size) return kUnknownDim;
  if (size != -1) return size;
  return has_begin && has_dim ? dim - begin : kUnknownDim;
}

void slice_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const Shape &b = c.with_rank(1, 1), &s = c.with_rank(2, 1);
  int rank = x.has_rank() ? x.rank() : -1;
  if (rank < 0 && b.fully_known()) rank = static_cast<int>(b[0]);
  if (rank < 0 && s.fully_known()) rank = static_cast<int>(s[0]);
  if (rank < 0) return c.set_output(0, Shape::unknown());
  const PartialValue none(static_cast<std::size_t>(rank), kUnknownValue);
  const PartialValue begin = c.values(1).value_or(none), size = c.values(2).value_or(none);
  check_rank("begin", begin.size(), rank);
  check_rank("size", size.size(), rank);
  Shape y;
  for (int i = 0; i < rank; ++i) {
    const auto k = static_cast<std::size_t>(i);
    y.push_back(sliced(x.has_rank() ? x[i] : kUnknownDim, begin[k], size[k], i));
  }
  c.set_output(0, y);
}

void slice_value(ShapeContext& c) {
  const auto values = small_values(c, 0);
  const auto begin = known_values(c, 1);
  const Shape& y = c.output(0);
  if (!values || !begin || !y.fully_known() || y.rank() != 1) return;
  const auto first = values->begin() + static_cast<std::ptrdiff_t>(begin->front());
  c.set_value(0, {first, first + static_cast<std::ptrdiff_t>(y[0])});
}

struct Window {
  std::vector<MoveAxis> axes;
  std::int64_t offset = 0;
};

// The part of a tensor of shape `whole` that starts at `begin` and has shape `part`; `from` steps
// through the whole, `to` through the part.
Window window(const Shape& whole, const std::vector<std::int64_t>& begin, const Shape& part) {
  Window w;
  const auto steps = whole.strides(), part_steps = part.strides();
  for (int i = 0; i < whole.rank(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    w.axes.push_back({part[i], part_steps[k], steps[k]});
    w.offset += begin[k] * steps[k];
  }
  return w;
}

void slice_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const auto begin = index_list(c.input(1), "begin"), size = index_list(c.input(2), "size");
  check_rank("begin", begin.size(), x.rank());
  check_rank("size", size.size(), x.rank());
  Shape shape;
  for (int i = 0; i < x.rank(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    shape.push_back(sliced(x.dim(i), begin[k], size[k], i));
  }
  if (shape == x.shape()) return c.set_output(0, x);
  Tensor& y = c.allocate_output(0, shape);
  const Window w = window(x.shape(), begin, shape);
  move_elements(c, x.dtype(), y.raw(), element(x, w.offset), w.axes);
}

void slice_gradient(GradientContext& g) {
  g.input(0) = g.op("SliceGrad", {g.shape_of(g.input_value(0)), g.input_value(1),
                                  g.output_grad(0)});
}

void grad_kernel(OpContext& c) {
  const Shape shape = shape_of_dims(index_list(c.input(0), "shape"), "shape");
  const auto begin = index_list(c.input(1), "begin");
  const Tensor& dy = c.input(2);
  check_rank("begin", begin.size(), shape.rank());
  check_rank("dy", static_cast<std::size_t>(dy.rank()), shape.rank());
  for (int i = 0; i < shape.rank(); ++i) {
    sliced(shape[i], begin[static_cast<std::size_t>(i)], dy.dim(i), i);
  }
  Tensor& dx = c.allocate_output(0, shape);
  fill_elements(c, dx.dtype(), dx.raw(), dx.size(), nullptr);
  Window w = window(shape, begin, dy.shape());
  for (MoveAxis& axis : w.axes) std::swap(axis.to, axis.from);
  move_elements(c, dx.dtype(), element(dx, w.offset), dy.raw(), w.axes);
}

Tensor permuted(const PermuteContext& c, const Tensor& list) {
  Tensor moved = list.copy();
  visit_index(list.dtype(), [&]<class T>() {
    for (std::size_t i = 0; i < c.perm().size(); ++i) {
      moved.mutable_data<T>()[i] = list.data<T>()[c.perm()[i]];
    }
  });
  return moved;
}

bool slice_permute(PermuteContext& c) {
  const Tensor *begin = c.constant(1), *size = c.constant(2);
  if (begin == nullptr || size == nullptr) return false;
  c.permute_input(0);
  c.replace_input(1, permuted(c, *begin));
  c.replace_input(2, permuted(c, *size));
  return true;
}

}  // namespace

OP(Slice)
    .doc("The part of the input that starts at begin and has the given size, one element of each "
         "per dim; a size of -1 goes to the end of its dim.")
    .input("input: T").input("begin: Index").input("size: Index").output("output: T")
    .attr("T: any").attr("Index: int32|int64 = int32")
    .shape(slice_shape).value(slice_value)
    .gradient(slice_gradient)
    .permute(slice_permute)
    .kernel(Device::kCpu, slice_kernel);

OP(SliceGrad)
    .doc("Zeros of the given shape with dy at begin: the gradient of Slice.")
    .internal()
    .input("shape: Tshape").input("begin: Index").input("dy: T").output("output: T")
    .attr("T: real|complex64|complex128").attr("Index: int32|int64").attr("Tshape: int32|int64")
    .shape([](ShapeContext& c) { c.set_output(0, c.shape_from(0)); })
    .gradient([](GradientContext& g) {
      g.input(2) = g.op("Slice", {g.output_grad(0), g.input_value(1),
                                  g.op("Shape", {g.input_value(2)},
                                       {{"out_type", g.info(g.input_value(1)).dtype}})});
    })
    .kernel(Device::kCpu, grad_kernel);

}  // namespace tw
