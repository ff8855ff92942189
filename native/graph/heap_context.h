#pragma once

#include <memory>
#include <vector>

#include "graph/graph.h"
#include "graph/op_context.h"

namespace tw {

// What a kernel needs to run on its own: outputs and temporaries from the heap, no session. Those
// who have variables, random state or subgraphs to offer override these.
class HeapContext : public OpContext {
 public:
  // Undefined tensors: inputs that are not given.
  HeapContext(const Node& node, std::span<const Tensor> inputs);

  // Runs the kernel of the node; an error names its op and the node.
  std::vector<Tensor> run();

  Tensor& allocate_output(int i, const Shape& shape) override;
  void set_output(int i, Tensor value) override;
  void* temporary(std::size_t bytes) override;
  Allocator& allocator() override { return heap_allocator(); }
  Variable& variable(int) override;
  std::uint64_t advance_random(std::uint64_t count) override;
  std::vector<Tensor> run_subgraph(std::string_view attr, std::span<const Tensor> inputs,
                                   std::span<const Tensor> outs) override;

 private:
  const void* kept_state() noexcept override { return state_.get(); }
  const void* keep_state(std::shared_ptr<const void> state) override;

  std::vector<Tensor> results_;
  std::vector<const Tensor*> input_list_;
  std::vector<Tensor*> output_list_;
  std::vector<BufferRef> temporaries_;
  std::shared_ptr<const void> state_;
};

}  // namespace tw
