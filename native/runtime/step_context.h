#pragma once

#include <span>
#include <vector>

#include "graph/op_context.h"
#include "runtime/frame.h"
#include "runtime/layout.h"

namespace tw {

// The runtime's side of OpContext, for the steps of one run in turn.
class StepContext final : public OpContext {
 public:
  StepContext(SessionState& session, int threads, const RunOptions& options)
      : session_(session),
        host_(options.host),
        trace_(options.trace),
        depth_(options.depth) {
    threads_ = threads;
    cancellation_ = options.cancellation;
  }

  // Temporaries come from `scratch` as long as it lasts.
  void execute(const Step& step, std::span<const Tensor* const> inputs,
               std::span<Tensor* const> outputs, std::span<char> scratch);
  // The bytes of temporaries that the kernel executed last asked for.
  std::size_t asked() const noexcept { return most_asked_; }

  // The subgraph that runs now will ask for an arena of this size the next time.
  void expect_arena(std::size_t bytes) noexcept;

  Tensor& allocate_output(int i, const Shape& shape) override;
  void set_output(int i, Tensor value) override;
  void* temporary(std::size_t bytes) override;
  Allocator& allocator() override;
  Variable& variable(int i) override;
  std::uint64_t advance_random(std::uint64_t count) override;
  std::vector<Tensor> run_subgraph(std::string_view attr, std::span<const Tensor> inputs,
                                   std::span<const Tensor> outs) override;

 private:
  const void* kept_state() noexcept override;
  const void* keep_state(std::shared_ptr<const void> state) override;
  void infer_outputs();
  std::vector<Tensor> call_host(std::string_view attr, std::span<const Tensor> inputs);

  SessionState& session_;
  HostCalls* const host_;
  std::vector<StepTime>* const trace_;
  const int depth_;
  const Step* step_ = nullptr;
  std::span<char> scratch_;
  std::size_t asked_ = 0, most_asked_ = 0;
  std::size_t subgraph_begin_ = 0;  // what was asked for before the subgraph began
  std::vector<BufferRef> temporaries_;  // for which there was no room
};

}  // namespace tw
