#include "graph/gradient_context.h"
#include "graph_runner.h"
#include "test.h"

using namespace tw;
using namespace tw::test;

namespace {

const std::vector<DType> kArithmetic = {
    DType::kFloat32, DType::kFloat64, DType::kFloat16,   DType::kBFloat16,
    DType::kInt8,    DType::kInt16,   DType::kInt32,     DType::kInt64,
    DType::kUint8,   DType::kUint16,  DType::kUint32,    DType::kUint64};

// Small whole numbers, in any numeric dtype.
Tensor whole(DType dtype, const Shape& shape, const std::function<int(std::int64_t)>& value) {
  Tensor made = Tensor::allocate(dtype, shape);
  visit_numeric(dtype, [&]<class T>() {
    for (std::int64_t i = 0; i < made.size(); ++i) {
      if constexpr (std::is_same_v<T, Half>) {
        made.mutable_data<T>()[i] = to_half(static_cast<float>(value(i)));
      } else if constexpr (std::is_same_v<T, BFloat16>) {
        made.mutable_data<T>()[i] = to_bfloat16(static_cast<float>(value(i)));
      } else {
        made.mutable_data<T>()[i] = static_cast<T>(value(i));
      }
    }
  });
  return made;
}

struct Fixture {
  explicit Fixture(const Tensor& initial, const Shape& declared = Shape::unknown())
      : dtype(initial.dtype()) {
    const Shape shape = declared.has_rank() ? declared : initial.shape();
    handle = add(graph, "VarHandleOp", {}, {{"dtype", dtype}, {"shape", shape}});
    read = add(graph, "ReadVariableOp", {handle}, {{"dtype", dtype}});
    init = add(graph, "AssignVariableOp", {handle, graph.constant(initial)}).node;
  }
  DType dtype;
  Graph graph;
  Output handle, read;
  int init;
};

}  // namespace

TEST("state: assign, add and subtract in every dtype and odd sizes") {
  for (DType dtype : kArithmetic) {
    for (std::int64_t n : {0, 1, 7, 64, 133}) {
      Fixture f(whole(dtype, {n}, [](std::int64_t i) { return static_cast<int>(i % 90) + 9; }));
      const auto small = [](std::int64_t i) { return static_cast<int>(i % 9); };
      const Output delta = f.graph.constant(whole(dtype, {n}, small));
      const int plus = add(f.graph, "AssignAddVariableOp", {f.handle, delta}).node;
      const int minus = add(f.graph, "AssignSubVariableOp", {f.handle, delta}).node;
      GraphRunner runner(f.graph);
      runner.run({}, {f.init, plus});
      const Tensor held = runner.get(f.read);
      const auto sum = [](std::int64_t i) { return static_cast<int>(i % 90 + 9 + i % 9); };
      EXPECT(identical(held, whole(dtype, {n}, sum)));
      runner.run({}, {minus, minus});
      EXPECT(identical(held, whole(dtype, {n}, sum)));  // a value that was read never changes
      const auto start = [](std::int64_t i) { return static_cast<int>(i % 90) + 9; };
      EXPECT(identical(runner.get(f.read), whole(dtype, {n}, start)));
    }
  }
}

TEST("state: a value that nobody else holds is changed where it is") {
  Fixture f(floats({3}, {1, 2, 3}));
  const Output ones = f.graph.constant(floats({3}, {1, 1, 1}));
  const int plus = add(f.graph, "AssignAddVariableOp", {f.handle, ones}).node;
  GraphRunner runner(f.graph);
  runner.run({}, {f.init});
  const void* before = runner.get(f.read).raw();
  runner.run({}, {plus});
  EXPECT(runner.get(f.read).raw() == before);
  EXPECT(to_floats(runner.get(f.read)) == (std::vector<float>{2, 3, 4}));
}

TEST("state: strings and bools can be variables") {
  const std::vector<std::string> words = {"a", "", std::string("b\0c", 3)};
  Fixture f(Tensor::vector(words));
  GraphRunner runner(f.graph);
  runner.run({}, {f.init});
  EXPECT(identical(runner.get(f.read), Tensor::vector(words)));
  Fixture flags(Tensor::scalar(true));
  GraphRunner other(flags.graph);
  other.run({}, {flags.init});
  EXPECT(*other.get(flags.read).data<bool>());
}

TEST("state: a variable without a value") {
  Fixture f(floats({2}, {1, 2}));
  const Output known = add(f.graph, "VarIsInitializedOp", {f.handle});
  const Output ones = f.graph.constant(floats({2}, {1, 1}));
  const int plus = add(f.graph, "AssignAddVariableOp", {f.handle, ones}).node;
  GraphRunner runner(f.graph);
  EXPECT(!*runner.get(known).data<bool>());
  EXPECT_ERROR(runner.get(f.read), Code::kFailedPrecondition);
  EXPECT_ERROR(runner.run({}, {plus}), Code::kFailedPrecondition);
  runner.run({}, {f.init});
  EXPECT(*runner.get(known).data<bool>());
}

TEST("state: shapes and dtypes are checked when the op is made") {
  Fixture f(floats({2, 3}, {1, 2, 3, 4, 5, 6}), Shape{kUnknownDim, 3});
  EXPECT(f.graph.info(f.read).shape == (Shape{kUnknownDim, 3}));
  const Output wrong = f.graph.constant(floats({2, 2}, {1, 2, 3, 4}));
  EXPECT_ERROR(add(f.graph, "AssignVariableOp", {f.handle, wrong}), Code::kInvalidArgument);
  EXPECT_ERROR(add(f.graph, "AssignAddVariableOp", {f.handle, wrong}), Code::kInvalidArgument);
  const AttrMap integer = {{"dtype", DType::kInt32}};
  EXPECT_ERROR(add(f.graph, "ReadVariableOp", {f.handle}, integer), Code::kInvalidArgument);
  const AttrMap free = {{"validate_shape", false}};
  const int loose = add(f.graph, "AssignVariableOp", {f.handle, wrong}, free).node;
  GraphRunner runner(f.graph);
  runner.run({}, {loose});
  EXPECT_ERROR(runner.get(f.read), Code::kInvalidArgument);
}

TEST("state: scatter into rows") {
  Fixture f(floats({3, 2}, {0, 1, 2, 3, 4, 5}));
  const Output at = f.graph.constant(Tensor::vector<std::int32_t>({2, 0, 2}));
  const Output rows = f.graph.constant(floats({3, 2}, {1, 2, 3, 4, 5, 6}));
  const Output one = f.graph.constant(Tensor::scalar(10.0f));
  const int plus = add(f.graph, "ResourceScatterAdd", {f.handle, at, rows}).node;
  const int minus = add(f.graph, "ResourceScatterSub", {f.handle, at, one}).node;
  const int set = add(f.graph, "ResourceScatterUpdate", {f.handle, at, rows}).node;
  const Output out = f.graph.constant(Tensor::vector<std::int64_t>({0, 3}));
  const int bad = add(f.graph, "ResourceScatterUpdate", {f.handle, out, one}).node;
  GraphRunner runner(f.graph);
  runner.run({}, {f.init, plus});
  EXPECT(to_floats(runner.get(f.read)) == (std::vector<float>{3, 5, 2, 3, 10, 13}));
  runner.run({}, {minus});
  EXPECT(to_floats(runner.get(f.read)) == (std::vector<float>{-7, -5, 2, 3, -10, -7}));
  runner.run({}, {set});
  EXPECT(to_floats(runner.get(f.read)) == (std::vector<float>{3, 4, 2, 3, 5, 6}));
  EXPECT_ERROR(runner.run({}, {bad}), Code::kInvalidArgument);
  EXPECT(to_floats(runner.get(f.read)) == (std::vector<float>{3, 4, 2, 3, 5, 6}));
}

TEST("state: gradient descent") {
  for (DType dtype : {DType::kFloat32, DType::kFloat64, DType::kFloat16, DType::kBFloat16}) {
    Fixture f(whole(dtype, {70}, [](std::int64_t i) { return static_cast<int>(i); }));
    const Output rate = f.graph.constant(whole(dtype, {}, [](std::int64_t) { return 2; }));
    const auto slope = [](std::int64_t i) { return static_cast<int>(i % 7); };
    const Output delta = f.graph.constant(whole(dtype, {70}, slope));
    const int step = add(f.graph, "ResourceApplyGradientDescent", {f.handle, rate, delta}).node;
    GraphRunner runner(f.graph, 2);
    runner.run({}, {f.init, step});
    const auto expected = [](std::int64_t i) { return static_cast<int>(i - 2 * (i % 7)); };
    EXPECT(identical(runner.get(f.read), whole(dtype, {70}, expected)));
  }
}

TEST("state: the gradient of a read reaches the handle") {
  Fixture f(floats({2}, {1, 2}));
  const Output grad = f.graph.constant(floats({2}, {3, 4}));
  const Output again = add(f.graph, "Identity", {f.read});
  GradientOptions options{{grad}, {}};
  const std::vector<Output> found =
      gradients(f.graph, std::vector{again}, std::vector{f.handle, f.read}, options);
  EXPECT(found[0] == grad && found[1] == grad);
}

TEST("state: Assert shows its data") {
  Graph graph;
  const Output no = graph.constant(Tensor::scalar(false));
  const Output yes = graph.constant(Tensor::scalar(true));
  const Output data = graph.constant(floats({4}, {1, 2.5, 3, 4}));
  const Output word = graph.constant(Tensor::scalar(std::string("x = ")));
  const int fails = graph.add({"Assert", "", {no, word, data}, {}, {}, ""});
  const int holds = graph.add({"Assert", "", {yes, data}, {}, {}, ""});
  GraphRunner runner(graph);
  runner.run({}, {holds});
  try {
    runner.run({}, {fails});
    EXPECT(false);
  } catch (const Error& e) {
    EXPECT(e.code() == Code::kInvalidArgument);
    const std::string expected = "assertion failed: [x = ] [1 2.5 3...]";
    EXPECT(std::string(e.what()).find(expected) != std::string::npos);
  }
}
