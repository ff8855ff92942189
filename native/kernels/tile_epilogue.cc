#include <algorithm>

#include "kernels/tile_interpreter.h"

namespace tw {

// Whether the rows of y and of every operand follow each other without gaps, or repeat one element:
// the block is then one long row, which matters when rows are short.
static bool is_one_row(std::int64_t y_stride, const TileBlockOperand* operands, int count,
                       std::int64_t columns) noexcept {
  if (y_stride != columns) return false;
  return std::all_of(operands, operands + count, [&](const TileBlockOperand& o) {
    return o.column_stride == 0 ? o.row_stride == 0 : o.row_stride == columns;
  });
}

// Rows so short that several make a tile, one after the other in memory.
constexpr std::int64_t kShortRow = 128;
static bool run_short_block(const tile::Program& program, void* y, const TileBlockOperand* operands,
                            std::int64_t rows, std::int64_t columns) noexcept {
  const TileSpace space{2, {rows, columns}};
  TileInput inputs[kMaxTileInputs];
  inputs[0] = {y, {columns, 1}};
  for (std::size_t i = 1; i < program.inputs.size(); ++i) {
    const TileBlockOperand& o = operands[i - 1];
    inputs[i] = {o.data, {o.row_stride, o.column_stride}};
  }
  return run_tile_program(program, space, inputs, &y, 0, rows * columns, false);
}

bool run_tile_block(const tile::Program& program, void* y, std::int64_t y_stride,
                    const TileBlockOperand* operands, std::int64_t rows,
                    std::int64_t columns) noexcept {
  const int count = static_cast<int>(program.inputs.size());
  if (is_one_row(y_stride, operands, count - 1, columns)) columns *= rows, rows = 1;
  if (rows > 1 && y_stride == columns && columns < kShortRow) {
    return run_short_block(program, y, operands, rows, columns);
  }
  TileInterpreter tile(program);
  const std::int64_t element = bytes_of(program.outputs[0]);
  TileInputState states[kMaxTileInputs];
  for (int i = 0; i < count; ++i) {
    const tile::Storage storage = program.inputs[static_cast<std::size_t>(i)];
    states[i].bytes = static_cast<std::int8_t>(bytes_of(storage));
    states[i].filled = nullptr;
    states[i].feed = i > 0 && operands[i - 1].column_stride == 0 ? TileFeed::kRepeat
                     : tile.natural(storage)                     ? TileFeed::kInPlace
                                                                 : TileFeed::kConvert;
  }
  tile.set_output(0, false, program.last_use[0] > program.definition[0]);
  const auto none = [](int, char*) {};
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; c += tile.tile()) {
      char* out = static_cast<char*>(y) + (r * y_stride + c) * element;
      states[0].source = out;
      for (int i = 1; i < count; ++i) {
        const TileBlockOperand& o = operands[i - 1];
        states[i].source = static_cast<const char*>(o.data) +
                           (r * o.row_stride + c * o.column_stride) * states[i].bytes;
      }
      tile.run(states, &out, std::min(tile.tile(), columns - c), none);
    }
  }
  return !tile.failed();
}

static void run_epilogue(const void* context, void* y, std::int64_t y_stride, std::int64_t row,
                         std::int64_t rows, std::int64_t column, std::int64_t columns) noexcept {
  const auto& epilogue = *static_cast<const TileEpilogue*>(context);
  TileBlockOperand shifted[kMaxTileInputs];
  for (std::size_t i = 1; i < epilogue.program->inputs.size(); ++i) {
    const TileBlockOperand& o = epilogue.operands[i - 1];
    const std::int64_t elements = row * o.row_stride + column * o.column_stride;
    shifted[i - 1] = {static_cast<const char*>(o.data) +
                          elements * bytes_of(epilogue.program->inputs[i]),
                      o.row_stride, o.column_stride};
  }
  run_tile_block(*epilogue.program, y, y_stride, shifted, rows, columns);
}
void tile_epilogue(const void* context, float* y, std::int64_t y_stride, std::int64_t row,
                   std::int64_t rows, std::int64_t column, std::int64_t columns) {
  run_epilogue(context, y, y_stride, row, rows, column, columns);
}
void tile_epilogue(const void* context, double* y, std::int64_t y_stride, std::int64_t row,
                   std::int64_t rows, std::int64_t column, std::int64_t columns) {
  run_epilogue(context, y, y_stride, row, rows, column, columns);
}

}  // namespace tw
