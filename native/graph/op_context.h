#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/thread_pool.h"
#include "graph/graph.h"
#include "graph/variable.h"
#include "tensor/tensor.h"

namespace tw {

// What the kernel of an op sees of one execution. The runtime implements it.
class OpContext {
 public:
  const Node& node() const noexcept { return *node_; }
  Attrs attrs() const { return node_->attrs(); }

  int inputs() const noexcept { return static_cast<int>(inputs_.size()); }
  bool has_input(int i) const noexcept { return i < inputs() && inputs_[i]->defined(); }
  const Tensor& input(int i) const noexcept { return *inputs_[i]; }
  Node::Range range(std::string_view arg) const { return node_->input_range(arg); }

  int outputs() const noexcept { return static_cast<int>(outputs_.size()); }
  // Already allocated when the plan knew its shape, which is so unless the shape depends on data.
  // May share memory with an input only as the op's in_place clauses say.
  Tensor& output(int i) const noexcept { return *outputs_[i]; }
  // For outputs whose shape depends on data: allocates unless output(i) has that shape already.
  virtual Tensor& allocate_output(int i, const Shape& shape) = 0;
  // Makes output i this tensor; it shares memory with its source.
  virtual void set_output(int i, Tensor value) = 0;

  // Uninitialised memory, 64-byte aligned, until the kernel returns.
  virtual void* temporary(std::size_t bytes) = 0;
  template <class T>
  T* temporary_of(std::int64_t count) {
    return static_cast<T*>(temporary(static_cast<std::size_t>(count) * sizeof(T)));
  }
  virtual Allocator& allocator() = 0;

  // How many threads may compute; parallel_for's workers are in [0, threads()).
  int threads() const noexcept { return threads_; }
  // See base/thread_pool.h. body must not throw; afterwards cancelled() may be true.
  void parallel_for(std::int64_t tasks, TaskBody body) const {
    tw::parallel_for(tasks, threads_, cancellation_, body);
  }
  bool cancelled() const noexcept { return cancellation_ != nullptr && cancellation_->cancelled(); }

  // What make() gives, made once per step of a plan and kept with it (tile choices, offsets).
  // T must depend on attrs, shapes and dtypes alone.
  template <class T, class Make>
  const T& prepared(Make&& make) {
    if (const void* kept = kept_state()) return *static_cast<const T*>(kept);
    return *static_cast<const T*>(keep_state(std::make_shared<const T>(make())));
  }

  // The variable whose handle is input i.
  virtual Variable& variable(int i) = 0;
  // A counter that advances by `count` and returns its old value: one per node and session.
  virtual std::uint64_t advance_random(std::uint64_t count) = 0;
  // Runs what the attr holds: a subgraph, or a function of the host by its number. outs: empty, or
  // memory for each result, undefined where it is to be allocated.
  virtual std::vector<Tensor> run_subgraph(std::string_view attr, std::span<const Tensor> inputs,
                                           std::span<const Tensor> outs = {}) = 0;

 protected:
  ~OpContext() = default;
  virtual const void* kept_state() noexcept = 0;
  virtual const void* keep_state(std::shared_ptr<const void> state) = 0;

  const Node* node_ = nullptr;
  std::span<const Tensor* const> inputs_;
  std::span<Tensor* const> outputs_;
  int threads_ = 1;
  const Cancellation* cancellation_ = nullptr;
};

}  // namespace tw
