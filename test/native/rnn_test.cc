#include "graph/pass_context.h"
#include "graph_runner.h"
#include "rnn_reference.h"
#include "test.h"

using namespace tw;
using namespace tw::test;
using namespace tw::test::rnn;

namespace {

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

int add_node(Graph& graph, const Rnn& c, DType dtype) {
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
  const Rnn c = make_rnn(o);
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
      PackContext context(graph, node, false);
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
