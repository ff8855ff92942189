#include <algorithm>
#include <cmath>

#include "graph/pass_context.h"
#include "graph_runner.h"
#include "random_data.h"
#include "test.h"

using namespace tw;
using namespace tw::test;

namespace {

using Values = std::vector<double>;

struct Options {
  std::string op = "LSTM", direction = "forward";
  std::int64_t steps = 5, batch = 3, inputs = 4, hidden = 7, layout = 0;
  bool biases = true, lengths = false, initial = false, peepholes = false;
  bool input_forget = false, linear_before_reset = false, repeated = false;
  std::vector<std::string> activations = {};
  std::vector<double> alphas = {}, betas = {};
  double clip = 0;
};

struct Case {
  Options o;
  std::int64_t directions, gates;
  Values x, w, r, b, h0, c0, p;
  std::vector<std::int32_t> lengths;
};

Case make_case(const Options& o) {
  Case c{o, o.direction == "bidirectional" ? 2 : 1, 1, {}, {}, {}, {}, {}, {}, {}, {}};
  c.gates = o.op == "LSTM" ? 4 : o.op == "GRU" ? 3 : 1;
  const auto values = [](std::int64_t n, std::uint32_t seed) {
    const std::vector<float> v = random_values<float>(n, seed);  // exact in float and double
    return Values(v.begin(), v.end());
  };
  c.x = values(o.steps * o.batch * o.inputs, 1);
  for (std::int64_t i = 0; o.repeated && i < o.steps * o.batch; ++i) {
    std::copy_n(c.x.begin() + i * 7 % 5 * o.inputs, o.inputs, c.x.begin() + i * o.inputs);
  }
  c.w = values(c.directions * c.gates * o.hidden * o.inputs, 2);
  c.r = values(c.directions * c.gates * o.hidden * o.hidden, 3);
  for (double& weight : c.r) weight /= o.hidden > 8 ? 8 : 1;  // else small errors grow
  if (o.biases) c.b = values(c.directions * 2 * c.gates * o.hidden, 4);
  if (o.initial) c.h0 = values(c.directions * o.batch * o.hidden, 5);
  if (o.initial) c.c0 = values(c.directions * o.batch * o.hidden, 6);
  if (o.peepholes) c.p = values(c.directions * 3 * o.hidden, 7);
  for (std::int64_t i = 0; o.lengths && i < o.batch; ++i) {
    c.lengths.push_back(static_cast<std::int32_t>((i * 2) % (o.steps + 1)));
  }
  return c;
}

double apply(const std::string& name, double alpha, double beta, double x) {
  if (name == "Sigmoid") return 1 / (1 + std::exp(-x));
  if (name == "Tanh") return std::tanh(x);
  if (name == "Relu") return std::max(x, 0.0);
  if (name == "Affine") return alpha * x + beta;
  if (name == "LeakyRelu") return x < 0 ? alpha * x : x;
  if (name == "ThresholdedRelu") return x < alpha ? 0 : x;
  if (name == "ScaledTanh") return alpha * std::tanh(beta * x);
  if (name == "HardSigmoid") return std::min(std::max(alpha * x + beta, 0.0), 1.0);
  if (name == "Elu") return x < 0 ? alpha * (std::exp(x) - 1) : x;
  if (name == "Softsign") return x / (1 + std::abs(x));
  return std::log(1 + std::exp(x));
}

// Written as the formulas of the ONNX operators, one element at a time.
struct Reference {
  const Case& c;
  std::vector<std::string> names;
  Values y, y_h, y_c;

  explicit Reference(const Case& made) : c(made), names(made.o.activations) {
    const Options& o = c.o;
    if (names.empty()) {
      for (std::int64_t d = 0; d < c.directions; ++d) {
        if (c.gates > 1) names.push_back("Sigmoid");
        names.push_back("Tanh");
        if (c.gates == 4) names.push_back("Tanh");
      }
    }
    const std::int64_t state = c.directions * o.batch * o.hidden;
    y.resize(static_cast<std::size_t>(o.steps * state));
    y_h.resize(static_cast<std::size_t>(state));
    y_c.resize(static_cast<std::size_t>(state));
    for (std::int64_t d = 0; d < c.directions; ++d) {
      for (std::int64_t b = 0; b < o.batch; ++b) run(d, b);
    }
  }

  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
  std::int64_t row(std::int64_t d, std::int64_t b) const {
    return c.o.layout == 1 ? b * c.directions + d : d * c.o.batch + b;
  }
  double f(std::int64_t d, std::int64_t which, double sum, bool clipped = true) const {
    const std::int64_t each = static_cast<std::int64_t>(names.size()) / c.directions;
    const auto index = at(d * each + which);
    if (clipped && c.o.clip > 0) sum = std::clamp(sum, -c.o.clip, c.o.clip);
    const double alpha = index < c.o.alphas.size() ? c.o.alphas[index] : 0;
    const double beta = index < c.o.betas.size() ? c.o.betas[index] : 0;
    return apply(names[index], alpha, beta, sum);
  }
  // Row `gate * hidden + j` of the input part, the hidden part, and the peepholes.
  double input_sum(std::int64_t d, std::int64_t g, std::int64_t j, const double* x) const {
    const std::int64_t n = c.gates * c.o.hidden, i = g * c.o.hidden + j;
    double sum = c.b.empty() ? 0 : c.b[at(d * 2 * n + i)];
    const double* w = c.w.data() + (d * n + i) * c.o.inputs;
    for (std::int64_t k = 0; k < c.o.inputs; ++k) sum += x[k] * w[k];
    return sum;
  }
  double hidden_sum(std::int64_t d, std::int64_t g, std::int64_t j, const Values& h) const {
    const std::int64_t n = c.gates * c.o.hidden, i = g * c.o.hidden + j;
    double sum = c.b.empty() ? 0 : c.b[at(d * 2 * n + n + i)];
    const double* r = c.r.data() + (d * n + i) * c.o.hidden;
    for (std::int64_t k = 0; k < c.o.hidden; ++k) sum += h[at(k)] * r[k];
    return sum;
  }
  double peep(std::int64_t d, std::int64_t which, std::int64_t j, double cell) const {
    return c.p.empty() ? 0 : c.p[at((d * 3 + which) * c.o.hidden + j)] * cell;
  }

  void run(std::int64_t d, std::int64_t b) {
    const Options& o = c.o;
    const std::int64_t length = c.lengths.empty() ? o.steps : c.lengths[at(b)];
    const std::int64_t start = row(d, b) * o.hidden;
    Values h(at(o.hidden)), cell(at(o.hidden));
    for (std::int64_t j = 0; j < o.hidden; ++j) {
      if (!c.h0.empty()) h[at(j)] = c.h0[at(start + j)];
      if (!c.c0.empty()) cell[at(j)] = c.c0[at(start + j)];
    }
    for (std::int64_t s = 0; s < length; ++s) {
      const bool backwards = d == 1 || o.direction == "reverse";
      const std::int64_t t = backwards ? length - 1 - s : s;
      const double* x = c.x.data() + (o.layout == 1 ? b * o.steps + t : t * o.batch + b) * o.inputs;
      step(d, x, h, cell);
      const std::int64_t out = o.layout == 1 ? (b * o.steps + t) * c.directions + d
                                             : (t * c.directions + d) * o.batch + b;
      std::copy(h.begin(), h.end(), y.begin() + out * o.hidden);
    }
    std::copy(h.begin(), h.end(), y_h.begin() + start);
    std::copy(cell.begin(), cell.end(), y_c.begin() + start);
  }

  void step(std::int64_t d, const double* x, Values& h, Values& cell) const {
    const Values before = h;
    const auto both = [&](std::int64_t g, std::int64_t j) {
      return input_sum(d, g, j, x) + hidden_sum(d, g, j, before);
    };
    Values reset(before.size());
    for (std::int64_t j = 0; c.gates == 3 && j < c.o.hidden; ++j) {
      reset[at(j)] = f(d, 0, both(1, j)) * before[at(j)];
    }
    for (std::int64_t j = 0; j < c.o.hidden; ++j) {
      if (c.gates == 1) {
        h[at(j)] = f(d, 0, both(0, j));
      } else if (c.gates == 3) {
        const double z = f(d, 0, both(0, j));
        const double inner = c.o.linear_before_reset
                                 ? f(d, 0, both(1, j)) * hidden_sum(d, 2, j, before)
                                 : hidden_sum(d, 2, j, reset);
        h[at(j)] = (1 - z) * f(d, 1, input_sum(d, 2, j, x) + inner) + z * before[at(j)];
      } else {
        const double old = cell[at(j)], i = f(d, 0, both(0, j) + peep(d, 0, j, old));
        const double forget = c.o.input_forget ? 1 - i : f(d, 0, both(2, j) + peep(d, 2, j, old));
        cell[at(j)] = forget * old + i * f(d, 1, both(3, j));
        const double o = f(d, 0, both(1, j) + peep(d, 1, j, cell[at(j)]));
        h[at(j)] = o * f(d, 2, cell[at(j)], false);
      }
    }
  }
};

Tensor tensor_of(DType dtype, const Shape& shape, const Values& values) {
  Tensor made = Tensor::allocate(dtype, shape);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto f = static_cast<float>(values[i]);
    switch (dtype) {
      case DType::kFloat32: made.mutable_data<float>()[i] = f; break;
      case DType::kFloat16: made.mutable_data<Half>()[i] = to_half(f); break;
      case DType::kBFloat16: made.mutable_data<BFloat16>()[i] = to_bfloat16(f); break;
      default: made.mutable_data<double>()[i] = values[i];
    }
  }
  return made;
}

double value_at(const Tensor& t, std::size_t i) {
  switch (t.dtype()) {
    case DType::kFloat32: return t.data<float>()[i];
    case DType::kFloat16: return to_float(t.data<Half>()[i]);
    case DType::kBFloat16: return to_float(t.data<BFloat16>()[i]);
    default: return t.data<double>()[i];
  }
}

int add_node(Graph& graph, const Case& c, DType dtype) {
  const Options& o = c.o;
  const std::int64_t D = c.directions, H = o.hidden, G = c.gates;
  const auto put = [&](const Shape& shape, const Values& values) {
    return values.empty() && shape.size() > 0 ? Output()
                                              : graph.constant(tensor_of(dtype, shape, values));
  };
  const bool first = o.layout == 1;
  const Shape state = first ? Shape{o.batch, D, H} : Shape{D, o.batch, H};
  const Shape x = first ? Shape{o.batch, o.steps, o.inputs} : Shape{o.steps, o.batch, o.inputs};
  std::vector<Output> inputs = {put(x, c.x), put({D, G * H, o.inputs}, c.w),
                                put({D, G * H, H}, c.r), put({D, 2 * G * H}, c.b), Output()};
  if (!c.lengths.empty()) inputs[4] = graph.constant(Tensor::vector(c.lengths));
  inputs.push_back(c.h0.empty() ? Output() : put(state, c.h0));
  if (G == 4) inputs.push_back(c.c0.empty() ? Output() : put(state, c.c0));
  if (G == 4) inputs.push_back(put({D, 3 * H}, c.p));
  AttrMap attrs = {{"direction", o.direction},     {"layout", o.layout},
                   {"activations", o.activations}, {"activation_alpha", o.alphas},
                   {"activation_beta", o.betas}};
  if (o.clip > 0) attrs.emplace_back("clip", o.clip);
  if (o.input_forget) attrs.emplace_back("input_forget", true);
  if (o.linear_before_reset) attrs.emplace_back("linear_before_reset", true);
  return graph.add({o.op, "", inputs, {}, attrs, ""});
}

void expect_reference(const Options& o, DType dtype = DType::kFloat32) {
  const Case c = make_case(o);
  const Reference reference(c);
  Graph graph;
  const int node = add_node(graph, c, dtype);
  const double bound = dtype == DType::kFloat64   ? 1e-12
                       : dtype == DType::kFloat32 ? 1e-5
                       : dtype == DType::kFloat16 ? 1e-2
                                                  : 8e-2;
  std::vector<Output> fetches = {{node, 0}, {node, 1}};
  if (c.gates == 4) fetches.push_back({node, 2});
  for (const bool packed : {false, true}) {
    std::vector<Tensor> first;
    if (packed) {
      PackContext context(graph, node);
      graph.node(node).op->pack(context);
      graph.infer(node);
    }
    for (int threads : {1, 2}) {
      // Packed constants come after the node, so it moves behind them.
      Graph moved;
      std::vector<Output> inputs;
      for (Output in : graph.node(node).inputs) {
        inputs.push_back(in.valid() ? moved.constant(*graph.constant_value(in)) : Output());
      }
      Node copy = graph.node(node);
      copy.inputs = inputs;
      const int id = moved.append(std::move(copy));
      moved.infer(id);
      for (Output& fetch : fetches) fetch.node = id;
      const std::vector<Tensor> got = GraphRunner(moved, threads).run(fetches);
      if (first.empty()) first = got;
      const Values* wanted[] = {&reference.y, &reference.y_h, &reference.y_c};
      for (std::size_t k = 0; k < got.size(); ++k) {
        EXPECT(identical(got[k], first[k]));
        EXPECT(got[k].size() == static_cast<std::int64_t>(wanted[k]->size()));
        for (std::size_t i = 0; i < wanted[k]->size(); ++i) {
          EXPECT_NEAR(value_at(got[k], i), (*wanted[k])[i], bound);
        }
      }
    }
  }
}

}  // namespace

TEST("rnn: directions, layouts, lengths, initial states") {
  for (const char* op : {"LSTM", "GRU", "RNN"}) {
    for (const char* direction : {"forward", "reverse", "bidirectional"}) {
      for (std::int64_t layout : {0, 1}) {
        for (bool more : {false, true}) {
          expect_reference({.op = op, .direction = direction, .layout = layout, .lengths = more,
                            .initial = more});
        }
      }
    }
  }
}

TEST("rnn: sizes") {
  for (const char* op : {"LSTM", "GRU", "RNN"}) {
    const char* both = "bidirectional";
    expect_reference({.op = op, .direction = both, .steps = 1, .batch = 1, .hidden = 1});
    expect_reference({.op = op, .steps = 0, .initial = true});
    expect_reference({.op = op, .batch = 0});
    expect_reference({.op = op, .steps = 3, .batch = 29, .inputs = 33, .hidden = 48});
    expect_reference({.op = op, .direction = both, .steps = 9, .batch = 2, .hidden = 64});
    expect_reference({.op = op, .steps = 6, .batch = 1, .inputs = 5, .hidden = 75});
    expect_reference({.op = op, .batch = 8, .biases = false});
    for (std::int64_t inputs : {1, 6, 7}) {
      expect_reference({.op = op, .direction = both, .steps = 11, .inputs = inputs,
                        .repeated = true});
    }
  }
}

TEST("rnn: dtypes") {
  for (const char* op : {"LSTM", "GRU", "RNN"}) {
    for (DType dtype : {DType::kFloat64, DType::kFloat16, DType::kBFloat16}) {
      expect_reference({.op = op, .direction = "bidirectional", .initial = true}, dtype);
    }
  }
}

TEST("lstm: peepholes, coupled gates, clip") {
  expect_reference({.direction = "bidirectional", .initial = true, .peepholes = true});
  expect_reference({.initial = true, .input_forget = true});
  expect_reference({.peepholes = true, .clip = 0.5});
}

TEST("gru: linear before reset") {
  Options o{.op = "GRU", .direction = "bidirectional", .initial = true};
  o.linear_before_reset = true;
  expect_reference(o);
  expect_reference({.op = "GRU", .biases = false, .linear_before_reset = true, .clip = 0.3});
}

TEST("rnn: every activation") {
  const std::vector<double> a = {0.3, 0.6}, b = {0.2, 0.4};
  for (const char* name : {"Sigmoid", "Tanh", "Relu", "Softsign", "Softplus"}) {
    expect_reference({.op = "RNN", .hidden = 19, .activations = {name}, .clip = 2});
  }
  for (const char* name : {"LeakyRelu", "ThresholdedRelu", "Elu"}) {
    expect_reference({.op = "RNN", .activations = {name}, .alphas = {0.3}, .clip = 2});
  }
  for (const char* name : {"Affine", "ScaledTanh", "HardSigmoid"}) {
    expect_reference({.op = "RNN", .direction = "bidirectional", .activations = {name, name},
                      .alphas = a, .betas = b, .clip = 2});
  }
  const std::vector<std::string> mixed = {"HardSigmoid", "Relu", "Softsign"};
  expect_reference({.activations = mixed, .alphas = {0.2}, .betas = {0.5}});
}

TEST("rnn: shapes and mistakes") {
  Graph graph;
  const Output x = graph.placeholder(DType::kFloat32, {kUnknownDim, kUnknownDim, 4}, "x");
  const Output w = graph.placeholder(DType::kFloat32, {2, 20, 4}, "w");
  const Output r = graph.placeholder(DType::kFloat32, {2, 20, 5}, "r");
  const AttrMap both = {{"direction", std::string("bidirectional")}};
  const int lstm = graph.add({"LSTM", "", {x, w, r}, {}, both, ""});
  EXPECT(graph.info({lstm, 0}).shape == (Shape{kUnknownDim, 2, kUnknownDim, 5}));
  EXPECT(graph.info({lstm, 2}).shape == (Shape{2, kUnknownDim, 5}));
  EXPECT_ERROR(graph.add({"LSTM", "", {x, w, r}, {}, {}, ""}), Code::kInvalidArgument);
  EXPECT_ERROR(graph.add({"GRU", "", {x, w, r}, {}, both, ""}), Code::kInvalidArgument);
  AttrMap odd = both;
  odd.emplace_back("activations", std::vector<std::string>(6, "Nothing"));
  EXPECT_ERROR(graph.add({"LSTM", "", {x, w, r}, {}, odd, ""}), Code::kInvalidArgument);
}
