#include "tile/program.h"

#include <algorithm>
#include <cstring>

namespace tw::tile {
namespace {

struct OpcodeInfo {
  const char* name;
  std::int8_t operands, immediates;
};
constexpr OpcodeInfo kInfo[] = {
#define TW_TILE_INFO(name, operands, immediates) {#name, operands, immediates},
    TW_TILE_OPCODES(TW_TILE_INFO)
#undef TW_TILE_INFO
};

constexpr std::int32_t kForever = 1 << 30;

template <class T>
Constant repeated(T value) noexcept {
  Constant c;
  for (std::size_t i = 0; i < sizeof(c.bytes); i += sizeof(T)) {
    std::memcpy(c.bytes + i, &value, sizeof(T));
  }
  return c;
}

}  // namespace

int operand_count(Opcode op) noexcept { return kInfo[op].operands; }
int immediate_count(Opcode op) noexcept { return kInfo[op].immediates; }
const char* name_of(Opcode op) noexcept { return kInfo[op].name; }

Domain domain_of(Storage storage) noexcept {
  switch (storage) {
    case Storage::kFloat32: case Storage::kFloat16: case Storage::kBFloat16: return Domain::kF32;
    case Storage::kFloat64: return Domain::kF64;
    case Storage::kInt64: return Domain::kI64;
    case Storage::kUint64: return Domain::kU64;
    case Storage::kUint8: case Storage::kUint16: case Storage::kUint32: return Domain::kU32;
    default: return Domain::kI32;
  }
}

Storage storage_of(Domain domain) noexcept {
  switch (domain) {
    case Domain::kF32: return Storage::kFloat32;
    case Domain::kF64: return Storage::kFloat64;
    case Domain::kI32: return Storage::kInt32;
    case Domain::kI64: return Storage::kInt64;
    case Domain::kU32: return Storage::kUint32;
    case Domain::kU64: break;
  }
  return Storage::kUint64;
}

Value Builder::add_input(Storage storage) {
  inputs_.push_back(storage);
  steps_.push_back({kLoad, {static_cast<std::int32_t>(inputs_.size()) - 1, -1, -1}, {}});
  return {static_cast<std::int32_t>(steps_.size()) - 1};
}

template <class From>
Value Builder::add_constant(From value) {
  switch (domain_) {
    case Domain::kF32: constants_.push_back(repeated(static_cast<float>(value))); break;
    case Domain::kF64: constants_.push_back(repeated(static_cast<double>(value))); break;
    case Domain::kI32: constants_.push_back(repeated(static_cast<std::int32_t>(value))); break;
    case Domain::kI64: constants_.push_back(repeated(static_cast<std::int64_t>(value))); break;
    case Domain::kU32: constants_.push_back(repeated(static_cast<std::uint32_t>(value))); break;
    case Domain::kU64: constants_.push_back(repeated(static_cast<std::uint64_t>(value))); break;
  }
  steps_.push_back({kLoad, {static_cast<std::int32_t>(constants_.size()) - 1, -1, -1}, {}, true});
  return {static_cast<std::int32_t>(steps_.size()) - 1};
}
Value Builder::constant(double value) { return add_constant(value); }
Value Builder::constant_integer(std::int64_t value) { return add_constant(value); }

Value Builder::emit(Opcode op, Value a, Value b, Value c, double i0, double i1) {
  steps_.push_back({op, {a.index, b.index, c.index}, {i0, i1}});
  return {static_cast<std::int32_t>(steps_.size()) - 1};
}

Value Builder::narrowed(Value value, Storage storage) {
  switch (storage) {
    case Storage::kInt8: return emit(kWrapInt8, value);
    case Storage::kInt16: return emit(kWrapInt16, value);
    case Storage::kUint8: return emit(kWrapUint8, value);
    case Storage::kUint16: return emit(kWrapUint16, value);
    default: return value;
  }
}

// An output is the result of an instruction of its own: inputs, constants and values that are an
// output already are copied.
void Builder::add_output(Value value, Storage storage) {
  const bool taken = std::count(outputs_.begin(), outputs_.end(), value.index) > 0;
  const bool loaded = steps_[static_cast<std::size_t>(value.index)].op == kLoad;
  if (taken || loaded) value = emit(kCopy, value);
  outputs_.push_back(value.index);
  output_storage_.push_back(storage);
}

// By step: the last step that reads it, -1 when dead. Outputs are read at the end.
std::vector<std::int32_t> Builder::last_uses() const {
  std::vector<std::int32_t> last(steps_.size(), -1);
  for (std::int32_t o : outputs_) last[static_cast<std::size_t>(o)] = kForever;
  for (std::int32_t i = static_cast<std::int32_t>(steps_.size()) - 1; i >= 0; --i) {
    const Step& step = steps_[static_cast<std::size_t>(i)];
    if (last[static_cast<std::size_t>(i)] < 0 || step.op == kLoad) continue;
    for (int k = 0; k < operand_count(step.op); ++k) {
      std::int32_t& use = last[static_cast<std::size_t>(step.in[k])];
      use = std::max(use, i);
    }
  }
  return last;
}

// Linear scan over the live steps: a register is taken where a value is made, or an input first
// read, and given back after the last read; the result may take the place of an operand.
class Builder::Lowering {
 public:
  Lowering(const Builder& from, Program& to)
      : from_(from), to_(to), last_(from.last_uses()), place_(from.steps_.size(), -1) {}

  bool run() {
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(from_.steps_.size()); ++i) {
      const Step& step = from_.steps_[static_cast<std::size_t>(i)];
      if (step.op == kLoad || last_[static_cast<std::size_t>(i)] < 0) continue;
      if (!lower(i, step)) return false;
    }
    return true;
  }

 private:
  bool lower(std::int32_t i, const Step& step) {
    Instruction made{step.op, 0, -1, {}, {step.immediate[0], step.immediate[1]}};
    for (int k = 0; k < operand_count(step.op); ++k) {
      if (!lower_operand(step.in[k], made.in[k])) return false;
    }
    for (int k = 0; k < operand_count(step.op); ++k) {
      const auto from = static_cast<std::size_t>(step.in[k]);
      if (last_[from] == i && place_[from] >= 0) busy_[place_[from]] = false;
    }
    if (!take(i)) return false;
    made.dst = static_cast<std::uint8_t>(place_[static_cast<std::size_t>(i)]);
    const auto output = std::find(from_.outputs_.begin(), from_.outputs_.end(), i);
    if (output != from_.outputs_.end()) {
      made.output = static_cast<std::int16_t>(output - from_.outputs_.begin());
      to_.definition[static_cast<std::size_t>(made.output)] = position();
    }
    to_.code.push_back(made);
    return true;
  }

  bool lower_operand(std::int32_t index, std::uint16_t& operand) {
    const Step& source = from_.steps_[static_cast<std::size_t>(index)];
    const auto number = static_cast<std::uint16_t>(source.in[0]);
    if (source.is_constant) {
      operand = static_cast<std::uint16_t>(kConstantBase + number);
      return true;
    }
    std::int16_t& place = place_[static_cast<std::size_t>(index)];
    if (place < 0) {  // an input, before its first use
      if (!take(index)) return false;
      to_.code.push_back({kLoad, static_cast<std::uint8_t>(place), -1, {number, 0, 0}, {}});
    }
    operand = static_cast<std::uint16_t>(place);
    if (source.op == kLoad) to_.last_use[number] = position();
    return true;
  }

  bool take(std::int32_t index) {
    const auto free = std::find(busy_, busy_ + kMaxRegisters, false);
    if (free == busy_ + kMaxRegisters) return false;
    *free = true;
    place_[static_cast<std::size_t>(index)] = static_cast<std::int16_t>(free - busy_);
    to_.registers = std::max(to_.registers, static_cast<int>(free - busy_) + 1);
    return true;
  }

  std::int32_t position() const { return static_cast<std::int32_t>(to_.code.size()); }

  const Builder& from_;
  Program& to_;
  std::vector<std::int32_t> last_;
  std::vector<std::int16_t> place_;  // by step: its register, -1 none yet
  bool busy_[kMaxRegisters] = {};
};

ProgramRef Builder::finish() {
  auto program = std::make_shared<Program>();
  program->domain = domain_;
  program->inputs = inputs_;
  program->outputs = output_storage_;
  program->constants = constants_;
  program->last_use.assign(inputs_.size(), -1);
  program->definition.assign(outputs_.size(), -1);
  if (!Lowering(*this, *program).run()) return nullptr;
  return program;
}

}  // namespace tw::tile
