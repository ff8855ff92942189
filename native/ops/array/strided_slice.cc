#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"
#include "ops/array/strided_view.h"

namespace tw {
namespace {

// The specification in inputs first, first + 1, first + 2, with unknown elements; nullopt when not
// even their number is known.
std::optional<StridedSpec> partial_spec(const ShapeContext& c, int first) {
  int count = -1;
  for (int i = first; i < first + 3; ++i) {
    if (c.input(i).fully_known() && c.input(i).rank() == 1) count = static_cast<int>(c.input(i)[0]);
  }
  if (count < 0) return std::nullopt;
  const PartialValue none(static_cast<std::size_t>(count), kUnknownValue);
  StridedSpec spec;
  spec.partial = true;
  spec.begin = c.values(first).value_or(none);
  spec.end = c.values(first + 1).value_or(none);
  spec.strides = c.values(first + 2).value_or(none);
  spec.take_masks(c.attrs());
  return spec;
}

StridedSpec spec_of(const OpContext& c, int first) {
  StridedSpec spec;
  spec.begin = index_list(c.input(first), "begin");
  spec.end = index_list(c.input(first + 1), "end");
  spec.strides = index_list(c.input(first + 2), "strides");
  spec.take_masks(c.attrs());
  return spec;
}

void slice_shape(ShapeContext& c) {
  for (int i = 1; i < 4; ++i) c.with_rank(i, 1);
  const auto spec = partial_spec(c, 1);
  const bool known = spec && c.input(0).has_rank();
  c.set_output(0, known ? strided_view(c.input(0), *spec).shape : Shape::unknown());
}

void slice_value(ShapeContext& c) {
  const auto values = small_values(c, 0);
  const auto spec = partial_spec(c, 1);
  if (!values || !spec || c.input(0).rank() != 1) return;
  const StridedView view = strided_view(c.input(0), *spec);
  const StridedView::Axis axis = view.axes.front();
  const bool known_begin = known_values(c, 1) && known_values(c, 3);
  if (axis.size == kUnknownDim || !known_begin) return;
  PartialValue taken;
  for (std::int64_t i = 0; i < axis.size; ++i) {
    taken.push_back((*values)[static_cast<std::size_t>(axis.begin + i * axis.stride)]);
  }
  c.set_value(0, std::move(taken));
}

struct Steps {
  std::vector<MoveAxis> axes;  // from: the whole; to: the view
  std::int64_t offset = 0;
};

Steps steps_of(const Shape& whole, const StridedView& view) {
  Steps s;
  const auto from = whole.strides(), to = view.dense.strides();
  for (std::size_t i = 0; i < view.axes.size(); ++i) {
    const StridedView::Axis& axis = view.axes[i];
    s.axes.push_back({axis.size, to[i], from[i] * (axis.size > 1 ? axis.stride : 1)});
    s.offset += axis.begin * from[i];
  }
  return s;
}

void slice_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const StridedView view = strided_view(x.shape(), spec_of(c, 1));
  Tensor& y = c.allocate_output(0, view.shape);
  if (y.size() == 0) return;
  const Steps s = steps_of(x.shape(), view);
  move_elements(c, x.dtype(), y.raw(), element(x, s.offset), s.axes);
}

AttrMap masks(const Attrs& attrs) {
  AttrMap map;
  for (const char* name :
       {"begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"}) {
    map.emplace_back(name, attrs.integer(name));
  }
  return map;
}

void slice_gradient(GradientContext& g) {
  g.input(0) = g.op("StridedSliceGrad",
                    {g.shape_of(g.input_value(0)), g.input_value(1), g.input_value(2),
                     g.input_value(3), g.output_grad(0)},
                    masks(g.attrs()));
}

void grad_kernel(OpContext& c) {
  const Shape shape = shape_of_dims(index_list(c.input(0), "shape"), "shape");
  const StridedView view = strided_view(shape, spec_of(c, 1));
  const Tensor& dy = c.input(4);
  check(dy.shape() == view.shape, Code::kInvalidArgument, "expected dy of shape ", view.shape,
        ", got ", dy.shape());
  Tensor& dx = c.allocate_output(0, shape);
  fill_elements(c, dx.dtype(), dx.raw(), dx.size(), nullptr);
  if (dy.size() == 0) return;
  Steps s = steps_of(shape, view);
  for (MoveAxis& axis : s.axes) std::swap(axis.to, axis.from);
  move_elements(c, dx.dtype(), element(dx, s.offset), dy.raw(), s.axes);
}

// Only plain ranges, one per dim: then the axes just change places.
bool slice_permute(PermuteContext& c) {
  const Attrs attrs = c.attrs();
  const std::size_t rank = c.perm().size();
  if (attrs.integer("ellipsis_mask") != 0 || attrs.integer("new_axis_mask") != 0 ||
      attrs.integer("shrink_axis_mask") != 0) {
    return false;
  }
  for (int i = 1; i < 4; ++i) {
    if (c.constant(i) == nullptr || c.constant(i)->size() > static_cast<std::int64_t>(rank)) {
      return false;
    }
  }
  const std::vector<std::int64_t> lists[] = {
      c.constant(1)->to_int64s(), c.constant(2)->to_int64s(), c.constant(3)->to_int64s()};
  std::int64_t begin_mask = 0, end_mask = 0;
  std::vector<std::int64_t> moved[3];
  for (std::size_t i = 0; i < rank; ++i) {
    const auto old = static_cast<std::size_t>(c.perm()[i]);
    const bool given = old < lists[0].size();
    const auto mask_bit = [&](const char* mask) {
      return (given ? attrs.integer(mask) >> old & 1 : 1) << i;
    };
    begin_mask |= mask_bit("begin_mask");
    end_mask |= mask_bit("end_mask");
    for (int k = 0; k < 3; ++k) moved[k].push_back(given ? lists[k][old] : k == 2 ? 1 : 0);
  }
  const bool narrow = c.constant(1)->dtype() == DType::kInt32;
  c.permute_input(0);
  for (int k = 0; k < 3; ++k) {
    c.replace_input(k + 1, narrow ? Tensor::vector(std::vector<std::int32_t>(moved[k].begin(),
                                                                            moved[k].end()))
                                  : Tensor::vector(moved[k]));
  }
  c.set_attr("begin_mask", begin_mask);
  c.set_attr("end_mask", end_mask);
  return true;
}

}  // namespace

OP(StridedSlice)
    .doc("Python's x[begin:end:strides], one element of each per index. Bit i of a mask speaks of "
         "index i: begin_mask and end_mask leave that side open, ellipsis_mask stands for all dims "
         "not named (once at most), new_axis_mask inserts a dim of 1, and shrink_axis_mask takes "
         "the one element at begin and drops the dim. Negative indices count from the end; ranges "
         "are cut off at the ends, but an index to shrink must be in range.")
    .input("input: T").input("begin: Index").input("end: Index").input("strides: Index")
    .output("output: T")
    .attr("T: any").attr("Index: int32|int64 = int32")
    .attr("begin_mask: int = 0").attr("end_mask: int = 0").attr("ellipsis_mask: int = 0")
    .attr("new_axis_mask: int = 0").attr("shrink_axis_mask: int = 0")
    .shape(slice_shape).value(slice_value)
    .gradient(slice_gradient)
    .permute(slice_permute)
    .kernel(Device::kCpu, slice_kernel);

OP(StridedSliceGrad)
    .doc("Zeros of the given shape with dy where StridedSlice would read: its gradient.")
    .input("shape: Tshape").input("begin: Index").input("end: Index").input("strides: Index")
    .input("dy: T").output("output: T")
    .attr("T: real|complex64|complex128")
    .attr("Index: int32|int64 = int32").attr("Tshape: int32|int64 = int32")
    .attr("begin_mask: int = 0").attr("end_mask: int = 0").attr("ellipsis_mask: int = 0")
    .attr("new_axis_mask: int = 0").attr("shrink_axis_mask: int = 0")
    .shape([](ShapeContext& c) { c.set_output(0, c.shape_from(0)); })
    .gradient([](GradientContext& g) {
      g.input(4) = g.op("StridedSlice", {g.output_grad(0), g.input_value(1), g.input_value(2),
                                         g.input_value(3)}, masks(g.attrs()));
    })
    .kernel(Device::kCpu, grad_kernel);

}  // namespace tw
