#include "ops/control/subgraph.h"

#include <algorithm>

namespace tw {

std::vector<OutputInfo> input_infos(const ShapeContext& c, int first) {
  std::vector<OutputInfo> infos;
  for (int i = first; i < c.inputs(); ++i) infos.push_back({c.dtype(i), c.input(i), nullptr});
  return infos;
}

void add_hoisted(const ShapeContext& c, std::vector<OutputInfo>& given) {
  if (!c.attrs().given("_prelude")) return;
  const Graph& prelude = *c.attrs().get<GraphRef>("_prelude");
  const std::vector<Shape> shapes = result_shapes(prelude, input_infos(c, 0));
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    given.push_back({prelude.info(prelude.results[i]).dtype, shapes[i], nullptr});
  }
}

const Graph& checked_subgraph(const ShapeContext& c, const char* attr, int first) {
  return checked_subgraph(c, attr, input_infos(c, first));
}

const Graph& checked_subgraph(const ShapeContext& c, const char* attr,
                              std::span<const OutputInfo> given) {
  const GraphRef& graph = c.attrs().get<GraphRef>(attr);
  check(graph != nullptr, Code::kInvalidArgument, "no graph for attr ", attr);
  const std::vector<int> parameters = graph->parameters();
  check(parameters.size() == given.size(), Code::kInvalidArgument, attr, " takes ",
        parameters.size(), " values, got ", given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Node& parameter = graph->node(parameters[i]);
    const OutputInfo& wanted = parameter.outputs[0];
    check(parameter.attrs().integer("index") == static_cast<std::int64_t>(i),
          Code::kInvalidArgument, attr, " has no parameter ", i);
    check(wanted.dtype == given[i].dtype, Code::kInvalidArgument, "parameter ", i, " of ", attr,
          " is ", name_of(wanted.dtype), ", got ", name_of(given[i].dtype));
    check(compatible(wanted.shape, given[i].shape), Code::kInvalidArgument, "parameter ", i, " of ",
          attr, " has shape ", wanted.shape, ", got ", given[i].shape);
  }
  return *graph;
}

void check_results(const Graph& subgraph, const char* attr, const std::vector<DType>& dtypes) {
  check(subgraph.results.size() == dtypes.size(), Code::kInvalidArgument, attr, " gives ",
        subgraph.results.size(), " values, expected ", dtypes.size());
  for (std::size_t i = 0; i < dtypes.size(); ++i) {
    const DType given = subgraph.info(subgraph.results[i]).dtype;
    check(given == dtypes[i], Code::kInvalidArgument, "result ", i, " of ", attr, " is ",
          name_of(given), ", expected ", name_of(dtypes[i]));
  }
}

std::vector<Shape> result_shapes(const Graph& subgraph) {
  std::vector<Shape> shapes;
  for (const Output result : subgraph.results) shapes.push_back(subgraph.info(result).shape);
  return shapes;
}

std::vector<Shape> result_shapes(const Graph& subgraph, std::span<const OutputInfo> given) {
  std::vector<Shape> declared = result_shapes(subgraph);
  const auto known = [](const Shape& shape) { return shape.fully_known(); };
  if (std::all_of(declared.begin(), declared.end(), known)) return declared;
  const std::vector<int> parameters = subgraph.parameters();
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i].dtype != DType::kResource && !known(given[i].shape)) return declared;
  }
  const std::shared_ptr<Graph> copy = subgraph.open_copy();
  for (std::size_t i = 0; i < given.size(); ++i) {
    Node& parameter = copy->mutable_node(parameters[i]);
    const auto attr = static_cast<std::size_t>(parameter.op->attr_index("shape"));
    parameter.attr_values[attr] = given[i].shape;
  }
  for (int id = 0; id < copy->size(); ++id) {
    for (OutputInfo& info : copy->mutable_node(id).outputs) info.value = nullptr;
    copy->infer(id);
  }
  return result_shapes(*copy);
}

Shape common_shape(const Shape& a, const Shape& b) {
  if (!a.has_rank() || !b.has_rank() || a.rank() != b.rank()) return Shape::unknown();
  Shape common = a;
  for (int axis = 0; axis < a.rank(); ++axis) {
    if (a[axis] != b[axis]) common[axis] = kUnknownDim;
  }
  return common;
}

bool covers(const Shape& a, const Shape& b) {
  if (!a.has_rank()) return true;
  if (!b.has_rank() || a.rank() != b.rank()) return false;
  for (int axis = 0; axis < a.rank(); ++axis) {
    if (a[axis] != kUnknownDim && a[axis] != b[axis]) return false;
  }
  return true;
}

std::vector<Tensor> prelude(OpContext& c, std::span<const Tensor> inputs) {
  if (!c.attrs().given("_prelude")) return {};
  return c.run_subgraph("_prelude", inputs);
}

void check_arguments(const Graph& subgraph, std::span<const Tensor> arguments) {
  const std::vector<int> parameters = subgraph.parameters();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Shape& wanted = subgraph.node(parameters[i]).outputs[0].shape;
    check(compatible(wanted, arguments[i].shape()), Code::kInvalidArgument, "value ", i,
          " was declared with shape ", wanted, ", got ", arguments[i].shape());
  }
}

bool holds(const Tensor& condition) {
  if (condition.rank() > 0) return condition.size() > 0;
  if (condition.dtype() == DType::kBool) return *condition.data<bool>();
  if (condition.dtype() == DType::kString) return !condition.data<std::string>()->empty();
  return visit_numeric(condition.dtype(), [&]<class T>() {
    const T value = *condition.data<T>();
    if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
      return to_float(value) != 0;
    } else {
      return value != T(0);
    }
  });
}

}  // namespace tw
