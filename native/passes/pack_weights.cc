#include <algorithm>
#include <exception>

#include "base/thread_pool.h"
#include "graph/pass_context.h"
#include "passes/passes.h"

namespace tw {
namespace {

std::uint64_t mixed(std::uint64_t h, std::uint64_t value) {
  return (h ^ value) * 0x9e3779b97f4a7c15u + (h >> 29);
}

std::uint64_t hash_of(const OutputInfo& info) {
  const std::uint64_t shape = std::hash<std::string>()(info.shape.to_string());
  return mixed(shape, static_cast<std::uint64_t>(info.dtype));
}

// Of all that a pack clause may look at: attrs, shapes and the contents of constants.
// Equal for the same content alone, as far as 64 bits can tell. A deferred constant is known by its
// number, since two that are alike have become one.
std::uint64_t key_of(const Tensor& constant) {
  const std::uint64_t own = constant.own_content();
  return own != 0 ? mixed(own, 0x9e3779b97f4a7c15u) : content_hash(constant);
}

std::uint64_t key_of(const Graph& graph, const Node& node) {
  std::uint64_t h = std::hash<std::string>()(node.op->name);
  for (const AttrValue& value : node.attr_values) {
    if (!std::holds_alternative<ProgramRef>(value)) h = mixed(h, content_hash(value));
  }
  for (Output in : node.inputs) {
    const Tensor* constant = graph.constant_value(in);
    h = mixed(h, in.valid() ? hash_of(graph.info(in)) : 0);
    h = mixed(h, constant != nullptr ? key_of(*constant) : 0);
  }
  for (const OutputInfo& info : node.outputs) h = mixed(h, hash_of(info));
  return h;
}

std::shared_ptr<const Packed> packed(const Graph& graph, const Node& node, bool strict) {
  const std::uint64_t key = mixed(key_of(graph, node), strict ? 1 : 0);
  if (auto found = graph.packs->find(key)) return found;
  PackContext context(graph, node.id, strict);
  node.op->pack(context);
  return graph.packs->keep(key, std::move(context.packed));
}

// Fewer bytes are packed before another thread is awake.
constexpr std::size_t kFewBytes = 1u << 20;

std::size_t constant_bytes(const Graph& graph, const Node& node) {
  std::size_t bytes = 0;
  for (Output in : node.inputs) {
    if (const Tensor* constant = graph.constant_value(in)) bytes += constant->bytes();
  }
  return bytes;
}

bool has_constant(const Graph& graph, const Node& node) {
  return std::any_of(node.inputs.begin(), node.inputs.end(),
                     [&](Output in) { return graph.constant_value(in) != nullptr; });
}

}  // namespace

void pack_weights(PassContext& context) {
  Graph& graph = context.work.graph;
  std::vector<int> ids;
  std::size_t bytes = 0;
  for (int id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.op->pack == nullptr || !has_constant(graph, node)) continue;
    ids.push_back(id);
    bytes += constant_bytes(graph, node);
  }
  // Nothing changes the graph before all is packed, so that the order does not matter.
  std::vector<std::shared_ptr<const Packed>> made(ids.size());
  std::vector<std::exception_ptr> errors(ids.size());
  const auto pack_one = [&](std::int64_t task, int) {
    const auto i = static_cast<std::size_t>(task);
    try {
      made[i] = packed(graph, graph.node(ids[i]), context.options.strict);
    } catch (...) {
      errors[i] = std::current_exception();
    }
  };
  const int threads = bytes < kFewBytes ? 1 : context.options.threads;
  parallel_for(static_cast<std::int64_t>(ids.size()), threads, nullptr, pack_one);
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  for (std::size_t i = 0; i < ids.size(); ++i) apply(*made[i], graph, ids[i]);
  rebuild(context.work);
}

}  // namespace tw
