#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tile/opcode.h"

namespace tw::tile {

// How elements lie in memory. The numbers are those of tw::DType.
enum class Storage : std::uint8_t {
  kFloat32 = 1, kFloat64, kFloat16, kBFloat16, kInt8, kInt16, kInt32, kInt64,
  kUint8, kUint16, kUint32, kUint64, kBool,
};

// What registers hold; a program computes in one domain. Every storage may be loaded into and
// stored from every domain, with the conversion of a C cast (bool: whether it is not zero).
enum class Domain : std::uint8_t { kF32, kF64, kI32, kI64, kU32, kU64 };
constexpr int kDomainCount = 6;

// The domain in which a storage is computed: float16 and bfloat16 in f32, narrow integers and bool
// in i32 or u32.
Domain domain_of(Storage storage) noexcept;
// The storage that a domain's registers have.
Storage storage_of(Domain domain) noexcept;
constexpr bool is_float(Domain d) noexcept { return d == Domain::kF32 || d == Domain::kF64; }

// A number of the domain, repeated to fill the widest vector.
struct Constant {
  alignas(64) char bytes[64];
};

constexpr int kMaxRegisters = 16;
constexpr std::uint16_t kConstantBase = 0x8000;  // an operand from here on is a constant

struct Instruction {
  Opcode op;
  std::uint8_t dst;        // register
  std::int16_t output;     // the output that the result is, or -1
  std::uint16_t in[3];     // registers or constants; kLoad: the input's number in in[0]
  double immediate[2];
};

// A short straight-line program, applied to every element. Inputs are read before an output of the
// same memory is written.
struct Program {
  Domain domain;
  std::vector<Storage> inputs, outputs;
  std::vector<Instruction> code;
  std::vector<Constant> constants;
  std::vector<std::int32_t> last_use;    // by input: index in code
  std::vector<std::int32_t> definition;  // by output: index in code
  int registers = 0;
};
using ProgramRef = std::shared_ptr<const Program>;

// A value inside a Builder.
struct Value {
  std::int32_t index = -1;
};

// Builds a program: add inputs, emit instructions, finish. The order of emit is kept; values that
// no output needs are dropped.
class Builder {
 public:
  explicit Builder(Domain domain) : domain_(domain) {}

  Value add_input(Storage storage);
  Value constant(double value);
  Value constant_integer(std::int64_t value);
  Value emit(Opcode op, Value a, Value b = {}, Value c = {}, double i0 = 0, double i1 = 0);
  // The value as the storage would give it back: wraps narrow integers, else changes nothing.
  Value narrowed(Value value, Storage storage);
  void add_output(Value value, Storage storage);

  int inputs() const noexcept { return static_cast<int>(inputs_.size()); }
  // null when more than kMaxRegisters values live at once.
  ProgramRef finish();

 private:
  struct Step {
    Opcode op;
    std::int32_t in[3];  // steps; kLoad: the input; constants: their number
    double immediate[2];
    bool is_constant = false;
  };
  class Lowering;
  template <class From>
  Value add_constant(From value);
  std::vector<std::int32_t> last_uses() const;

  Domain domain_;
  std::vector<Storage> inputs_;
  std::vector<Step> steps_;
  std::vector<Constant> constants_;
  std::vector<std::int32_t> outputs_;
  std::vector<Storage> output_storage_;
};

}  // namespace tw::tile
