#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "graph/op_registry.h"
#include "ops/random/random.h"

namespace tw {
namespace {

// Fisher and Yates, one 64-bit number for each place.
std::vector<std::int64_t> random_order(const Philox& random, std::int64_t n) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::vector<std::uint32_t> words(static_cast<std::size_t>((n + 1) / 2 * 4));
  philox_words(random, 0, (n + 1) / 2, words.data());
  for (std::int64_t i = 0; i + 1 < n; ++i) {
    const auto at = static_cast<std::size_t>(2 * i);
    const std::uint64_t w = words[at] | static_cast<std::uint64_t>(words[at + 1]) << 32;
    const auto other = static_cast<std::int64_t>(w % static_cast<std::uint64_t>(n - i));
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(i + other)]);
  }
  return order;
}

void shuffle_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  Tensor& y = c.allocate_output(0, x.shape());
  const std::int64_t rows = x.rank() == 0 ? 1 : x.dim(0);
  const std::int64_t row = x.rank() == 0 ? 1 : x.shape().size(1, x.rank());
  const std::vector<std::int64_t> order = random_order(next_random(c, rows), rows);
  visit_fixed(x.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < rows; ++i) {
      const T* from = x.data<T>() + order[static_cast<std::size_t>(i)] * row;
      std::copy(from, from + row, y.mutable_data<T>() + i * row);
    }
  });
}

void multinomial_shape(ShapeContext& c) {
  const Shape& logits = c.with_rank(0, 2);
  c.with_rank(1, 0);
  const std::int64_t samples = c.scalar(1).value_or(kUnknownDim);
  c.set_output(0, {logits.has_rank() ? logits[0] : kUnknownDim, samples});
}

double logit_at(const Tensor& logits, std::int64_t i) {
  switch (logits.dtype()) {
    case DType::kFloat32: return logits.data<float>()[i];
    case DType::kFloat16: return to_float(logits.data<Half>()[i]);
    case DType::kBFloat16: return to_float(logits.data<BFloat16>()[i]);
    default: return logits.data<double>()[i];
  }
}

// Running sums of the weights of one row; classes of infinite or NaN logits weigh nothing.
void running_weights(const Tensor& logits, std::int64_t row, std::int64_t classes, double* sums) {
  double most = -std::numeric_limits<double>::infinity(), sum = 0;
  for (std::int64_t k = 0; k < classes; ++k) {
    const double logit = logit_at(logits, row * classes + k);
    if (std::isfinite(logit)) most = std::max(most, logit);
  }
  for (std::int64_t k = 0; k < classes; ++k) {
    const double logit = logit_at(logits, row * classes + k);
    if (std::isfinite(logit)) sum += std::exp(logit - most);
    sums[k] = sum;
  }
}

template <class Out>
void draw_rows(OpContext& c, Tensor& y, const double* uniforms) {
  const Tensor& logits = c.input(0);
  const std::int64_t classes = logits.dim(1), samples = y.dim(1);
  double* sums = c.temporary_of<double>(c.threads() * classes);
  c.parallel_for(logits.dim(0), [&](std::int64_t row, int worker) {
    double* running = sums + worker * classes;
    running_weights(logits, row, classes, running);
    for (std::int64_t i = 0; i < samples; ++i) {
      const double at = uniforms[row * samples + i] * running[classes - 1];
      const double* found = std::upper_bound(running, running + classes, at);
      const std::int64_t last = classes - 1, drawn = found - running;
      y.mutable_data<Out>()[row * samples + i] = static_cast<Out>(std::min(drawn, last));
    }
  });
}

void multinomial_kernel(OpContext& c) {
  const Tensor& logits = c.input(0);
  const std::int64_t samples = c.input(1).to_int64s().at(0);
  check(samples >= 0, Code::kInvalidArgument, "num_samples should be nonnegative, got ", samples);
  Tensor& y = c.allocate_output(0, {logits.dim(0), samples});
  if (y.size() == 0) return;
  check(logits.dim(1) > 0, Code::kInvalidArgument, "num_classes should be positive, got 0");
  double* uniforms = c.temporary_of<double>(y.size());
  random_uniform(next_random(c, y.size()), DType::kFloat64, 0, y.size(), uniforms);
  visit_index(y.dtype(), [&]<class Out>() { draw_rows<Out>(c, y, uniforms); });
}

}  // namespace

OP(RandomShuffle)
    .doc("The rows of a tensor in random order.")
    .input("value: T").output("output: T").attr("T: any")
    .attr("seed: int?").attr("seed2: int?").attr("_graph_seed: int?")
    .shape(same_shape)
    .no_gradient("not registered: shuffle indices and gather by them")
    .stateful()
    .kernel(Device::kCpu, shuffle_kernel);

OP(Multinomial)
    .doc("Draws num_samples classes for each row of unnormalised log-probabilities.")
    .input("logits: T").input("num_samples: int32").output("output: output_dtype")
    .attr("T: floating").attr("output_dtype: int32|int64 = int64")
    .attr("seed: int?").attr("seed2: int?").attr("_graph_seed: int?")
    .shape(multinomial_shape)
    .no_gradient("integer output")
    .stateful()
    .kernel(Device::kCpu, multinomial_kernel);

}  // namespace tw
