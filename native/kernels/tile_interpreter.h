#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include "kernels/tile_program.h"
#include "kernels/tile_table.h"

namespace tw {

constexpr std::int64_t kVectorBytes = 64;  // of the widest instruction set
// Registers of few-register programs hold 2 KiB, else 1 KiB, and start a line apart, so that all
// of them stay in L1 together with the operands.
constexpr std::int64_t kWideTile = 2048, kNarrowTile = 1024, kGap = kVectorBytes;
constexpr int kWideRegisters = 6;
constexpr std::int64_t kScratchBytes = tile::kMaxRegisters * (kNarrowTile + kGap);
static_assert(kWideRegisters * (kWideTile + kGap) <= kScratchBytes);

inline int bytes_of(tile::Storage storage) noexcept {
  constexpr std::int8_t kBytes[kStorageCount] = {0, 4, 8, 2, 2, 1, 2, 4, 8, 1, 2, 4, 8, 1};
  return kBytes[static_cast<int>(storage)];
}

inline const TileFn* code_of(tile::Domain domain) noexcept {
  if (domain == tile::Domain::kF32) return tile_code_f32();
  if (domain == tile::Domain::kF64) return tile_code_f64();
  return tile_code_int(domain);
}

// What runs the programs of one domain, on the instruction set in force.
struct TileMachine {
  TileDomainTable table;
  tile::Storage natural;  // of the registers
  int element;            // bytes
  std::int64_t step;      // bytes of a vector
  std::int64_t wide_tile, narrow_tile;  // elements
};

inline TileMachine make_machine(tile::Domain domain) noexcept {
  TileMachine machine{};
  machine.table = tile_conversions(domain);
  machine.table.code = code_of(domain);
  machine.natural = tile::storage_of(domain);
  machine.element = bytes_of(machine.natural);
  machine.step = tile_vector_bytes();
  machine.wide_tile = kWideTile / machine.element;
  machine.narrow_tile = kNarrowTile / machine.element;
  return machine;
}

inline const TileMachine& machine_of(tile::Domain domain) noexcept {
  static const auto machines = [] {
    std::array<TileMachine, tile::kDomainCount> all;
    for (int d = 0; d < tile::kDomainCount; ++d) all[d] = make_machine(static_cast<tile::Domain>(d));
    return all;
  }();
  return machines[static_cast<std::size_t>(domain)];
}

// How an input meets the tile at hand.
enum class TileFeed : std::uint8_t { kInPlace, kConvert, kRepeat, kExpand, kKept };

// Left as it is where there is no such input: clearing all of them takes longer than a tiny program.
struct TileInputState {
  const char* source;  // of the tile's first element; kExpand: of the whole input
  const char* filled;  // the element that the splat holds, or null
  std::int8_t bytes;
  TileFeed feed;
};

// Runs a program on one tile after the other.
class TileInterpreter {
 public:
  explicit TileInterpreter(const tile::Program& program) noexcept
      : program_(program), machine_(machine_of(program.domain)) {
    const bool wide = program.registers <= kWideRegisters;
    register_bytes_ = (wide ? kWideTile : kNarrowTile) + kGap;
    tile_ = wide ? machine_.wide_tile : machine_.narrow_tile;
    args_.failed = false;
    for (int r = 0; r < std::max(program.registers, 1); ++r) slots_[r] = {};
  }

  std::int64_t tile() const noexcept { return tile_; }
  bool failed() const noexcept { return args_.failed; }
  bool natural(tile::Storage storage) const noexcept { return storage == machine_.natural; }
  char* place(int r) noexcept { return scratch_ + r * register_bytes_; }

  void set_output(int i, bool stream, bool hazard) noexcept {
    stream_ = stream;
    direct_[i] = !stream && !hazard && natural(program_.outputs[static_cast<std::size_t>(i)]);
  }

  // Runs the program for n <= tile() elements. `expand(input, to)` fills a register.
  template <class Expand>
  void run(TileInputState* inputs, char* const* outputs, std::int64_t n, Expand&& expand) noexcept {
    args_.n = n;
    for (const tile::Instruction& step : program_.code) {
      if (step.op == tile::kLoad) {
        slots_[step.dst] = loaded(inputs[step.in[0]], step.in[0], place(step.dst), expand);
        continue;
      }
      for (int k = 0; k < 3; ++k) args_.in[k] = operand(step.in[k]);
      const bool direct = step.output >= 0 && direct_[step.output];
      args_.dst = direct ? outputs[step.output] : place(step.dst);
      args_.immediate[0] = step.immediate[0];
      args_.immediate[1] = step.immediate[1];
      machine_.table.code[step.op](args_);
      slots_[step.dst] = {args_.dst, machine_.step};
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
  TileOperand loaded(TileInputState& input, int number, char* to, Expand&& expand) noexcept {
    const auto storage = static_cast<int>(program_.inputs[static_cast<std::size_t>(number)]);
    switch (input.feed) {
      case TileFeed::kInPlace: return {input.source, machine_.step};
      case TileFeed::kKept: return {input.source, machine_.step};
      case TileFeed::kConvert: machine_.table.load[storage](to, input.source, args_.n); break;
      case TileFeed::kExpand: expand(number, to); break;
      case TileFeed::kRepeat: {
        char* splat = splats_ + number * kVectorBytes;
        if (input.filled != input.source) {
          machine_.table.fill[storage](splat, input.source, machine_.step / machine_.element);
          input.filled = input.source;
        }
        return {splat, 0};
      }
    }
    return {to, machine_.step};
  }

  void store(char* const* outputs, std::int64_t n) noexcept {
    for (std::size_t i = 0; i < program_.outputs.size(); ++i) {
      const tile::Storage storage = program_.outputs[i];
      if (direct_[i]) continue;
      if (!natural(storage)) {
        machine_.table.store[static_cast<int>(storage)](outputs[i], results_[i], n);
      } else if (stream_) {
        tile_stream(outputs[i], results_[i], n * machine_.element);
      } else {
        std::memcpy(outputs[i], results_[i], static_cast<std::size_t>(n * machine_.element));
      }
    }
  }

  const tile::Program& program_;
  const TileMachine& machine_;
  std::int64_t register_bytes_, tile_;
  bool stream_ = false;
  bool direct_[kMaxTileOutputs];
  const char* results_[kMaxTileOutputs];
  TileArgs args_;
  TileOperand slots_[tile::kMaxRegisters];
  alignas(64) char scratch_[kScratchBytes];
  alignas(64) char splats_[kMaxTileInputs * kVectorBytes];
};

}  // namespace tw
