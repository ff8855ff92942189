#include "kernels/philox.h"

#include <algorithm>
#include <cmath>

#include "graph_runner.h"
#include "test.h"

using namespace tw;
using namespace tw::test;

namespace {

using Words = std::vector<std::uint32_t>;

Words block_of(std::uint64_t key, std::uint64_t stream, std::uint64_t counter) {
  Words words(4);
  philox_words({key, stream, counter}, 0, 1, words.data());
  return words;
}

struct Moments {
  double mean, variance, distance;  // of the empirical distribution from cdf
};

template <class Cdf>
Moments moments(std::vector<double> values, Cdf cdf) {
  const auto n = static_cast<double>(values.size());
  std::sort(values.begin(), values.end());
  double sum = 0, squares = 0, distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i];
    squares += values[i] * values[i];
    const double below = static_cast<double>(i) / n;
    distance = std::max({distance, std::abs(cdf(values[i]) - below),
                         std::abs(cdf(values[i]) - below - 1 / n)});
  }
  return {sum / n, squares / n - sum / n * (sum / n), distance};
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

std::vector<double> as_doubles(const Tensor& t) {
  std::vector<double> values;
  visit_numeric(t.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < t.size(); ++i) {
      if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
        values.push_back(to_float(t.data<T>()[i]));
      } else {
        values.push_back(static_cast<double>(t.data<T>()[i]));
      }
    }
  });
  return values;
}

Tensor draw(const char* op, DType dtype, std::int64_t n, std::int64_t seed, int threads = 1) {
  Graph graph;
  const Output shape = graph.constant(Tensor::vector<std::int64_t>({n}));
  const Output y = add(graph, op, {shape}, {{"dtype", dtype}, {"seed", seed}});
  return GraphRunner(graph, threads).get(y);
}

constexpr DType kFloating[] = {DType::kFloat32, DType::kFloat64, DType::kFloat16,
                               DType::kBFloat16};

}  // namespace

// The known answers that the authors of Philox published for 4x32-10.
TEST("philox: known answers") {
  EXPECT(block_of(0, 0, 0) == (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint64_t ones = ~std::uint64_t{0};
  EXPECT(block_of(ones, ones, ones) == (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT(block_of(0x299f31d0a4093822, 0x0370734413198a2e, 0x85a308d3243f6a88) ==
         (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST("philox: blocks carry over from the low word to the high one") {
  const Philox random{7, 9, 0xfffffff0u};
  Words all(4 * 40);
  philox_words(random, 0, 40, all.data());
  for (std::uint64_t b = 0; b < 40; ++b) {
    const Words one = block_of(7, 9, 0xfffffff0u + b);
    EXPECT(std::equal(one.begin(), one.end(), all.begin() + static_cast<std::ptrdiff_t>(4 * b)));
  }
}

TEST("random: any split gives the same bits") {
  using Fill = void (*)(const Philox&, DType, std::int64_t, std::int64_t, void*) noexcept;
  for (Fill fill : {Fill{random_uniform}, Fill{random_normal}, Fill{truncated_normal}}) {
    for (DType dtype : kFloating) {
      const Tensor whole = Tensor::allocate(dtype, {203}), parts = Tensor::allocate(dtype, {203});
      fill({1, 2, 3}, dtype, 0, 203, whole.raw());
      const auto element = static_cast<std::int64_t>(size_of(dtype));
      for (std::int64_t first = 0, n = 4; first < 203; first += n, n += 4) {
        const std::int64_t count = std::min(n, 203 - first);
        fill({1, 2, 3}, dtype, first, count, static_cast<char*>(parts.raw()) + first * element);
      }
      EXPECT(identical(whole, parts));
    }
  }
}

TEST("random: threads change nothing, sessions repeat, runs continue") {
  for (const char* op : {"RandomUniform", "RandomStandardNormal", "TruncatedNormal"}) {
    const Tensor one = draw(op, DType::kFloat32, 100001, 5, 1);
    EXPECT(identical(one, draw(op, DType::kFloat32, 100001, 5, 2)));
  }
  Graph graph;
  const Output shape = graph.constant(Tensor::vector<std::int32_t>({10}));
  const Output y = add(graph, "RandomUniform", {shape}, {{"seed", std::int64_t{3}}});
  GraphRunner one(graph), other(graph);
  const Tensor first = one.get(y), second = one.get(y);
  EXPECT(!identical(first, second));
  EXPECT(identical(first, other.get(y)) && identical(second, other.get(y)));
}

TEST("random: seeds of graph and op") {
  const auto value = [](bool has_seed, AttrMap attrs, const char* name) {
    Graph graph;
    graph.has_seed = has_seed;
    graph.seed = 11;
    const Output shape = graph.constant(Tensor::vector<std::int32_t>({4}));
    const int node = graph.add({"RandomUniform", name, {shape}, {}, std::move(attrs), ""});
    return to_floats(GraphRunner(graph).get({node, 0}));
  };
  const AttrMap op_seed = {{"seed", std::int64_t{4}}};
  EXPECT(value(true, {}, "a") == value(true, {}, "a"));
  EXPECT(value(true, {}, "a") != value(true, {}, "b"));
  EXPECT(value(true, op_seed, "a") == value(true, op_seed, "b"));
  EXPECT(value(true, op_seed, "a") != value(false, op_seed, "a"));
  EXPECT(value(false, {}, "a") != value(false, {}, "a"));
  const AttrMap zeros = {{"seed", std::int64_t{0}}, {"seed2", std::int64_t{0}}};
  EXPECT(value(true, zeros, "a") != value(true, zeros, "a"));
}

TEST("random: distributions") {
  constexpr std::int64_t n = 200000;
  const double coarse = 1.0 / 128;  // the step of bfloat16
  for (DType dtype : kFloating) {
    const double step = dtype == DType::kBFloat16  ? coarse
                        : dtype == DType::kFloat16 ? 1.0 / 512
                                                   : 0;
    const auto in_unit = [](double x) { return std::clamp(x, 0.0, 1.0); };
    const auto u = as_doubles(draw("RandomUniform", dtype, n, 1));
    EXPECT(*std::min_element(u.begin(), u.end()) >= 0 && *std::max_element(u.begin(), u.end()) < 1);
    const Moments uniform = moments(u, in_unit);
    EXPECT_NEAR(uniform.mean, 0.5 - step / 2, 0.002 + step / 2);
    EXPECT_NEAR(uniform.variance, 1.0 / 12, 0.001);
    EXPECT_NEAR(uniform.distance, 0, 0.0045 + step);
    const auto normals = as_doubles(draw("RandomStandardNormal", dtype, n, 2));
    const Moments normal = moments(normals, normal_cdf);
    EXPECT_NEAR(normal.mean, 0, 0.01);
    EXPECT_NEAR(normal.variance, 1, 0.02);
    EXPECT_NEAR(normal.distance, 0, 0.0045 + step);
    const double tail = normal_cdf(-2.0);
    const auto truncated = as_doubles(draw("TruncatedNormal", dtype, n, 3));
    const Moments cut = moments(truncated, [&](double x) {
      return std::clamp((normal_cdf(x) - tail) / (1 - 2 * tail), 0.0, 1.0);
    });
    for (double x : truncated) EXPECT(std::abs(x) <= 2);
    EXPECT_NEAR(cut.mean, 0, 0.01);
    EXPECT_NEAR(cut.variance, 0.7737, 0.01);
    EXPECT_NEAR(cut.distance, 0, 0.0045 + step);
  }
}

// The same bits on every instruction set, so one value of each stands for all of them.
TEST("random: normals agree with libm and do not depend on the instruction set") {
  std::uint32_t words[4];
  philox_words({42, 0, 0}, 0, 1, words);
  const auto unit = [&](int i) { return (words[i] & 0x7fffff) / 8388608.0; };
  float y[4];
  random_normal({42, 0, 0}, DType::kFloat32, 0, 4, y);
  for (int i = 0; i < 4; i += 2) {
    const double size = std::sqrt(-2 * std::log(std::max(unit(i), 1e-7)));
    EXPECT_NEAR(y[i], size * std::sin(2 * M_PI * unit(i + 1)), 1e-6);
    EXPECT_NEAR(y[i + 1], size * std::cos(2 * M_PI * unit(i + 1)), 1e-6);
  }
  const auto bits_of_many = [](DType dtype) {
    const Tensor many = Tensor::allocate(dtype, {4096});
    random_normal({42, 0, 0}, dtype, 0, 4096, many.raw());
    return variable_key({many.data<char>(), many.bytes()});  // a plain hash of bytes
  };
  EXPECT_NEAR(bits_of_many(DType::kFloat32), 3703957938246916368, 0);
  EXPECT_NEAR(bits_of_many(DType::kFloat64), 5646222749544598788, 0);
}

TEST("random: truncated normals are the normals of the group's own blocks that are small enough") {
  constexpr std::int64_t kReserved = 256 * 4;
  float got[12];
  truncated_normal({42, 0, 0}, DType::kFloat32, 0, 12, got);
  for (std::int64_t group = 0; group < 3; ++group) {
    float normals[64];
    random_normal({42, 0, 0}, DType::kFloat32, group * kReserved, 64, normals);
    int taken = 0;
    for (int i = 0; i < 64 && taken < 4; ++i) {
      if (std::fabs(normals[i]) < 2) EXPECT(got[group * 4 + taken++] == normals[i]);
    }
    EXPECT(taken == 4);
  }
}

TEST("random: integers") {
  for (DType dtype : {DType::kInt32, DType::kInt64}) {
    Graph graph;
    const bool wide = dtype == DType::kInt64;
    const auto scalar = [&](std::int64_t v) {
      return graph.constant(wide ? Tensor::scalar<std::int64_t>(v)
                                 : Tensor::scalar<std::int32_t>(static_cast<std::int32_t>(v)));
    };
    const Output shape = graph.constant(Tensor::vector<std::int32_t>({300, 100}));
    const Output y = add(graph, "RandomUniformInt", {shape, scalar(-3), scalar(4)},
                         {{"seed", std::int64_t{1}}});
    const Output bad = add(graph, "RandomUniformInt", {shape, scalar(4), scalar(4)});
    std::vector<int> counts(7);
    for (std::int64_t v : GraphRunner(graph, 2).get(y).to_int64s()) {
      ++counts.at(static_cast<std::size_t>(v + 3));
    }
    for (int count : counts) EXPECT_NEAR(count, 30000 / 7, 300);
    EXPECT_ERROR(GraphRunner(graph).get(bad), Code::kInvalidArgument);
  }
}

TEST("random: stateless ops depend on the seed alone") {
  Graph graph;
  const Output shape = graph.constant(Tensor::vector<std::int32_t>({2, 9}));
  const Output seed = graph.constant(Tensor::vector<std::int64_t>({5, 6}));
  const Output other = graph.constant(Tensor::vector<std::int64_t>({6, 5}));
  for (const char* op :
       {"StatelessRandomUniform", "StatelessRandomNormal", "StatelessTruncatedNormal"}) {
    const Output a = add(graph, op, {shape, seed}), b = add(graph, op, {shape, seed});
    const Output d = add(graph, op, {shape, other});
    EXPECT(graph.info(a).shape == (Shape{2, 9}));
    GraphRunner runner(graph);
    EXPECT(identical(runner.get(a), runner.get(b)) && identical(runner.get(a), runner.get(a)));
    EXPECT(!identical(runner.get(a), runner.get(d)));
  }
}

TEST("random: shuffle keeps all rows") {
  Graph graph;
  std::vector<float> rows(2 * 101);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<float>(i);
  const Output x = graph.constant(floats({101, 2}, rows));
  const Output y = add(graph, "RandomShuffle", {x}, {{"seed", std::int64_t{1}}});
  std::vector<float> got = to_floats(GraphRunner(graph).get(y));
  EXPECT(got != rows);
  for (std::size_t i = 0; i < got.size(); i += 2) EXPECT(got[i] + 1 == got[i + 1]);
  std::sort(got.begin(), got.end());
  EXPECT(got == rows);
}

TEST("random: multinomial follows the weights") {
  Graph graph;
  const float never = -INFINITY;
  const Output logits = graph.constant(
      floats({2, 3}, {std::log(1.f), std::log(2.f), std::log(5.f), never, 0, never}));
  const Output samples = graph.constant(Tensor::scalar<std::int32_t>(40000));
  const Output y = add(graph, "Multinomial", {logits, samples}, {{"seed", std::int64_t{1}}});
  EXPECT(graph.info(y).shape == (Shape{2, 40000}));
  std::vector<int> counts(3);
  const std::vector<std::int64_t> drawn = GraphRunner(graph).get(y).to_int64s();
  for (std::size_t i = 0; i < 40000; ++i) ++counts.at(static_cast<std::size_t>(drawn[i]));
  for (std::size_t i = 40000; i < 80000; ++i) EXPECT(drawn[i] == 1);
  EXPECT_NEAR(counts[0], 5000, 300);
  EXPECT_NEAR(counts[1], 10000, 400);
}
