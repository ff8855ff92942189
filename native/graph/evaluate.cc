#include "graph/evaluate.h"

#include <algorithm>

#include "graph/heap_context.h"
#include "tensor/deferred.h"

namespace tw {

namespace {

class LimitedContext final : public HeapContext {
 public:
  LimitedContext(const Node& node, std::span<const Tensor> inputs, std::size_t limit)
      : HeapContext(node, inputs), left_(limit) {}

  Tensor& allocate_output(int i, const Shape& shape) override {
    const DType dtype = node_->outputs[static_cast<std::size_t>(i)].dtype;
    take(static_cast<double>(shape.size()) * static_cast<double>(size_of(dtype)));
    return HeapContext::allocate_output(i, shape);
  }

  void* temporary(std::size_t bytes) override {
    take(static_cast<double>(bytes));
    return HeapContext::temporary(bytes);
  }

 private:
  void take(double bytes) {
    check(bytes <= static_cast<double>(left_), Code::kResourceExhausted,
          "more memory than computing a constant may take");
    left_ -= static_cast<std::size_t>(bytes);
  }

  std::size_t left_;
};

}  // namespace

bool can_evaluate(const Node& node) noexcept {
  if (node.op->stateful || node.op->cpu_kernel == nullptr) return false;
  if (node.op->role == Role::kPlaceholder || node.op->role == Role::kParameter) return false;
  return std::none_of(node.op->attrs.begin(), node.op->attrs.end(),
                      [](const AttrDef& attr) { return attr.kind == AttrKind::kGraph; });
}

std::vector<Tensor> evaluate(const Graph& graph, int id, std::span<const Tensor> inputs,
                             std::size_t limit) {
  const Node& node = graph.node(id);
  if (node.op->role == Role::kTranspose && inputs[0].deferred() != nullptr) {
    if (auto turned = permuted_form(inputs[0], inputs[1].to_int64s())) return {*std::move(turned)};
  }
  return LimitedContext(node, inputs, limit).run();
}

}  // namespace tw
