#include "binding/attrs.h"
#include "binding/call.h"
#include "binding/copy.h"
#include "binding/exports.h"
#include "binding/graph_box.h"

namespace tw::binding {
namespace {

constexpr napi_type_tag kGraphTag = {0x7265736f6e677477, 0x6772617068000001};

Graph& graph_of(const Call& call) { return *graph_box(call.env, call[0]).graph; }

// An integer argument that names a node of the graph.
const Node& node_of(const Call& call, const Graph& graph) {
  const std::int64_t id = to_integer(call.env, call[1], "node");
  check(id >= 0 && id < graph.size(), Code::kNotFound, "the graph has no node ", id);
  return graph.node(static_cast<int>(id));
}

Output output_of(const Call& call, const Graph& graph) {
  const Node& node = node_of(call, graph);
  const std::int64_t index = to_integer(call.env, call[2], "output");
  check(index >= 0 && index < static_cast<std::int64_t>(node.outputs.size()), Code::kNotFound,
        "node '", node.name, "' has no output ", index);
  return {node.id, static_cast<int>(index)};
}

napi_value new_graph(Call& call) {
  auto graph = std::make_shared<Graph>();
  if (!is_nothing(call.env, call[0])) {
    graph->seed = to_integer(call.env, call[0], "seed");
    graph->has_seed = true;
  }
  return graph_handle(call.env, std::move(graph));
}

napi_value graph_size(Call& call) { return from_number(call.env, graph_of(call).size()); }

// [first..., dtype numbers of the outputs...]
napi_value with_dtypes(napi_env env, napi_value first, const Node& node) {
  napi_value list = new_array(env, 2 + node.outputs.size());
  set_element(env, list, 0, first);
  set_element(env, list, 1, from_text(env, node.name));
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    set_element(env, list, 2 + i, from_number(env, static_cast<int>(node.outputs[i].dtype)));
  }
  return list;
}

void report_constants(EnvData& data, GraphBox& box, const AttrMap& attrs) {
  std::int64_t bytes = 0;
  for (const auto& [name, value] : attrs) {
    if (const auto* tensor = std::get_if<Tensor>(&value)) bytes += static_cast<std::int64_t>(tensor->bytes());
  }
  if (bytes < 4096) return;
  box.constant_bytes += bytes;
  data.report_constants(bytes);
}

napi_value add_node(Call& call) {
  const napi_env env = call.env;
  GraphBox& box = graph_box(env, call[0]);
  NodeSpec spec;
  spec.op = to_text(env, call[1], "op type");
  spec.name = to_text(env, call[2], "name");
  spec.inputs = to_outputs(env, call[3], "inputs");
  spec.controls = to_ids(env, call[4], "controls");
  spec.attrs = to_attrs(env, op_named(spec.op), call[5]);
  spec.device = to_text(env, call[6], "device");
  const AttrMap attrs = spec.attrs;
  const std::lock_guard lock(box.graph->guard);
  const int id = box.graph->add(std::move(spec));
  report_constants(call.data, box, attrs);
  return with_dtypes(env, from_number(env, id), box.graph->node(id));
}

napi_value describe_node(Call& call) {
  const Node& node = node_of(call, graph_of(call));
  return with_dtypes(call.env, from_text(call.env, node.op->name), node);
}

napi_value node_inputs(Call& call) {
  return from_outputs(call.env, node_of(call, graph_of(call)).inputs);
}

napi_value node_controls(Call& call) {
  const std::vector<int>& controls = node_of(call, graph_of(call)).controls;
  napi_value list = new_array(call.env, controls.size());
  for (std::size_t i = 0; i < controls.size(); ++i) {
    set_element(call.env, list, i, from_number(call.env, controls[i]));
  }
  return list;
}

napi_value node_device(Call& call) {
  return from_text(call.env, node_of(call, graph_of(call)).device);
}

napi_value node_attr(Call& call) {
  const Node& node = node_of(call, graph_of(call));
  const std::string name = to_text(call.env, call[2], "attr");
  check(node.op->find_attr(name) != nullptr, Code::kNotFound, node.op->name, " has no attr '", name,
        "'");
  return from_attr(call.env, node.attrs().value(name));
}

// A constant's value: dtype, shape and data, an ArrayBuffer or a list of strings.
napi_value from_tensor(napi_env env, const Tensor& tensor) {
  napi_value object = new_object(env);
  set(env, object, "dtype", from_text(env, name_of(tensor.dtype())));
  set(env, object, "shape", from_shape(env, tensor.shape()));
  if (tensor.dtype() == DType::kString) {
    napi_value list = new_array(env, static_cast<std::size_t>(tensor.size()));
    for (std::int64_t i = 0; i < tensor.size(); ++i) {
      set_element(env, list, static_cast<std::size_t>(i), from_text(env, tensor.data<std::string>()[i]));
    }
    set(env, object, "data", list);
    return object;
  }
  void* data = nullptr;
  napi_value buffer = nullptr;
  ok(env, napi_create_arraybuffer(env, tensor.bytes(), &data, &buffer), "constant");
  copy_elements(tensor, data);
  set(env, object, "data", buffer);
  return object;
}

napi_value attr_to_export(napi_env env, const AttrValue& value) {
  if (const auto* tensor = std::get_if<Tensor>(&value)) return from_tensor(env, *tensor);
  if (const auto* graph = std::get_if<GraphRef>(&value)) {
    return graph_handle(env, std::const_pointer_cast<Graph>(*graph));
  }
  return from_attr(env, value);
}

// name, kind and value of the attrs that are given, but for those that passes set.
napi_value node_attrs(Call& call) {
  const Node& node = node_of(call, graph_of(call));
  napi_value list = new_array(call.env);
  std::size_t next = 0;
  for (std::size_t i = 0; i < node.op->attrs.size(); ++i) {
    const AttrDef& def = node.op->attrs[i];
    const AttrValue& value = node.attr_values[i];
    if (def.hidden || std::holds_alternative<std::monostate>(value)) continue;
    set_element(call.env, list, next++, from_text(call.env, def.name));
    set_element(call.env, list, next++, from_text(call.env, name_of(def.kind)));
    set_element(call.env, list, next++, attr_to_export(call.env, value));
  }
  return list;
}

napi_value graph_results(Call& call) { return from_outputs(call.env, graph_of(call).results); }

napi_value find_node(Call& call) {
  return from_number(call.env, graph_of(call).find(to_text(call.env, call[1], "name")));
}

napi_value unique_name(Call& call) {
  const std::string name = to_text(call.env, call[1], "name");
  return from_text(call.env, graph_of(call).unique_name(name, to_flag(call.env, call[2], "mark")));
}

napi_value output_shape(Call& call) {
  const Graph& graph = graph_of(call);
  return from_shape(call.env, graph.info(output_of(call, graph)).shape);
}

napi_value merge_shape(Call& call) {
  Graph& graph = graph_of(call);
  const Shape shape = to_shape(call.env, call[3], "shape");
  const std::lock_guard lock(graph.guard);
  graph.set_shape(output_of(call, graph), shape);
  return nothing(call.env);
}

napi_value finalize_graph(Call& call) {
  graph_of(call).finalize();
  return nothing(call.env);
}

napi_value is_finalized(Call& call) { return from_flag(call.env, graph_of(call).finalized()); }

napi_value make_gradients(Call& call) {
  const std::vector<Output> ys = to_outputs(call.env, call[1], "ys");
  const std::vector<Output> xs = to_outputs(call.env, call[2], "xs");
  GradientOptions options;
  options.grad_ys = to_outputs(call.env, call[3], "gradYs");
  options.stop_gradients = to_outputs(call.env, call[4], "stopGradients");
  Graph& graph = graph_of(call);
  const std::lock_guard lock(graph.guard);
  return from_outputs(call.env, gradients(graph, ys, xs, options));
}

// (graph, ys, xs): why no gradient comes from the ys to the xs.
napi_value find_gradient_obstacles(Call& call) {
  const std::vector<Output> ys = to_outputs(call.env, call[1], "ys");
  const std::vector<Output> xs = to_outputs(call.env, call[2], "xs");
  const std::vector<std::string> found = gradient_obstacles(graph_of(call), ys, xs);
  napi_value list = new_array(call.env);
  for (std::size_t i = 0; i < found.size(); ++i) {
    set_element(call.env, list, i, from_text(call.env, found[i]));
  }
  return list;
}

// For subgraphs: what they give, in order.
napi_value set_results(Call& call) {
  Graph& graph = graph_of(call);
  std::vector<Output> results = to_outputs(call.env, call[1], "results");
  const std::lock_guard lock(graph.guard);
  graph.results = std::move(results);
  return nothing(call.env);
}

}  // namespace

GraphBox& graph_box(napi_env env, napi_value handle) {
  return unwrap<GraphBox>(env, handle, kGraphTag, "graph");
}

napi_value graph_handle(napi_env env, std::shared_ptr<Graph> graph) {
  auto box = std::make_unique<GraphBox>();
  box->graph = std::move(graph);
  napi_value handle = wrap(env, box.get(), kGraphTag);
  box.release();
  return handle;
}

const std::vector<Export>& graph_exports() {
  static const std::vector<Export> list = {
      {"newGraph", guarded<new_graph>},         {"graphSize", guarded<graph_size>},
      {"addNode", guarded<add_node>},           {"describeNode", guarded<describe_node>},
      {"nodeInputs", guarded<node_inputs>},     {"nodeControls", guarded<node_controls>},
      {"nodeDevice", guarded<node_device>},     {"nodeAttr", guarded<node_attr>},
      {"nodeAttrs", guarded<node_attrs>},       {"graphResults", guarded<graph_results>},
      {"findNode", guarded<find_node>},         {"uniqueName", guarded<unique_name>},
      {"outputShape", guarded<output_shape>},   {"mergeShape", guarded<merge_shape>},
      {"finalizeGraph", guarded<finalize_graph>}, {"isFinalized", guarded<is_finalized>},
      {"gradients", guarded<make_gradients>},   {"setResults", guarded<set_results>},
      {"gradientObstacles", guarded<find_gradient_obstacles>},
  };
  return list;
}

}  // namespace tw::binding
