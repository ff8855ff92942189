#include <cmath>
#include <functional>

#include "graph_runner.h"
#include "passes/pass.h"
#include "passes/passes.h"
#include "runtime/session.h"
#include "test.h"

using namespace tw;

namespace {

// Spells patterns in small ops on one graph with the input x.
struct Small {
  std::shared_ptr<Graph> graph = std::make_shared<Graph>();
  Output x, other;

  explicit Small(const Shape& shape)
      : x(graph->placeholder(DType::kFloat32, shape)),
        other(graph->placeholder(DType::kFloat32, shape)) {}

  Output k(double value) { return graph->constant(Tensor::scalar(static_cast<float>(value))); }
  Output op(const char* name, std::vector<Output> inputs, AttrMap attrs = {}) {
    return test::add(*graph, name, std::move(inputs), std::move(attrs));
  }
  Output add(Output a, Output b) { return op("AddV2", {a, b}); }
  Output sub(Output a, Output b) { return op("Sub", {a, b}); }
  Output mul(Output a, Output b) { return op("Mul", {a, b}); }
  Output div(Output a, Output b) { return op("RealDiv", {a, b}); }
  Output relu6(Output a) { return op("Relu6", {a}); }
  Output clip(Output a, double low, double high) {
    return op("ClipByValue", {a, k(low), k(high)});
  }
  Output mean(Output a, std::vector<std::int64_t> axes, bool keep = true) {
    return op("Mean", {a, graph->constant(Tensor::int64s(axes))},
              {{"Tidx", DType::kInt64}, {"keep_dims", keep}});
  }
};

int count_op(const Graph& graph, std::string_view op) {
  int count = 0;
  for (int id = 0; id < graph.size(); ++id) count += graph.node(id).op->name == op ? 1 : 0;
  return count;
}

int found(const Small& s, Output y, std::string_view op, bool strict = false) {
  WorkGraph work = extract(*s.graph, {y}, {}, {s.x, s.other});
  PassOptions options;
  options.strict = strict;
  PassContext context{work, options};
  apply_rewrites(context);
  return count_op(work.graph, op);
}

// The rewritten y against that of a strict session, which computes the small ops.
void expect_same_values(const Small& s, Output y) {
  SessionOptions strict;
  strict.passes.strict = true;
  Session fast(s.graph, {}), exact(s.graph, strict);
  const Shape& shape = s.graph->info(s.x).shape;
  std::vector<float> values;
  for (std::int64_t i = 0; i < shape.size(); ++i) {
    values.push_back(5 * std::sin(1.7f * static_cast<float>(i + 1)));
  }
  const std::vector<Tensor> feeds = {test::floats(shape, values), test::floats(shape, values)};
  const auto a = test::to_floats(fast.prepare({y}, {}, {s.x, s.other})->run(feeds, {}, {})[0]);
  const auto b = test::to_floats(exact.prepare({y}, {}, {s.x, s.other})->run(feeds, {}, {})[0]);
  EXPECT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 3e-6f);
}

using Pattern = std::function<Output(Small&)>;

void expect_found(const char* op, const Shape& shape, const std::vector<Pattern>& patterns) {
  for (const Pattern& pattern : patterns) {
    Small s(shape);
    const Output y = pattern(s);
    EXPECT(found(s, y, op) == 1);
    EXPECT(found(s, y, op, true) == 0);
    expect_same_values(s, y);
  }
}

void expect_left(const char* op, const Shape& shape, const std::vector<Pattern>& patterns) {
  for (const Pattern& pattern : patterns) {
    Small s(shape);
    EXPECT(found(s, pattern(s), op) == 0);
  }
}

constexpr double kSlope = 0.7978845608028654;

// 1 + tanh(sqrt(2 / pi) (x + kappa * cube))
Output tanh_part(Small& s, Output cube, double kappa = 0.044715, double slope = kSlope) {
  const Output sum = s.add(s.x, s.mul(s.k(kappa), cube));
  return s.add(s.op("Tanh", {s.mul(s.k(slope), sum)}), s.k(1));
}
Output cube(Small& s) { return s.op("Pow", {s.x, s.k(3)}); }

}  // namespace

TEST("composites: tanh GELU, as PyTorch, Keras and others write it") {
  expect_found("GeluTanh", {2, 9}, {
    [](Small& s) { return s.mul(s.mul(s.k(0.5), s.x), tanh_part(s, cube(s))); },
    [](Small& s) { return s.mul(s.k(0.5), s.mul(s.x, tanh_part(s, s.mul(s.x, s.mul(s.x, s.x))))); },
    [](Small& s) { return s.div(s.mul(tanh_part(s, cube(s)), s.x), s.k(2)); },
    [](Small& s) {
      const Output inner = s.add(s.k(1), s.mul(s.mul(s.k(0.044715), s.x), s.x));
      const Output u = s.mul(s.mul(s.x, s.k(kSlope)), inner);
      return s.mul(s.mul(s.x, s.k(0.5)), s.add(s.k(1), s.op("Tanh", {u})));
    },
  });
}

TEST("composites: what only resembles a tanh GELU stays") {
  expect_left("GeluTanh", {2, 9}, {
    [](Small& s) { return s.mul(s.mul(s.k(0.5), s.other), tanh_part(s, cube(s))); },
    [](Small& s) { return s.mul(s.mul(s.k(0.25), s.x), tanh_part(s, cube(s))); },
    [](Small& s) { return s.mul(s.mul(s.k(0.5), s.x), tanh_part(s, cube(s), 0.0447)); },
    [](Small& s) { return s.mul(s.mul(s.k(0.5), s.x), tanh_part(s, cube(s), 0.044715, 0.79)); },
    [](Small& s) { return s.mul(s.mul(s.k(0.5), s.x), tanh_part(s, s.mul(s.x, s.x))); },
    [](Small& s) {
      const Output tanh = s.op("Tanh", {s.mul(s.k(kSlope), s.x)});
      return s.mul(s.mul(s.k(0.5), s.x), s.add(tanh, s.k(1)));
    },
    [](Small& s) {  // the rank would grow
      const Output half = s.graph->constant(test::floats({1, 1, 1}, {0.5f}));
      return s.mul(s.mul(half, s.x), tanh_part(s, cube(s)));
    },
  });
}

TEST("composites: hard swish and hard sigmoid, as PyTorch and Keras write them") {
  expect_found("HardSwish", {2, 9}, {
    [](Small& s) { return s.div(s.mul(s.x, s.clip(s.add(s.x, s.k(3)), 0, 6)), s.k(6)); },
    [](Small& s) { return s.mul(s.x, s.div(s.clip(s.add(s.k(3), s.x), 0, 6), s.k(6))); },
    [](Small& s) { return s.mul(s.mul(s.relu6(s.add(s.x, s.k(3))), s.k(1.0 / 6)), s.x); },
    [](Small& s) {
      const Output above = s.op("Maximum", {s.add(s.x, s.k(3)), s.k(0)});
      return s.mul(s.x, s.div(s.op("Minimum", {above, s.k(6)}), s.k(6)));
    },
    [](Small& s) {
      const AttrMap attrs = {{"alpha", 1.0 / 6}, {"beta", 0.5}};
      return s.mul(s.x, s.op("HardSigmoid", {s.x}, attrs));
    },
  });
  expect_found("HardSigmoid", {2, 9}, {
    [](Small& s) { return s.div(s.relu6(s.add(s.x, s.k(3))), s.k(6)); },
    [](Small& s) { return s.mul(s.clip(s.add(s.x, s.k(3)), 0, 6), s.k(1.0 / 6)); },
    [](Small& s) { return s.clip(s.add(s.mul(s.x, s.k(0.2)), s.k(0.5)), 0, 1); },
  });
}

TEST("composites: what only resembles a hard swish or hard sigmoid stays") {
  expect_left("HardSwish", {2, 9}, {
    [](Small& s) { return s.div(s.mul(s.other, s.relu6(s.add(s.x, s.k(3)))), s.k(6)); },
    [](Small& s) { return s.div(s.mul(s.x, s.relu6(s.add(s.x, s.k(2)))), s.k(6)); },
    [](Small& s) { return s.div(s.mul(s.x, s.clip(s.add(s.x, s.k(3)), 0, 5)), s.k(6)); },
    [](Small& s) { return s.div(s.mul(s.x, s.relu6(s.add(s.x, s.k(3)))), s.k(5)); },
    [](Small& s) { return s.mul(s.x, s.op("HardSigmoid", {s.x})); },
  });
  expect_left("HardSigmoid", {2, 9}, {
    [](Small& s) { return s.div(s.relu6(s.add(s.x, s.k(2))), s.k(6)); },
    [](Small& s) { return s.clip(s.add(s.mul(s.x, s.k(0.2)), s.k(0.5)), 0, 2); },
    [](Small& s) { return s.clip(s.add(s.mul(s.x, s.other), s.k(0.5)), 0, 1); },
  });
}

namespace {

Output root(Small& s, Output d, Output squares, double epsilon = 1e-5) {
  return s.div(d, s.op("Sqrt", {s.add(s.mean(squares, {-1}), s.k(epsilon))}));
}
Output centred(Small& s) { return s.sub(s.x, s.mean(s.x, {-1})); }
Output weights(Small& s, double first) {
  std::vector<float> values;
  for (int i = 0; i < 6; ++i) values.push_back(static_cast<float>(first + 0.25 * i));
  return s.graph->constant(test::floats({6}, values));
}

}  // namespace

TEST("composites: layer normalisation in small ops, with and without weights") {
  const std::vector<Pattern> patterns = {
    [](Small& s) {
      const Output d = centred(s);
      const Output y = root(s, d, s.op("Pow", {d, s.k(2)}));
      return s.add(s.mul(y, weights(s, 0.5)), weights(s, -1));
    },
    [](Small& s) {
      const Output d = centred(s);
      return s.add(weights(s, -1), root(s, d, s.mul(d, d)));
    },
    [](Small& s) {
      const Output d = centred(s), v = s.mean(s.op("Square", {d}), {1});
      const Output inverse = s.op("Rsqrt", {s.add(s.k(1e-3), v)});
      return s.mul(weights(s, 2), s.mul(inverse, d));
    },
  };
  expect_found("LayerNorm", {3, 6}, patterns);
  for (const Pattern& pattern : patterns) {
    Small s({3, 6});
    const Output y = pattern(s);
    EXPECT(found(s, y, "Mul") + found(s, y, "AddV2") == 0);
  }
  expect_found("LayerNorm", {2, 3, 6}, {[](Small& s) {
    const Output d = s.sub(s.x, s.mean(s.x, {1, 2}));
    const Output v = s.mean(s.mul(d, d), {2, 1});
    return s.div(d, s.op("Sqrt", {s.add(v, s.k(1e-5))}));
  }});
  expect_found("RmsNorm", {3, 6}, {
    [](Small& s) { return s.mul(weights(s, 1), root(s, s.x, s.mul(s.x, s.x))); },
    [](Small& s) {
      const Output v = s.add(s.mean(s.op("Pow", {s.x, s.k(2)}), {-1}), s.k(1e-6));
      return s.mul(s.x, s.div(s.k(1), s.op("Sqrt", {v})));
    },
  });
}

TEST("composites: what only resembles a layer normalisation stays, and so do other weights") {
  expect_left("LayerNorm", {6, 6}, {
    [](Small& s) {  // the variance of something else
      return root(s, centred(s), s.mul(s.x, s.x));
    },
    [](Small& s) {  // means over different dims
      const Output d = s.sub(s.x, s.mean(s.x, {0}));
      return root(s, d, s.mul(d, d));
    },
    [](Small& s) {  // not the last dim
      const Output d = s.sub(s.x, s.mean(s.x, {0})), v = s.mean(s.mul(d, d), {0});
      return s.div(d, s.op("Sqrt", {s.add(v, s.k(1e-5))}));
    },
    [](Small& s) {  // broadcast the wrong way
      const Output d = s.sub(s.x, s.mean(s.x, {-1}, false));
      return root(s, d, s.mul(d, d));
    },
    [](Small& s) {  // a root of something else than a mean
      const Output d = centred(s);
      return s.div(d, s.op("Sqrt", {s.add(s.mul(d, d), s.k(1e-5))}));
    },
  });
  Small s({6, 6});
  const Output d = centred(s);
  const Output y = root(s, d, s.mul(d, d));
  EXPECT(found(s, s.mul(y, s.other), "Mul") == 1);
  EXPECT(found(s, s.mul(s.add(y, weights(s, 0)), weights(s, 1)), "Mul") == 1);
  EXPECT(found(s, s.add(y, s.k(1)), "AddV2") == 1);
}
