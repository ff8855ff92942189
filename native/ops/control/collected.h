#pragma once

#include <vector>

#include "graph/op_context.h"

namespace tw {

// Values that the body of a loop gives in each iteration, stacked along a new first axis: the
// outputs of a loop from `first` on are the results of its body from there on.
class Collected {
 public:
  // count: iterations, -1 when it is not known before they have run.
  Collected(OpContext& c, int first, std::int64_t count);

  // Memory for what iteration i gives, undefined where it is not planned.
  void append_places(std::int64_t i, std::vector<Tensor>& outs) const;
  // All results of iteration i.
  void take(std::int64_t i, std::span<const Tensor> results);
  void finish(std::int64_t count);

 private:
  struct Stack {
    Tensor whole;  // undefined before the first iteration; may have room for more rows
    bool planned = false;
  };

  void take(Stack& stack, std::int64_t i, const Tensor& value);
  void grow(Stack& stack, std::int64_t i);

  OpContext& c_;
  const int first_;
  const std::int64_t count_;
  std::vector<Stack> stacks_;
};

// The part of x at i of its first axis; shares its memory.
Tensor row_of(const Tensor& x, std::int64_t i);

}  // namespace tw
