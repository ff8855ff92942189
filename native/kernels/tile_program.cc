#include "kernels/tile_program.h"

#include <algorithm>
#include <cstring>

#include "kernels/tile_table.h"

namespace tw {
namespace {

using tile::Domain;
using tile::Instruction;
using tile::Program;
using tile::Storage;

constexpr std::int64_t kVectorBytes = 64;  // of the widest instruction set
// Registers of few-register programs hold 2 KiB, else 1 KiB, and start a line apart, so that all
// of them stay in L1 together with the operands.
constexpr std::int64_t kWideTile = 2048, kNarrowTile = 1024, kGap = kVectorBytes;
constexpr int kWideRegisters = 6;
constexpr int kKeptInputs = 4;
constexpr std::int64_t kScratchBytes = tile::kMaxRegisters * (kNarrowTile + kGap);
static_assert(kWideRegisters * (kWideTile + kGap) <= kScratchBytes);

int bytes_of(Storage storage) noexcept {
  constexpr std::int8_t kBytes[kStorageCount] = {0, 4, 8, 2, 2, 1, 2, 4, 8, 1, 2, 4, 8, 1};
  return kBytes[static_cast<int>(storage)];
}

const TileFn* code_of(Domain domain) noexcept {
  if (domain == Domain::kF32) return tile_code_f32();
  if (domain == Domain::kF64) return tile_code_f64();
  return tile_code_int(domain);
}

// How an input meets the tile at hand.
enum class Feed : std::uint8_t { kInPlace, kConvert, kRepeat, kExpand, kKept };

// Left as it is where there is no such input: clearing all of them takes longer than a tiny program.
struct InputState {
  const char* source;  // of the tile's first element; kExpand: of the whole input
  const char* filled;  // the element that the splat holds, or null
  std::int8_t bytes;
  Feed feed;
};

class Interpreter {
 public:
  explicit Interpreter(const Program& program) noexcept
      : program_(program),
        code_(code_of(program.domain)),
        convert_(tile_conversions(program.domain)),
        natural_(tile::storage_of(program.domain)),
        step_(tile_vector_bytes()) {
    const bool wide = program.registers <= kWideRegisters;
    register_bytes_ = (wide ? kWideTile : kNarrowTile) + kGap;
    element_ = bytes_of(natural_);
    tile_ = (wide ? kWideTile : kNarrowTile) / element_;
    args_.failed = false;
    for (int r = 0; r < std::max(program.registers, 1); ++r) slots_[r] = {};
  }

  std::int64_t tile() const noexcept { return tile_; }
  bool failed() const noexcept { return args_.failed; }
  bool natural(Storage storage) const noexcept { return storage == natural_; }
  char* place(int r) noexcept { return scratch_ + r * register_bytes_; }

  void set_output(int i, bool stream, bool hazard) noexcept {
    stream_ = stream;
    direct_[i] = !stream && !hazard && natural(program_.outputs[static_cast<std::size_t>(i)]);
  }

  // Runs the program for n <= tile() elements. `expand(input, to)` fills a register.
  template <class Expand>
  void run(InputState* inputs, char* const* outputs, std::int64_t n, Expand&& expand) noexcept {
    args_.n = n;
    for (const Instruction& step : program_.code) {
      if (step.op == tile::kLoad) {
        slots_[step.dst] = loaded(inputs[step.in[0]], step.in[0], place(step.dst), expand);
        continue;
      }
      for (int k = 0; k < 3; ++k) args_.in[k] = operand(step.in[k]);
      const bool direct = step.output >= 0 && direct_[step.output];
      args_.dst = direct ? outputs[step.output] : place(step.dst);
      args_.immediate[0] = step.immediate[0];
      args_.immediate[1] = step.immediate[1];
      code_[step.op](args_);
      slots_[step.dst] = {args_.dst, step_};
      if (step.output >= 0) results_[step.output] = args_.dst;
    }
    store(outputs, n);
  }

 private:
  TileOperand operand(std::uint16_t index) const noexcept {
    if (index < tile::kConstantBase) return slots_[index];
    return {program_.constants[index - tile::kConstantBase].bytes, 0};
  }

  template <class Expand>
  TileOperand loaded(InputState& input, int number, char* to, Expand&& expand) noexcept {
    const auto storage = static_cast<int>(program_.inputs[static_cast<std::size_t>(number)]);
    switch (input.feed) {
      case Feed::kInPlace: return {input.source, step_};
      case Feed::kKept: return {input.source, step_};
      case Feed::kConvert: convert_.load[storage](to, input.source, args_.n); break;
      case Feed::kExpand: expand(number, to); break;
      case Feed::kRepeat: {
        char* splat = splats_ + number * kVectorBytes;
        if (input.filled != input.source) {
          convert_.fill[storage](splat, input.source, step_ / element_);
          input.filled = input.source;
        }
        return {splat, 0};
      }
    }
    return {to, step_};
  }

  void store(char* const* outputs, std::int64_t n) noexcept {
    for (std::size_t i = 0; i < program_.outputs.size(); ++i) {
      const Storage storage = program_.outputs[i];
      if (direct_[i]) continue;
      if (!natural(storage)) {
        convert_.store[static_cast<int>(storage)](outputs[i], results_[i], n);
      } else if (stream_) {
        tile_stream(outputs[i], results_[i], n * element_);
      } else {
        std::memcpy(outputs[i], results_[i], static_cast<std::size_t>(n * element_));
      }
    }
  }

  const Program& program_;
  const TileFn* code_;
  TileDomainTable convert_;
  Storage natural_;
  std::int64_t step_, register_bytes_, tile_;
  int element_;
  bool stream_ = false;
  bool direct_[kMaxTileOutputs];
  const char* results_[kMaxTileOutputs];
  TileArgs args_;
  TileOperand slots_[tile::kMaxRegisters];
  alignas(64) char scratch_[kScratchBytes];
  alignas(64) char splats_[kMaxTileInputs * kVectorBytes];
};

// Walks the index space of one run.
class SpaceRun {
 public:
  SpaceRun(const Program& program, const TileSpace& space, const TileInput* inputs,
           void* const* outputs, bool stream) noexcept
      : program_(program), space_(space), inputs_(inputs), outputs_(outputs), tile_(program) {
    count_ = static_cast<int>(program.inputs.size());
    row_ = space.dims[space.rank - 1];
    for (int i = 0; i < count_; ++i) {
      const Storage storage = program.inputs[static_cast<std::size_t>(i)];
      states_[i].bytes = static_cast<std::int8_t>(bytes_of(storage));
      states_[i].filled = nullptr;
    }
    for (int o = 0; o < static_cast<int>(program.outputs.size()); ++o) {
      tile_.set_output(o, stream, overwrites_a_later_read(o));
    }
  }

  bool run(std::int64_t begin, std::int64_t end) noexcept {
    if (space_.rank == 1 || row_ >= tile_.tile() / 4) {
      run_rows(begin, end);
    } else {
      run_short_rows(begin, end);
    }
    return !tile_.failed();
  }

 private:
  bool overwrites_a_later_read(int o) const noexcept {
    for (int i = 0; i < count_; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (inputs_[i].data == outputs_[o] &&
          program_.last_use[at] > program_.definition[static_cast<std::size_t>(o)]) {
        return true;
      }
    }
    return false;
  }

  std::int64_t offset(int i, std::int64_t flat, int dims) const noexcept {
    std::int64_t sum = 0;
    for (int d = dims - 1; d >= 0; --d) {
      sum += flat % space_.dims[d] * inputs_[i].strides[d];
      flat /= space_.dims[d];
    }
    return sum;
  }
  const char* element(int i, std::int64_t index) const noexcept {
    return static_cast<const char*>(inputs_[i].data) + index * states_[i].bytes;
  }
  Feed contiguous_feed(int i) const noexcept {
    return tile_.natural(program_.inputs[static_cast<std::size_t>(i)]) ? Feed::kInPlace
                                                                       : Feed::kConvert;
  }
  void place_outputs(std::int64_t flat) noexcept {
    for (std::size_t o = 0; o < program_.outputs.size(); ++o) {
      out_[o] = static_cast<char*>(outputs_[o]) + flat * bytes_of(program_.outputs[o]);
    }
  }

  // Rows at least a quarter of a tile long: a tile is a piece of one row.
  void run_rows(std::int64_t begin, std::int64_t end) noexcept {
    const int inner = space_.rank - 1;
    for (int i = 0; i < count_; ++i) {
      states_[i].feed = inputs_[i].strides[inner] == 0 ? Feed::kRepeat : contiguous_feed(i);
    }
    const auto none = [](int, char*) {};
    for (std::int64_t at = begin; at < end;) {
      const std::int64_t row = at / row_;
      std::int64_t column = at % row_;
      const std::int64_t stop = std::min(row_, column + (end - at));
      for (int i = 0; i < count_; ++i) base_[i] = offset(i, row, inner);
      while (column < stop) {
        const std::int64_t n = std::min(tile_.tile(), stop - column);
        for (int i = 0; i < count_; ++i) {
          states_[i].source = element(i, base_[i] + column * inputs_[i].strides[inner]);
        }
        place_outputs(at);
        tile_.run(states_, out_, n, none);
        column += n, at += n;
      }
    }
  }

  // Short rows: a tile is several of them, and inputs that are not contiguous are laid out; those
  // that are the same in every row, once for all.
  void run_short_rows(std::int64_t begin, std::int64_t end) noexcept {
    const std::int64_t whole = tile_.tile() / row_ * row_;
    if (begin % row_ != 0) {
      const std::int64_t first = std::min(end, (begin / row_ + 1) * row_);
      run_laid_out(begin, first, whole, false);
      begin = first;
    }
    run_laid_out(begin, end, whole, end - begin > whole);
  }
  void run_laid_out(std::int64_t begin, std::int64_t end, std::int64_t whole, bool keep) noexcept {
    int kept = 0;
    for (int i = 0; i < count_; ++i) {
      states_[i].feed = short_row_feed(i);
      if (!keep || kept == kKeptInputs) continue;
      if (states_[i].feed != Feed::kExpand || !same_rows(i)) continue;
      states_[i].feed = Feed::kKept;
      states_[i].source = kept_[kept++];
      expand(i, 0, whole, const_cast<char*>(states_[i].source));
    }
    for (std::int64_t at = begin; at < end;) {
      const std::int64_t n = std::min(whole, end - at);
      for (int i = 0; i < count_; ++i) {
        if (states_[i].feed == Feed::kRepeat) {
          states_[i].source = element(i, 0);
        } else if (states_[i].feed == Feed::kInPlace || states_[i].feed == Feed::kConvert) {
          states_[i].source = element(i, at);
        }
      }
      place_outputs(at);
      tile_.run(states_, out_, n, [&](int i, char* to) { expand(i, at, n, to); });
      at += n;
    }
  }
  Feed short_row_feed(int i) const noexcept {
    bool flat = true, repeated = true;
    std::int64_t stride = 1;
    for (int d = space_.rank - 1; d >= 0; --d) {
      flat &= inputs_[i].strides[d] == stride || space_.dims[d] == 1;
      repeated &= inputs_[i].strides[d] == 0;
      stride *= space_.dims[d];
    }
    return repeated ? Feed::kRepeat : flat ? contiguous_feed(i) : Feed::kExpand;
  }
  bool same_rows(int i) const noexcept {
    const std::int64_t* strides = inputs_[i].strides;
    return std::all_of(strides, strides + space_.rank - 1, [](std::int64_t s) { return s == 0; });
  }
  // Lays out elements [at, at + n) of a broadcast input; `to` has room for a vector more.
  void expand(int i, std::int64_t at, std::int64_t n, char* to) const noexcept {
    const TileDomainTable table = tile_conversions(program_.domain);
    const auto storage = static_cast<int>(program_.inputs[static_cast<std::size_t>(i)]);
    const std::int64_t out_bytes = bytes_of(tile::storage_of(program_.domain));
    const std::int64_t inner = inputs_[i].strides[space_.rank - 1];
    std::int64_t row = at / row_, column = at % row_;
    while (n > 0) {
      const std::int64_t run = std::min(n, row_ - column);
      const char* from = element(i, offset(i, row, space_.rank - 1) + column * inner);
      if (inner == 0) {
        table.fill[storage](to, from, run);
      } else {
        table.load[storage](to, from, run);
      }
      to += run * out_bytes, n -= run, ++row, column = 0;
    }
  }

  const Program& program_;
  const TileSpace& space_;
  const TileInput* inputs_;
  void* const* outputs_;
  Interpreter tile_;
  int count_;
  std::int64_t row_;
  InputState states_[kMaxTileInputs];
  std::int64_t base_[kMaxTileInputs];
  char* out_[kMaxTileOutputs];
  alignas(64) char kept_[kKeptInputs][kWideTile + kGap];
};

}  // namespace

void merge_dims(TileSpace& space, TileInput* inputs, int count) noexcept {
  const auto mergeable = [&](int outer, int inner) {
    if (space.dims[inner] == 1 || space.dims[outer] == 1) return true;
    for (int i = 0; i < count; ++i) {
      const std::int64_t* s = inputs[i].strides;
      if (s[outer] != s[inner] * space.dims[inner]) return false;
    }
    return true;
  };
  int kept = 0;  // dims [0, kept] are final but may still take in the next one
  for (int d = 1; d < space.rank; ++d) {
    const bool merge = mergeable(kept, d);
    const bool outer_is_one = space.dims[kept] == 1, inner_is_one = space.dims[d] == 1;
    if (!merge) ++kept;
    space.dims[kept] = merge ? space.dims[kept] * space.dims[d] : space.dims[d];
    for (int i = 0; i < count; ++i) {
      std::int64_t* s = inputs[i].strides;
      if (!merge || outer_is_one || !inner_is_one) s[kept] = s[d];
    }
  }
  space.rank = kept + 1;
}

bool tile_supports(Domain domain, tile::Opcode op) noexcept {
  return code_of(domain)[op] != nullptr;
}

bool run_tile_program(const Program& program, const TileSpace& space, const TileInput* inputs,
                      void* const* outputs, std::int64_t begin, std::int64_t end,
                      bool stream) noexcept {
  const bool ok = SpaceRun(program, space, inputs, outputs, stream).run(begin, end);
  if (stream) tile_stream_end();
  return ok;
}

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
static bool run_short_block(const Program& program, void* y, const TileBlockOperand* operands,
                            std::int64_t rows, std::int64_t columns) noexcept {
  const TileSpace space{2, {rows, columns}};
  TileInput inputs[kMaxTileInputs];
  inputs[0] = {y, {columns, 1}};
  for (std::size_t i = 1; i < program.inputs.size(); ++i) {
    const TileBlockOperand& o = operands[i - 1];
    inputs[i] = {o.data, {o.row_stride, o.column_stride}};
  }
  return SpaceRun(program, space, inputs, &y, false).run(0, rows * columns);
}

bool run_tile_block(const Program& program, void* y, std::int64_t y_stride,
                    const TileBlockOperand* operands, std::int64_t rows,
                    std::int64_t columns) noexcept {
  const int count = static_cast<int>(program.inputs.size());
  if (is_one_row(y_stride, operands, count - 1, columns)) columns *= rows, rows = 1;
  if (rows > 1 && y_stride == columns && columns < kShortRow) {
    return run_short_block(program, y, operands, rows, columns);
  }
  Interpreter tile(program);
  const std::int64_t element = bytes_of(program.outputs[0]);
  InputState states[kMaxTileInputs];
  for (int i = 0; i < count; ++i) {
    const Storage storage = program.inputs[static_cast<std::size_t>(i)];
    states[i].bytes = static_cast<std::int8_t>(bytes_of(storage));
    states[i].filled = nullptr;
    states[i].feed = i > 0 && operands[i - 1].column_stride == 0 ? Feed::kRepeat
                     : tile.natural(storage)                     ? Feed::kInPlace
                                                                 : Feed::kConvert;
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
