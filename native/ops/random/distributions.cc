#include "graph/op_registry.h"
#include "ops/random/random.h"

namespace tw {
namespace {

using Distribution = void (*)(const Philox&, DType, std::int64_t, std::int64_t, void*) noexcept;

template <Distribution kDistribution>
void fill_output(OpContext& c, const Philox& random, Tensor& y) {
  fill_parts(c, y, [&](std::int64_t first, std::int64_t n, void* out) {
    kDistribution(random, y.dtype(), first, n, out);
  });
}

template <Distribution kDistribution>
void stateful(OpContext& c) {
  Tensor& y = allocate_shape_of_input(c);
  fill_output<kDistribution>(c, next_random(c, y.size()), y);
}

template <Distribution kDistribution>
void stateless(OpContext& c) {
  const Philox random = stateless_random(c.input(1));
  fill_output<kDistribution>(c, random, allocate_shape_of_input(c));
}

void stateless_shape(ShapeContext& c) {
  const Shape& seed = c.with_rank(1, 1);
  check(compatible(seed, Shape{2}), Code::kInvalidArgument, "seed must have shape [2], not ",
        seed);
  shape_of_input(c);
}

void integers_shape(ShapeContext& c) {
  c.with_rank(c.inputs() - 2, 0);
  c.with_rank(c.inputs() - 1, 0);
  if (c.inputs() == 4) return stateless_shape(c);
  shape_of_input(c);
}

void fill_integers(OpContext& c, const Philox& random, Tensor& y) {
  const std::int64_t low = c.input(c.inputs() - 2).to_int64s().at(0);
  const std::int64_t high = c.input(c.inputs() - 1).to_int64s().at(0);
  if (y.size() == 0) return;
  check(low < high, Code::kInvalidArgument, "Need minval < maxval, got ", low, " >= ", high);
  fill_parts(c, y, [&](std::int64_t first, std::int64_t n, void* out) {
    random_integers(random, y.dtype(), low, high, first, n, out);
  });
}

void stateful_integers(OpContext& c) {
  Tensor& y = allocate_shape_of_input(c);
  fill_integers(c, next_random(c, y.size()), y);
}

void stateless_integers(OpContext& c) {
  const Philox random = stateless_random(c.input(1));
  fill_integers(c, random, allocate_shape_of_input(c));
}

}  // namespace

OP(RandomUniform)
    .doc("Uniform random values in [0, 1).")
    .input("shape: T").output("output: dtype")
    .attr("dtype: floating = float32").attr("T: int32|int64")
    .attr("seed: int?").attr("seed2: int?").attr("_graph_seed: int?")
    .shape(shape_of_input)
    .no_gradient("random numbers")
    .stateful()
    .kernel(Device::kCpu, stateful<random_uniform>);

OP(RandomUniformInt)
    .doc("Uniform random integers in [minval, maxval), with the slight bias of a remainder.")
    .input("shape: T").input("minval: Tout").input("maxval: Tout").output("output: Tout")
    .attr("Tout: int32|int64").attr("T: int32|int64")
    .attr("seed: int?").attr("seed2: int?").attr("_graph_seed: int?")
    .shape(integers_shape)
    .no_gradient("integer output")
    .stateful()
    .kernel(Device::kCpu, stateful_integers);

OP(RandomStandardNormal)
    .doc("Normally distributed random values of mean 0 and standard deviation 1.")
    .api("randomNormal")
    .input("shape: T").output("output: dtype")
    .attr("dtype: floating = float32").attr("T: int32|int64")
    .attr("seed: int?").attr("seed2: int?").attr("_graph_seed: int?")
    .shape(shape_of_input)
    .no_gradient("random numbers")
    .stateful()
    .kernel(Device::kCpu, stateful<random_normal>);

OP(TruncatedNormal)
    .doc("Normally distributed random values of mean 0 and standard deviation 1; those that are 2 "
         "or more deviations off are drawn again.")
    .input("shape: T").output("output: dtype")
    .attr("dtype: floating = float32").attr("T: int32|int64")
    .attr("seed: int?").attr("seed2: int?").attr("_graph_seed: int?")
    .shape(shape_of_input)
    .no_gradient("random numbers")
    .stateful()
    .kernel(Device::kCpu, stateful<truncated_normal>);

OP(StatelessRandomUniform)
    .doc("Uniform random values in [0, 1) that depend on the seed, two integers, alone.")
    .input("shape: T").input("seed: Tseed").output("output: dtype")
    .attr("dtype: floating = float32").attr("T: int32|int64").attr("Tseed: int32|int64")
    .shape(stateless_shape)
    .no_gradient("random numbers")
    .kernel(Device::kCpu, stateless<random_uniform>);

OP(StatelessRandomUniformInt)
    .doc("Uniform random integers in [minval, maxval) that depend on the seed, two integers, "
         "alone.")
    .input("shape: T").input("seed: Tseed").input("minval: dtype").input("maxval: dtype")
    .output("output: dtype")
    .attr("dtype: int32|int64").attr("T: int32|int64").attr("Tseed: int32|int64")
    .shape(integers_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, stateless_integers);

OP(StatelessRandomNormal)
    .doc("Normally distributed random values that depend on the seed, two integers, alone.")
    .input("shape: T").input("seed: Tseed").output("output: dtype")
    .attr("dtype: floating = float32").attr("T: int32|int64").attr("Tseed: int32|int64")
    .shape(stateless_shape)
    .no_gradient("random numbers")
    .kernel(Device::kCpu, stateless<random_normal>);

OP(StatelessTruncatedNormal)
    .doc("Truncated normal random values that depend on the seed, two integers, alone.")
    .input("shape: T").input("seed: Tseed").output("output: dtype")
    .attr("dtype: floating = float32").attr("T: int32|int64").attr("Tseed: int32|int64")
    .shape(stateless_shape)
    .no_gradient("random numbers")
    .kernel(Device::kCpu, stateless<truncated_normal>);

}  // namespace tw
