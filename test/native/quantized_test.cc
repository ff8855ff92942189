#include <algorithm>
#include <cmath>

#include "graph_runner.h"
#include "passes/pass.h"
#include "passes/passes.h"
#include "random_data.h"
#include "runtime/session.h"
#include "test.h"

using namespace tw;

namespace {

// Bytes that reach both ends of the range.
Tensor bytes(DType dtype, const Shape& shape, std::uint32_t seed) {
  Tensor t = Tensor::allocate(dtype, shape);
  const auto values = test::random_values<float>(t.size(), seed);
  for (std::int64_t i = 0; i < t.size(); ++i) {
    const float v = std::floor(values[static_cast<std::size_t>(i)] * 300);
    t.mutable_data<std::uint8_t>()[i] = static_cast<std::uint8_t>(
        std::fmin(std::fmax(v, -128), 127) + (dtype == DType::kUint8 ? 128 : 0));
  }
  return t;
}

std::int64_t value_of(const Tensor& t, std::int64_t i) {
  return t.dtype() == DType::kInt8 ? t.data<std::int8_t>()[i]
                                   : std::int64_t{t.data<std::uint8_t>()[i]};
}

// Runs a graph through all passes; the operand is packed.
Tensor session_value(const std::shared_ptr<Graph>& graph, Output x, const Tensor& fed, Output y,
                     int threads) {
  SessionOptions options;
  options.threads = threads;
  Session session(graph, options);
  return session.prepare({y}, {}, {x})->run({&fed, 1}, {}, {})[0];
}

struct Operands {
  Tensor a, b, za, zb;
};

// Both ways of signs, with zero points of b by column and with none that counts.
std::vector<Operands> operands(const Shape& a, const Shape& b, std::int64_t n) {
  std::vector<Operands> all;
  for (const auto& [ta, tb] : {std::pair{DType::kUint8, DType::kInt8},
                               std::pair{DType::kInt8, DType::kUint8}}) {
    all.push_back({bytes(ta, a, 1), bytes(tb, b, 2), bytes(ta, {}, 3), bytes(tb, {n}, 4)});
    all.push_back(all.back());
    all.back().zb = Tensor::allocate(tb, {n});
    std::fill_n(all.back().zb.mutable_data<std::uint8_t>(), n, tb == DType::kUint8 ? 128 : 0);
  }
  return all;
}

void check_product(std::int64_t m, std::int64_t n, std::int64_t k, int threads) {
  for (const Operands& o : operands({m, k}, {k, n}, n)) {
    auto graph = std::make_shared<Graph>();
    const Output a = graph->placeholder(o.a.dtype(), {m, k});
    const Output y = test::add(*graph, "MatMulInteger",
                               {a, graph->constant(o.b), graph->constant(o.za),
                                graph->constant(o.zb)});
    const Tensor got = session_value(graph, a, o.a, y, threads);
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        std::int64_t sum = 0;
        for (std::int64_t d = 0; d < k; ++d) {
          sum += (value_of(o.a, i * k + d) - value_of(o.za, 0)) *
                 (value_of(o.b, d * n + j) - value_of(o.zb, j));
        }
        EXPECT(got.data<std::int32_t>()[i * n + j] == sum);
      }
    }
  }
}

struct Conv {
  std::int64_t size, in, out, groups, kernel, stride, pad;
};

std::int64_t conv_at(const Conv& s, const Operands& o, std::int64_t r, std::int64_t c,
                     std::int64_t j) {
  const std::int64_t per = s.in / s.groups, group = j / (s.out / s.groups);
  std::int64_t sum = 0;
  for (std::int64_t u = 0; u < s.kernel; ++u) {
    for (std::int64_t v = 0; v < s.kernel; ++v) {
      const std::int64_t h = r * s.stride - s.pad + u, w = c * s.stride - s.pad + v;
      if (h < 0 || h >= s.size || w < 0 || w >= s.size) continue;
      for (std::int64_t i = 0; i < per; ++i) {
        const std::int64_t x = (h * s.size + w) * s.in + group * per + i;
        const std::int64_t f = ((u * s.kernel + v) * per + i) * s.out + j;
        sum += (value_of(o.a, x) - value_of(o.za, 0)) * (value_of(o.b, f) - value_of(o.zb, j));
      }
    }
  }
  return sum;
}

void check_conv(const Conv& s) {
  const Shape x{1, s.size, s.size, s.in}, filter{s.kernel, s.kernel, s.in / s.groups, s.out};
  using List = std::vector<std::int64_t>;
  for (const Operands& o : operands(x, filter, s.out)) {
    auto graph = std::make_shared<Graph>();
    const Output image = graph->placeholder(o.a.dtype(), x);
    const Output y = test::add(
        *graph, "ConvInteger",
        {image, graph->constant(o.b), graph->constant(o.za), graph->constant(o.zb)},
        {{"strides", List{1, s.stride, s.stride, 1}}, {"padding", std::string("EXPLICIT")},
         {"explicit_paddings", List{0, 0, s.pad, s.pad, s.pad, s.pad, 0, 0}}});
    const Tensor got = session_value(graph, image, o.a, y, 2);
    const std::int64_t size = got.dim(1);
    for (std::int64_t i = 0; i < got.size(); ++i) {
      const std::int64_t j = i % s.out, c = i / s.out % size, r = i / s.out / size;
      EXPECT(got.data<std::int32_t>()[i] == conv_at(s, o, r, c, j));
    }
  }
}

struct Part {
  Output scale, zero;
};

Part part(Graph& graph, float scale, std::uint8_t zero) {
  return {graph.constant(Tensor::scalar(scale)), graph.constant(Tensor::scalar(zero))};
}

Output quantized(Graph& g, Output x, Part p) {
  return test::add(g, "QuantizeLinear", {x, p.scale, p.zero});
}
Output dequantized(Graph& g, Output x, Part p) {
  return test::add(g, "DequantizeLinear", {x, p.scale, p.zero});
}

// The weights of a convolution, as models have them: dequantized by output, then transposed.
Output filter_of(Graph& g, std::uint32_t seed) {
  const Output scale = g.constant(test::floats({6}, {0.02f, 0.01f, 0.03f, 0.02f, 0.01f, 0.02f}));
  const Output zero = g.constant(bytes(DType::kInt8, {6}, 9));
  const Output w = g.constant(bytes(DType::kInt8, {6, 4, 3, 3}, seed));
  const Output w_float =
      test::add(g, "DequantizeLinear", {w, scale, zero}, {{"axis", std::int64_t{0}}});
  const std::vector<std::int32_t> perm = {2, 3, 1, 0};
  return test::add(g, "Transpose", {w_float, g.constant(Tensor::vector(perm))});
}

// Two quantized convolutions of one image and their sum.
Output quantized_net(Graph& g, Output x) {
  const Part in = part(g, 0.02f, 120), mid = part(g, 0.11f, 0), out = part(g, 0.15f, 3);
  const AttrMap nchw = {{"data_format", std::string("NCHW")}};
  const Output image = dequantized(g, quantized(g, x, in), in);
  const Output bias = g.constant(test::floats({6}, {1, -1, 2, 0.5f, 0, -2}));
  const Output conv = test::add(g, "Conv2D", {image, filter_of(g, 5)}, nchw);
  const Output relu = test::add(g, "Relu", {test::add(g, "BiasAdd", {conv, bias}, nchw)});
  const Output plain = test::add(g, "Conv2D", {image, filter_of(g, 7)}, nchw);
  const Output a = dequantized(g, quantized(g, relu, mid), mid);
  const Output b = dequantized(g, quantized(g, plain, mid), mid);
  return quantized(g, test::add(g, "AddV2", {a, b}), out);
}

}  // namespace

TEST("quantized: integer products are exact for every shape of tile") {
  for (std::int64_t m : {1, 2, 5, 7}) {
    for (std::int64_t n : {1, 7, 16, 33, 65}) {
      for (std::int64_t k : {1, 3, 4, 30}) check_product(m, n, k, 1);
    }
  }
  check_product(130, 200, 515, 2);
}

TEST("quantized: integer convolutions are exact: rows of taps, single taps, groups, depthwise") {
  check_conv({9, 3, 20, 1, 3, 2, 1});
  check_conv({7, 70, 9, 1, 3, 1, 1});
  check_conv({6, 6, 10, 2, 3, 1, 1});
  check_conv({8, 5, 70, 1, 1, 1, 0});
  check_conv({8, 21, 21, 21, 3, 1, 1});
  check_conv({9, 80, 80, 80, 3, 2, 1});
  check_conv({5, 4, 8, 4, 2, 1, 0});
}

TEST("quantized: ops between dequantizing and quantizing run on integers, but not in strict sessions") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {2, 4, 8, 7});
  const Output y = quantized_net(*graph, x);
  WorkGraph work = extract(*graph, {y}, {}, {x});
  run_passes(work, {});
  int floats = 0, integers = 0;
  for (int id = 0; id < work.graph.size(); ++id) {
    const std::string& op = work.graph.node(id).op->name;
    floats += op == "Conv2D" || op == "DequantizeLinear" || op == "AddV2" ? 1 : 0;
    integers += op == "QLinearConv" || op == "QLinearAdd" ? 1 : 0;
  }
  EXPECT(floats == 0 && integers == 3);

  const Tensor fed = test::floats({2, 4, 8, 7}, test::random_values<float>(448, 6));
  const Tensor got = session_value(graph, x, fed, y, 2);
  SessionOptions strict;
  strict.passes.strict = true;
  Session exact(graph, strict);
  const Tensor expected = exact.prepare({y}, {}, {x})->run({&fed, 1}, {}, {})[0];
  for (std::int64_t i = 0; i < got.size(); ++i) {
    EXPECT(std::abs(value_of(got, i) - value_of(expected, i)) <= 1);
  }
}
