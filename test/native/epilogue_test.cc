#include <cmath>
#include <functional>

#include "graph_runner.h"
#include "random_data.h"
#include "test.h"
#include "tile/program.h"

namespace tw::test {

using tile::Builder;
using tile::Value;

// A program over the product y (input 0), a bias per column and a tensor of the output's shape, and
// what it gives for one element.
struct EpilogueCase {
  const char* name;
  std::function<Value(Builder&, Value y, Value bias, Value side)> build;
  std::function<float(float y, float bias, float side)> expected;
};

static const std::vector<EpilogueCase>& epilogue_cases() {
  using B = Builder;
  static const std::vector<EpilogueCase> cases = {
      {"bias", [](B& b, Value y, Value k, Value) { return b.emit(tile::kAdd, k, y); },
       [](float y, float k, float) { return y + k; }},
      {"relu", [](B& b, Value y, Value, Value) { return b.emit(tile::kRelu, y); },
       [](float y, float, float) { return std::fmax(y, 0.0f); }},
      {"bias, relu6",
       [](B& b, Value y, Value k, Value) {
         return b.emit(tile::kRelu6, b.emit(tile::kAdd, y, k));
       },
       [](float y, float k, float) { return std::fmin(std::fmax(y + k, 0.0f), 6.0f); }},
      {"bias, side, clip",
       [](B& b, Value y, Value k, Value s) {
         const Value sum = b.emit(tile::kAdd, b.emit(tile::kAdd, y, k), s);
         return b.emit(tile::kClipTo, sum, {}, {}, -0.5, 0.5);
       },
       [](float y, float k, float s) { return std::fmin(std::fmax(y + k + s, -0.5f), 0.5f); }},
      {"bias, relu, times side",
       [](B& b, Value y, Value k, Value s) {
         return b.emit(tile::kMul, b.emit(tile::kRelu, b.emit(tile::kAdd, y, k)), s);
       },
       [](float y, float k, float s) { return std::fmax(y + k, 0.0f) * s; }},
      {"the sums once more after the clamp",
       [](B& b, Value y, Value k, Value) {
         const Value sum = b.emit(tile::kAdd, y, k);
         return b.emit(tile::kMul, b.emit(tile::kRelu, sum), sum);
       },
       [](float y, float k, float) { return std::fmax(y + k, 0.0f) * (y + k); }},
      {"the product once more after the bias",
       [](B& b, Value y, Value k, Value) {
         return b.emit(tile::kSub, b.emit(tile::kAdd, y, k), b.emit(tile::kSquare, y));
       },
       [](float y, float k, float) { return y + k - y * y; }},
      {"the bias twice, a constant",
       [](B& b, Value y, Value k, Value) {
         const Value sum = b.emit(tile::kAdd, y, k);
         return b.emit(tile::kFma, sum, b.constant(3), k);
       },
       [](float y, float k, float) { return (y + k) * 3 + k; }},
  };
  return cases;
}

static AttrMap with(AttrMap attrs, AttrMap more) {
  attrs.insert(attrs.end(), more.begin(), more.end());
  return attrs;
}

static Tensor random_tensor(const Shape& shape, std::uint32_t seed) {
  return floats(shape, random_values<float>(shape.size(), seed));
}

static void check_epilogues(const char* op, const Tensor& x, const Tensor& w, const AttrMap& attrs) {
  Graph graph;
  const Output a = graph.constant(x), b = graph.constant(w);
  const Output plain = add(graph, op, {a, b}, attrs);
  const Tensor y = GraphRunner(graph).get(plain);
  const std::int64_t columns = y.dim(y.rank() - 1);
  const Tensor bias = random_tensor({columns}, 7), side = random_tensor(y.shape(), 8);
  const std::vector<Output> operands = {a, b, graph.constant(bias), graph.constant(side)};
  for (const EpilogueCase& test : epilogue_cases()) {
    Builder builder(tile::Domain::kF32);
    const auto storage = tile::Storage::kFloat32;
    const Value v = builder.add_input(storage), k = builder.add_input(storage);
    const Value s = builder.add_input(storage);
    builder.add_output(test.build(builder, v, k, s), storage);
    const std::vector<DType> types = {DType::kFloat32, DType::kFloat32};
    const Output fused = add(graph, op, operands,
                             with(attrs, {{"_epilogue", builder.finish()},
                                          {"_operand_types", types}}));
    const Tensor got = GraphRunner(graph, 2).get(fused);
    for (std::int64_t i = 0; i < y.size(); ++i) {
      const float expected = test.expected(y.data<float>()[i], bias.data<float>()[i % columns],
                                           side.data<float>()[i]);
      expect(std::abs(got.data<float>()[i] - expected) <= 1e-5f + 1e-5f * std::abs(expected),
             text(op, ", ", test.name, ", element ", i).c_str(), __FILE__, __LINE__);
    }
  }
}

TEST("epilogue: products") {
  check_epilogues("MatMul", random_tensor({37, 20}, 1), random_tensor({20, 70}, 2), {});
  check_epilogues("MatMul", random_tensor({1, 20}, 1), random_tensor({20, 70}, 2), {});
  check_epilogues("MatMul", random_tensor({30, 20}, 1), random_tensor({20, 1}, 2), {});
  check_epilogues("BatchMatMulV2", random_tensor({3, 5, 20}, 1), random_tensor({3, 20, 9}, 2), {});
}

TEST("epilogue: convolutions") {
  const AttrMap same = {{"padding", std::string("SAME")}};
  const AttrMap first = {{"padding", std::string("SAME")}, {"data_format", std::string("NCHW")}};
  check_epilogues("Conv2D", random_tensor({2, 9, 8, 5}, 1), random_tensor({3, 3, 5, 70}, 2), same);
  check_epilogues("Conv2D", random_tensor({2, 9, 8, 5}, 1), random_tensor({1, 1, 5, 7}, 2), same);
  check_epilogues("Conv2D", random_tensor({1, 5, 9, 8}, 1), random_tensor({3, 3, 5, 6}, 2), first);
  check_epilogues("DepthwiseConv2dNative", random_tensor({2, 9, 8, 5}, 1),
                  random_tensor({3, 3, 5, 2}, 2), same);
}

}  // namespace tw::test
