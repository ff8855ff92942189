#pragma once

#include <cstdint>

#include "tile/program.h"

namespace tw {

constexpr int kMaxTileRank = 10;
constexpr int kMaxTileInputs = 64;
constexpr int kMaxTileOutputs = 8;

// The outputs' index space, with neighbouring dims merged where all inputs allow it: rank >= 1.
struct TileSpace {
  int rank;
  std::int64_t dims[kMaxTileRank];
};

// An input of a program over a space. Strides count elements; 0 where the input is repeated. The
// innermost one is 0 or 1.
struct TileInput {
  const void* data;
  std::int64_t strides[kMaxTileRank];
};

// Merges dims that all inputs walk through evenly, in place. Broadcast and contiguous inputs leave
// few of them.
void merge_dims(TileSpace& space, TileInput* inputs, int count) noexcept;

// Whether an instruction exists in a domain.
bool tile_supports(tile::Domain domain, tile::Opcode op) noexcept;

// Runs the program over the flat output indices [begin, end). Outputs are contiguous and may be the
// memory of an input that is not repeated; otherwise nothing overlaps. With `stream` large results
// pass by the caches. False when an integer was divided by zero or shifted by its width or more;
// the results of those elements are 0. The split into calls never changes a result.
bool run_tile_program(const tile::Program& program, const TileSpace& space, const TileInput* inputs,
                      void* const* outputs, std::int64_t begin, std::int64_t end,
                      bool stream) noexcept;

// An operand of an epilogue: the element for row r and column c is r * row_stride + c *
// column_stride elements on; column_stride is 0 or 1.
struct TileBlockOperand {
  const void* data;
  std::int64_t row_stride, column_stride;
};
// Runs the program over a block of rows in place: input 0 and output 0 are y, whose rows are
// y_stride elements apart; operands are the inputs from 1 on. The program has one output.
bool run_tile_block(const tile::Program& program, void* y, std::int64_t y_stride,
                    const TileBlockOperand* operands, std::int64_t rows,
                    std::int64_t columns) noexcept;

// As the program of a BlockEpilogue (block_epilogue.h): context is a TileEpilogue, whose operands
// belong to row 0 and column 0 of the whole output.
struct TileEpilogue {
  const tile::Program* program;
  const TileBlockOperand* operands;
};
void tile_epilogue(const void* context, float* y, std::int64_t y_stride, std::int64_t row,
                   std::int64_t rows, std::int64_t column, std::int64_t columns);
void tile_epilogue(const void* context, double* y, std::int64_t y_stride, std::int64_t row,
                   std::int64_t rows, std::int64_t column, std::int64_t columns);

}  // namespace tw
