#pragma once

#include <span>

#include "graph/op_context.h"
#include "tile/program.h"

namespace tw {

// The kernel of every op with an elementwise clause: its instruction over broadcast inputs.
void elementwise_kernel(OpContext& c);

// Runs a program with one output, output 0 of the op, over inputs [first, first + count) of the op,
// which broadcast against each other as in numpy.
void run_program(OpContext& c, const tile::Program& program, int first, int count);

// Runs a program over inputs that broadcast to the shape of y. They need not be the op's.
void run_program(OpContext& c, const tile::Program& program,
                 std::span<const Tensor* const> inputs, const Tensor& y);

// As the first, where output 0, already computed, is the program's first input and is overwritten.
void run_program_onto(OpContext& c, const tile::Program& program, int first, int count);

constexpr tile::Storage storage_of(DType dtype) noexcept {
  return static_cast<tile::Storage>(dtype);
}

}  // namespace tw
