#include <cmath>

#include "graph/gradient_context.h"
#include "graph_runner.h"
#include "passes/pass.h"
#include "passes/passes.h"
#include "runtime/session.h"
#include "test.h"

using namespace tw;

namespace {

int count_op(const Graph& graph, std::string_view op) {
  int count = 0;
  for (int id = 0; id < graph.size(); ++id) count += graph.node(id).op->name == op ? 1 : 0;
  return count;
}

WorkGraph rewritten(const Graph& graph, Output y, Output x, bool strict = false) {
  WorkGraph work = extract(graph, {y}, {}, {x});
  PassOptions options;
  options.strict = strict;
  PassContext context{work, options};
  apply_rewrites(context);
  return work;
}

Output scalar(Graph& graph, float value) { return graph.constant(Tensor::scalar(value)); }

}  // namespace

TEST("rewrite: neutral operands vanish, adding zero does not") {
  Graph graph;
  const Output x = graph.placeholder(DType::kFloat32, {3});
  Output y = test::add(graph, "Mul", {x, scalar(graph, 1)});
  y = test::add(graph, "Sub", {y, scalar(graph, 0)});
  y = test::add(graph, "RealDiv", {y, scalar(graph, 1)});
  y = test::add(graph, "AddV2", {y, scalar(graph, 0)});
  const WorkGraph work = rewritten(graph, y, x);
  EXPECT(count_op(work.graph, "Mul") + count_op(work.graph, "Sub") == 0);
  EXPECT(count_op(work.graph, "RealDiv") == 0 && count_op(work.graph, "AddV2") == 1);
}

TEST("rewrite: a neutral operand that widens the shape stays") {
  Graph graph;
  const Output x = graph.placeholder(DType::kFloat32, {3});
  const Output one = graph.constant(test::floats({1, 1}, {1}));
  const Output y = test::add(graph, "Mul", {x, one});
  EXPECT(count_op(rewritten(graph, y, x).graph, "Mul") == 1);
}

TEST("rewrite: SiLU and GELU are found in their small ops, and not in strict sessions") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {5});
  const Output silu = test::add(*graph, "Mul", {test::add(*graph, "Sigmoid", {x}), x});
  const Output scaled = test::add(*graph, "RealDiv", {x, scalar(*graph, std::sqrt(2.0f))});
  const Output erf = test::add(*graph, "Erf", {scaled});
  const Output one = test::add(*graph, "AddV2", {erf, scalar(*graph, 1)});
  const Output half = test::add(*graph, "Mul", {x, scalar(*graph, 0.5f)});
  const Output gelu = test::add(*graph, "Mul", {half, one});
  EXPECT(count_op(rewritten(*graph, silu, x).graph, "Silu") == 1);
  EXPECT(count_op(rewritten(*graph, gelu, x).graph, "Gelu") == 1);
  EXPECT(count_op(rewritten(*graph, gelu, x, true).graph, "Gelu") == 0);

  SessionOptions strict;
  strict.passes.strict = true;
  Session fast(graph, {}), exact(graph, strict);
  const std::vector<Tensor> feeds = {test::floats({5}, {-3, -0.5f, 0, 1.25f, 4})};
  const auto a = fast.prepare({silu, gelu}, {}, {x})->run(feeds, {}, {});
  const auto b = exact.prepare({silu, gelu}, {}, {x})->run(feeds, {}, {});
  for (std::size_t k = 0; k < 2; ++k) {
    for (int i = 0; i < 5; ++i) EXPECT_NEAR(a[k].data<float>()[i], b[k].data<float>()[i], 1e-6f);
  }
}

namespace {

Tensor ramp(const Shape& shape, float from, float step) {
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = from + step * static_cast<float>(i * 7 % 23);
  }
  return test::floats(shape, values);
}

// conv(x), then * scale + shift along channels, runs the same with and without the rules.
void check_scaled(Graph& graph, Output x, const Tensor& value, Output conv, bool channels_first) {
  const std::int64_t channels = graph.info(conv).shape[channels_first ? 1 : 3];
  const Shape shape = channels_first ? Shape{channels, 1, 1} : Shape{channels};
  const Output scale = graph.constant(ramp(shape, 0.5f, 0.25f));
  const Output shift = graph.constant(ramp(shape, -2, 0.125f));
  const Output product = test::add(graph, "Mul", {conv, scale});
  const Output y = test::add(graph, "AddV2", {shift, product});
  const WorkGraph after = rewritten(graph, y, x);
  EXPECT(count_op(after.graph, "Mul") == 0 && count_op(after.graph, "AddV2") == 1);
  EXPECT(count_op(rewritten(graph, y, x, true).graph, "Mul") == 1);

  const std::shared_ptr<Graph> shared(&graph, [](Graph*) {});
  SessionOptions strict;
  strict.passes.strict = true;
  Session fast(shared, {}), exact(shared, strict);
  const Tensor a = fast.prepare({y}, {}, {x})->run({&value, 1}, {}, {})[0];
  const Tensor b = exact.prepare({y}, {}, {x})->run({&value, 1}, {}, {})[0];
  for (std::int64_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(a.data<float>()[i], b.data<float>()[i], 2e-4f);
  }
}

}  // namespace

TEST("rewrite: a scale after a convolution goes into its filter, a shift joins its bias") {
  const AttrMap nchw = {{"data_format", std::string("NCHW")}};
  for (const bool first : {false, true}) {
    const AttrMap attrs = first ? nchw : AttrMap{};
    Graph graph;
    const Shape size = first ? Shape{2, 4, 5, 6} : Shape{2, 5, 6, 4};
    const Output x = graph.placeholder(DType::kFloat32, size);
    const Tensor value = ramp(size, -1, 0.1f);
    const Output filter = graph.constant(ramp({3, 3, 2, 6}, -1, 0.1f));  // two groups
    const Output conv = test::add(graph, "Conv2D", {x, filter}, attrs);
    check_scaled(graph, x, value, conv, first);
    const Output bias = graph.constant(ramp(first ? Shape{6, 1, 1} : Shape{6}, 1, 0.5f));
    check_scaled(graph, x, value, test::add(graph, "AddV2", {conv, bias}), first);
    if (first) {
      const Output wide = graph.constant(ramp({1, 6, 1, 1}, 1, 0.5f));
      check_scaled(graph, x, value, test::add(graph, "AddV2", {wide, conv}), first);
    }
    const Output twice = graph.constant(ramp({3, 3, 4, 2}, -1, 0.1f));
    const Output depthwise = test::add(graph, "DepthwiseConv2dNative", {x, twice}, attrs);
    check_scaled(graph, x, value, depthwise, first);
    const Shape grown = first ? Shape{2, 6, 7, 8} : Shape{2, 7, 8, 6};
    const Output sizes = graph.constant(Tensor::int64s(
        std::vector<std::int64_t>{grown[0], grown[1], grown[2], grown[3]}));
    const Output spread = graph.constant(ramp({3, 3, 3, 4}, -1, 0.1f));  // two groups
    const Output transposed =
        test::add(graph, "Conv2DBackpropInput", {sizes, spread, x}, attrs);
    check_scaled(graph, x, value, transposed, first);
    const Shape doubled = first ? Shape{2, 6, 10, 12} : Shape{2, 10, 12, 6};
    const Output twice_sizes = graph.constant(Tensor::int64s(
        std::vector<std::int64_t>{doubled[0], doubled[1], doubled[2], doubled[3]}));
    AttrMap strided = attrs;
    strided.emplace_back("strides", std::vector<std::int64_t>{2, 2});
    const Output upscaled = test::add(
        graph, "Conv2DBackpropInput",
        {twice_sizes, graph.constant(ramp({2, 2, 6, 4}, -1, 0.1f)), x}, strided);
    check_scaled(graph, x, value, upscaled, first);
    // A convolution that others read keeps its filter.
    const Output other = test::add(graph, "Relu", {conv});
    const Output both = test::add(graph, "Mul", {conv, other});
    EXPECT(count_op(rewritten(graph, both, x).graph, "Mul") == 1);
  }
}

TEST("rewrite: a scale that is not per channel stays") {
  Graph graph;
  const Output x = graph.placeholder(DType::kFloat32, {1, 4, 4, 4});
  const Output filter = graph.constant(ramp({1, 1, 4, 4}, -1, 0.1f));
  const Output conv = test::add(graph, "Conv2D", {x, filter});
  const Output along_width = graph.constant(ramp({4, 1}, 1, 1));
  const Output y = test::add(graph, "Mul", {conv, along_width});
  EXPECT(count_op(rewritten(graph, y, x).graph, "Mul") == 1);
  const Output grown = test::add(graph, "Mul", {conv, graph.constant(ramp({1, 1, 1, 1, 1}, 1, 1))});
  EXPECT(count_op(rewritten(graph, grown, x).graph, "Mul") == 1);
}

TEST("graph: what is known of a shape goes through casts") {
  Graph graph;
  const Output x = graph.placeholder(DType::kInt64, {});
  const Output six = graph.constant(Tensor::scalar<std::int64_t>(6));
  const Output far = graph.constant(Tensor::scalar<std::int64_t>(std::int64_t{1} << 40));
  const Output dims = test::add(graph, "Cast", {test::add(graph, "Pack", {x, six, far})},
                                {{"DstT", DType::kInt32}});
  const Output filled = test::add(graph, "Fill", {dims, scalar(graph, 1)});
  EXPECT(graph.info(filled).shape == (Shape{kUnknownDim, 6, kUnknownDim}));
}

TEST("rewrite: taking a group of dealt channels is a slice") {
  auto graph = std::make_shared<Graph>();
  const Output x = graph->placeholder(DType::kFloat32, {2, 6, 3, 5});
  const auto list = [&](std::vector<std::int32_t> dims) {
    return graph->constant(Tensor::vector(dims));
  };
  const auto index = [&](std::int32_t i) { return graph->constant(Tensor::scalar(i)); };
  const Output split = test::add(*graph, "Reshape", {x, list({4, 3, 15})});
  const Output turned = test::add(*graph, "Transpose", {split, list({1, 0, 2})});
  const Output joined = test::add(*graph, "Reshape", {turned, list({3, 2, 2, 3, 5})});
  std::vector<Output> taken;
  for (std::int32_t i : {0, 1, 2}) {
    taken.push_back(test::add(*graph, "GatherV2", {joined, index(i), index(0)}));
    const WorkGraph work = rewritten(*graph, taken.back(), x, true);
    EXPECT(count_op(work.graph, "StridedSlice") == 1 && count_op(work.graph, "GatherV2") == 0);
  }
  // Another order of the axes, or of the channels, is no slice.
  const Output other = test::add(*graph, "Reshape", {turned, list({3, 4, 3, 5, 1})});
  const Output kept = test::add(*graph, "GatherV2", {other, index(0), index(0)});
  EXPECT(count_op(rewritten(*graph, kept, x).graph, "GatherV2") == 1);

  SessionOptions plain;
  plain.passes.disabled = {"rewrite", "rewrite_again"};
  Session fast(graph, {}), exact(graph, plain);
  const Tensor value = ramp({2, 6, 3, 5}, -1, 0.1f);
  const auto a = fast.prepare(taken, {}, {x})->run({&value, 1}, {}, {});
  const auto b = exact.prepare(taken, {}, {x})->run({&value, 1}, {}, {});
  for (std::size_t i = 0; i < taken.size(); ++i) EXPECT(identical(a[i], b[i]));
}
