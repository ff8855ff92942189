#include <algorithm>

#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"
#include "ops/sequence/elements.h"

namespace tw {
namespace {

// A value that outlives the run: what is fed or lies in the arena is copied.
Tensor kept(OpContext& c, const Tensor& x) { return x.copy(c.allocator()); }

// A place in a list of `count` entries, which may count from the end.
std::int64_t place(const Tensor& index, std::int64_t count, std::int64_t beyond) {
  const std::int64_t i = index_scalar(index, "position");
  check(i >= -count && i < count + beyond, Code::kInvalidArgument, "position ", i,
        " is not in a sequence of ", count);
  return i < 0 ? i + count : i;
}

void construct_kernel(OpContext& c) {
  std::vector<Tensor> list;
  for (int i = 0; i < c.inputs(); ++i) list.push_back(kept(c, c.input(i)));
  c.set_output(0, variant_of(std::move(list)));
}

void insert_kernel(OpContext& c) {
  std::vector<Tensor> list = copied_elements(c.input(0));
  const auto count = static_cast<std::int64_t>(list.size());
  const std::int64_t at = c.has_input(2) ? place(c.input(2), count, 1) : count;
  list.insert(list.begin() + at, kept(c, c.input(1)));
  c.set_output(0, variant_of(std::move(list)));
}

void erase_kernel(OpContext& c) {
  std::vector<Tensor> list = copied_elements(c.input(0));
  const auto count = static_cast<std::int64_t>(list.size());
  check(count > 0, Code::kInvalidArgument, "the sequence is empty");
  list.erase(list.begin() + (c.has_input(1) ? place(c.input(1), count, 0) : count - 1));
  c.set_output(0, variant_of(std::move(list)));
}

void give(OpContext& c, const Tensor& value) {
  const DType dtype = c.node().outputs[0].dtype;
  check(value.dtype() == dtype, Code::kInvalidArgument, "the entry is ", name_of(value.dtype()),
        ", expected ", name_of(dtype));
  c.set_output(0, value);
}

void at_kernel(OpContext& c) {
  const auto list = elements_of(c.input(0));
  const std::int64_t at = place(c.input(1), static_cast<std::int64_t>(list.size()), 0);
  give(c, list[static_cast<std::size_t>(at)]);
}

void length_kernel(OpContext& c) {
  const auto list = elements_of(c.input(0));
  *c.allocate_output(0, {}).mutable_data<std::int64_t>() = static_cast<std::int64_t>(list.size());
}

void scalar_variant(ShapeContext& c) { c.set_output(0, {}); }
void unknown_shape(ShapeContext& c) { c.set_output(0, Shape::unknown()); }

}  // namespace

OP(SequenceConstruct)
    .doc("A sequence of the inputs, in order.")
    .input("values: list(T)").output("sequence: variant").attr("T: list(type)")
    .shape(scalar_variant)
    .no_gradient("not registered: gradients do not flow through sequences")
    .kernel(Device::kCpu, construct_kernel);

OP(OptionalNone)
    .doc("An optional value that is not there; one that is is a sequence.")
    .output("output: variant")
    .shape(scalar_variant)
    .no_gradient("not registered: gradients do not flow through sequences")
    .kernel(Device::kCpu, [](OpContext& c) {
      c.set_output(0, Tensor::allocate(DType::kVariant, {}));
    });

OP(OptionalHasElement)
    .doc("Whether an optional value is there.")
    .input("input: variant").output("output: bool")
    .shape(scalar_shape)
    .no_gradient("bool output")
    .kernel(Device::kCpu, [](OpContext& c) {
      const Variant& value = *c.input(0).data<Variant>();
      *c.allocate_output(0, {}).mutable_data<bool>() = value.values != nullptr;
    });

OP(SequenceInsert)
    .doc("The sequence with a value put in at a position, by default at the end; negative positions\n"
         "count from the end.")
    .input("sequence: variant").input("value: T").input("position?: Tidx").output("output: variant")
    .attr("T: any|variant").attr("Tidx: int32|int64 = int64")
    .shape(scalar_variant)
    .no_gradient("not registered: gradients do not flow through sequences")
    .kernel(Device::kCpu, insert_kernel);

OP(SequenceErase)
    .doc("The sequence without the value at a position, by default the last.")
    .input("sequence: variant").input("position?: Tidx").output("output: variant")
    .attr("Tidx: int32|int64 = int64")
    .shape(scalar_variant)
    .no_gradient("not registered: gradients do not flow through sequences")
    .kernel(Device::kCpu, erase_kernel);

OP(SequenceAt)
    .doc("The value at a position of a sequence.")
    .input("sequence: variant").input("position: Tidx").output("value: dtype")
    .attr("Tidx: int32|int64").attr("dtype: any|variant")
    .shape(unknown_shape)
    .no_gradient("not registered: gradients do not flow through sequences")
    .kernel(Device::kCpu, at_kernel);

OP(SequenceLength)
    .doc("How many values a sequence has.")
    .input("sequence: variant").output("length: int64")
    .shape(scalar_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, length_kernel);

}  // namespace tw
