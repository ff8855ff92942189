#include <algorithm>

#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"
#include "ops/sequence/elements.h"

namespace tw {
namespace {

void concat_kernel(OpContext& c) {
  const auto list = elements_of(c.input(0));
  const DType dtype = c.node().outputs[0].dtype;
  check(!list.empty(), Code::kInvalidArgument, "the sequence is empty");
  const bool stacks = c.attrs().flag("new_axis");
  const Shape& first = list[0].shape();
  const int axis = normal_axis(c.attrs().integer("axis"), first.rank() + (stacks ? 1 : 0));
  std::int64_t total = 0;
  for (const Tensor& t : list) {
    check(t.dtype() == dtype && t.rank() == first.rank(), Code::kInvalidArgument, "an entry is ",
          name_of(t.dtype()), " ", t.shape(), ", the first is ", name_of(dtype), " ", first);
    for (int i = 0; i < first.rank(); ++i) {
      check(t.dim(i) == first[i] || (i == axis && !stacks), Code::kInvalidArgument,
            "entries of shapes ", first, " and ", t.shape(), " cannot be joined along axis ", axis);
    }
    total += stacks ? 1 : t.dim(axis);
  }
  Shape shape;
  for (int i = 0; i < first.rank() + (stacks ? 1 : 0); ++i) {
    shape.push_back(i == axis ? total : first[stacks && i > axis ? i - 1 : i]);
  }
  Tensor& y = c.allocate_output(0, shape);
  const std::int64_t outer = first.size(0, axis);
  const std::int64_t inner = first.size(stacks ? axis : axis + 1, first.rank());
  std::int64_t done = 0;
  for (const Tensor& t : list) {
    const std::int64_t run = (stacks ? 1 : t.dim(axis)) * inner;
    const MoveAxis axes[] = {{outer, total * inner, run}, {run, 1, 1}};
    if (outer * run > 0) move_elements(c, dtype, element(y, done), t.raw(), axes);
    done += run;
  }
}

void split_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const int axis = normal_axis(c.attrs().integer("axis"), x.rank());
  std::vector<std::int64_t> sizes;
  if (!c.has_input(1)) {
    sizes.assign(static_cast<std::size_t>(x.dim(axis)), 1);
  } else if (c.input(1).rank() == 0) {
    const std::int64_t size = index_scalar(c.input(1), "split");
    check(size > 0, Code::kInvalidArgument, "split is ", size);
    for (std::int64_t i = 0; i < x.dim(axis); i += size) {
      sizes.push_back(std::min(size, x.dim(axis) - i));
    }
  } else {
    sizes = index_list(c.input(1), "split");
  }
  std::int64_t sum = 0;
  for (const std::int64_t size : sizes) {
    check(size >= 0, Code::kInvalidArgument, "split has ", size);
    sum += size;
  }
  check(sum == x.dim(axis), Code::kInvalidArgument, "split adds up to ", sum, ", expected ",
        x.dim(axis));
  const bool drops = !c.attrs().flag("keepdims") && !c.has_input(1);
  const std::int64_t outer = x.shape().size(0, axis), inner = x.shape().size(axis + 1, x.rank());
  std::vector<Tensor> list;
  std::int64_t done = 0;
  for (const std::int64_t size : sizes) {
    Tensor part = Tensor::allocate(x.dtype(), with_dim(x.shape(), axis, size), c.allocator());
    const MoveAxis axes[] = {{outer, size * inner, x.dim(axis) * inner}, {size * inner, 1, 1}};
    if (part.size() > 0) move_elements(c, x.dtype(), part.raw(), element(x, done * inner), axes);
    done += size;
    const Shape dropped = join(part_of(x.shape(), 0, axis), part_of(x.shape(), axis + 1, x.rank()));
    list.push_back(drops ? part.reshaped(dropped) : part);
  }
  c.set_output(0, variant_of(std::move(list)));
}

}  // namespace

OP(ConcatFromSequence)
    .doc("The values of a sequence joined along an axis, or stacked along a new one.")
    .input("sequence: variant").output("output: dtype")
    .attr("dtype: any").attr("axis: int").attr("new_axis: bool = false")
    .shape([](ShapeContext& c) { c.set_output(0, Shape::unknown()); })
    .no_gradient("not registered: gradients do not flow through sequences")
    .kernel(Device::kCpu, concat_kernel);

OP(SplitToSequence)
    .doc("Parts of x along an axis as a sequence: of size 1 each, of one size with a smaller last\n"
         "one, or of the sizes given. keepdims = false drops the axis when no sizes are given.")
    .input("input: T").input("split?: Tsplit").output("sequence: variant")
    .attr("T: any").attr("Tsplit: int32|int64 = int64").attr("axis: int = 0")
    .attr("keepdims: bool = true")
    .shape([](ShapeContext& c) { c.set_output(0, {}); })
    .no_gradient("not registered: gradients do not flow through sequences")
    .kernel(Device::kCpu, split_kernel);

}  // namespace tw
