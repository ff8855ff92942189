#include "graph/evaluate.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "test.h"

using namespace tw;

namespace {

Tensor counted(const Shape& shape) {
  Tensor t = Tensor::allocate(DType::kFloat32, shape);
  for (std::int64_t i = 0; i < t.size(); ++i) t.mutable_data<float>()[i] = float(i);
  return t;
}

Tensor run(const Graph& graph, int node, const std::vector<Tensor>& inputs, int output = 0) {
  return evaluate(graph, node, inputs)[static_cast<std::size_t>(output)];
}

Tensor transposed(const Tensor& x, const std::vector<int>& perm) {
  Graph graph;
  const std::vector<std::int64_t> order(perm.begin(), perm.end());
  const Output a = graph.constant(x), p = graph.constant(Tensor::int64s(order));
  const int id = graph.add({"Transpose", "", {a, p}, {}, {}, ""});
  return run(graph, id, {x, Tensor::int64s(order)});
}

// The op on transposed inputs, as its permute clause rewrites it, gives the transposed outputs.
void check_permute(const char* op, std::vector<Tensor> inputs, AttrMap attrs,
                   const std::vector<int>& perm) {
  Graph graph;
  std::vector<Output> outputs;
  for (const Tensor& input : inputs) outputs.push_back(graph.constant(input));
  const int id = graph.add({op, "", outputs, {}, std::move(attrs), ""});
  const std::vector<Tensor> before = evaluate(graph, id, inputs);
  PermuteContext context(graph, id, perm, false);
  EXPECT(graph.node(id).op->permute(context));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i] = *graph.constant_value(graph.node(id).inputs[i]);
  }
  for (int i : context.permuted_inputs) {
    inputs[static_cast<std::size_t>(i)] = transposed(inputs[static_cast<std::size_t>(i)], perm);
  }
  const std::vector<Tensor> after = evaluate(graph, id, inputs);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT(identical(after[i], transposed(before[i], perm)));
  }
}

Tensor ints(std::vector<std::int64_t> values) { return Tensor::vector(values); }
Tensor ints32(const std::vector<std::int32_t>& values) { return Tensor::vector(values); }

}  // namespace

TEST("permute: what moves elements follows a change of layout") {
  const std::vector<int> to_last = {0, 2, 3, 1};
  const Tensor x = counted({2, 3, 4, 6});
  check_permute("ConcatV2", {x, x, Tensor::scalar(std::int32_t{1})}, {}, to_last);
  check_permute("ConcatV2", {x, x, Tensor::scalar(std::int64_t{-1})}, {}, to_last);
  check_permute("Split", {Tensor::scalar(std::int32_t{1}), x}, {{"num_split", std::int64_t{3}}},
                to_last);
  check_permute("SplitV", {x, ints({1, 3}), Tensor::scalar(std::int32_t{2})},
                {{"num_split", std::int64_t{2}}}, to_last);
  check_permute("Slice", {x, ints({0, 1, 2, 3}), ints({-1, 2, 2, -1})}, {}, to_last);
  check_permute("StridedSlice", {x, ints({0, 2, 9}), ints({0, 0, -9}), ints({1, -1, -2})},
                {{"begin_mask", std::int64_t{1}}, {"end_mask", std::int64_t{3}}}, to_last);
  check_permute("Tile", {x, ints32({1, 2, 1, 3})}, {}, to_last);
  check_permute("ReverseV2", {x, ints({1, -1})}, {}, to_last);
  const Tensor pads = ints({0, 0, 1, 2, 3, 0, 0, 4}).reshaped({4, 2});
  check_permute("Pad", {x, pads}, {}, to_last);
  check_permute("PadV2", {x, pads, Tensor::scalar(7.0f)}, {}, to_last);
}

TEST("permute: images change their data_format") {
  const AttrMap nchw = {{"data_format", std::string("NCHW")}};
  const Tensor x = counted({1, 3, 4, 6});
  check_permute("ResizeNearestNeighbor", {x, ints32({7, 5})}, nchw, {0, 2, 3, 1});
  check_permute("ResizeBilinear", {x, ints32({7, 5})}, nchw, {0, 2, 3, 1});
  check_permute("ResizeBilinear", {x, ints32({7, 5})}, {}, {0, 3, 1, 2});
  const AttrMap blocks = {{"data_format", std::string("NCHW")}, {"block_size", std::int64_t{2}}};
  check_permute("SpaceToDepth", {x}, blocks, {0, 2, 3, 1});
  check_permute("DepthToSpace", {counted({1, 8, 2, 3})}, blocks, {0, 2, 3, 1});
}
