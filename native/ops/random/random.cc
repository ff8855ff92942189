#include "ops/random/random.h"

#include <algorithm>
#include <random>

namespace tw {
namespace {

constexpr std::int64_t kModulus = 2147483647;

struct Seeds {
  std::int64_t graph, op;
};

// TensorFlow reserves 256 words of four for each element; sequences then agree with its own.
constexpr std::uint64_t kBlocksPerElement = 64;

Seeds fresh_seeds() {
  std::random_device device;
  const auto word = [&] { return static_cast<std::int64_t>(device()) << 32 | device(); };
  return {word(), word()};
}

std::int64_t name_hash(const std::string& name) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(variable_key(name)) % kModulus);
}

Seeds seeds_of(const Node& node) {
  const Attrs attrs = node.attrs();
  const bool op_given = attrs.given("seed"), graph_given = attrs.given("_graph_seed");
  if (op_given && attrs.given("seed2")) {
    const Seeds pair{attrs.integer("seed"), attrs.integer("seed2")};
    return pair.graph == 0 && pair.op == 0 ? fresh_seeds() : pair;
  }
  if (!op_given && !graph_given) return fresh_seeds();
  const std::int64_t graph = graph_given ? attrs.integer("_graph_seed") : 87654321;
  const std::int64_t op = op_given ? attrs.integer("seed") : name_hash(node.name);
  const Seeds pair{graph % kModulus, op % kModulus};
  return pair.graph == 0 && pair.op == 0 ? Seeds{0, kModulus} : pair;
}

}  // namespace

Philox next_random(OpContext& c, std::int64_t elements) {
  const Seeds seeds = seeds_of(c.node());
  const auto count = static_cast<std::uint64_t>(elements) * kBlocksPerElement;
  return {static_cast<std::uint64_t>(seeds.graph), static_cast<std::uint64_t>(seeds.op),
          c.advance_random(count)};
}

Philox stateless_random(const Tensor& seed) {
  check(seed.shape() == Shape{2}, Code::kInvalidArgument, "seed must have shape [2], not ",
        seed.shape());
  const std::vector<std::int64_t> pair = seed.to_int64s();
  const Philox given{static_cast<std::uint64_t>(pair[0]), static_cast<std::uint64_t>(pair[1]), 0};
  std::uint32_t word[4];
  philox_words(given, 0, 1, word);
  const auto join = [](std::uint64_t low, std::uint64_t high) { return low | high << 32; };
  return {join(word[0], word[1]), join(word[2], word[3]), 0};
}

void shape_of_input(ShapeContext& c) {
  c.with_rank(0, 1);
  c.set_output(0, c.shape_from(0));
}

Tensor& allocate_shape_of_input(OpContext& c) {
  const std::vector<std::int64_t> dims = c.input(0).to_int64s();
  check(dims.size() <= kMaxRank, Code::kInvalidArgument, "a shape of ", dims.size(),
        " dims; at most ", kMaxRank, " are possible");
  for (std::int64_t dim : dims) {
    check(dim >= 0, Code::kInvalidArgument, "Dimension ", dim, " must be >= 0");
  }
  return c.allocate_output(0, Shape(dims));
}

void fill_parts(OpContext& c, Tensor& y, FillPart part) {
  constexpr std::int64_t kPart = 1 << 14;
  const std::int64_t size = y.size();
  const auto element = static_cast<std::int64_t>(size_of(y.dtype()));
  c.parallel_for((size + kPart - 1) / kPart, [&](std::int64_t task, int) {
    const std::int64_t first = task * kPart;
    part(first, std::min(kPart, size - first), static_cast<char*>(y.raw()) + first * element);
  });
}

}  // namespace tw
