#pragma once

#include <limits>
#include <vector>

#include "graph/op_context.h"
#include "kernels/block_epilogue.h"
#include "kernels/tile_program.h"

namespace tw {

// What the fusion pass hung on a product or convolution (attr _epilogue, inputs _operands), taken
// apart for the kernels: a bias with which the sums begin, a clamp at the store, and a program for
// the rest. Depends on attrs, shapes and dtypes alone.
struct EpiloguePlan {
  tile::ProgramRef whole;  // null: there is no epilogue
  int bias = -1;           // which of the operands
  bool clamp = false;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  tile::ProgramRef rest;          // null: bias and clamp are all
  std::vector<int> rest_operands;  // its inputs from 1 on
};

EpiloguePlan epilogue_plan(OpContext& c);

// The epilogue of one execution. `direct`: the kernel computes float32 rows right in output 0, so
// that it can finish them while they are in cache; else finish() goes over the output once more.
class Epilogue {
 public:
  Epilogue(OpContext& c, const EpiloguePlan& plan, bool direct);

  // For kernels that take a BlockEpilogue; valid as long as this object.
  template <class T>
  BlockEpilogue<T> block() const;
  void finish();

 private:
  TileBlockOperand operand(int i) const;

  OpContext& c_;
  const EpiloguePlan& plan_;
  const bool direct_;
  std::vector<TileBlockOperand> operands_;
  TileEpilogue context_{};
};

}  // namespace tw
