#include "ops/linalg/epilogue.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "graph/op_def.h"

namespace tw {
namespace {

using tile::Instruction;
using tile::Program;

// What a register holds while the program is read: the products' sums as they stand, an operand, or
// something computed from them.
struct Held {
  enum class What { kNothing, kSums, kOperand, kComputed } what = What::kNothing;
  int operand = -1;
  tile::Value value;
};

class Splitter {
 public:
  Splitter(const Program& program, const std::vector<bool>& per_column, EpiloguePlan& plan)
      : program_(program), per_column_(per_column), plan_(plan) {}

  void run() {
    std::size_t i = skip_loads(0);
    if (take_bias(program_.code[i])) i = skip_loads(i + 1);
    if (i < program_.code.size() && take_clamp(program_.code[i], i)) i = skip_loads(i + 1);
    const bool done = i >= program_.code.size();
    if (done ? ended_ : rebuild(i)) return;
    const tile::ProgramRef whole = plan_.whole;
    plan_ = EpiloguePlan{};
    plan_.whole = plan_.rest = whole;
    for (std::size_t k = 1; k < program_.inputs.size(); ++k) {
      plan_.rest_operands.push_back(static_cast<int>(k) - 1);
    }
  }

 private:
  Held* held(std::uint16_t operand) {
    return operand < tile::kConstantBase ? &registers_[operand] : nullptr;
  }
  bool is_sums(std::uint16_t operand) {
    return held(operand) != nullptr && held(operand)->what == Held::What::kSums;
  }

  std::size_t skip_loads(std::size_t i) {
    for (; i < program_.code.size() && program_.code[i].op == tile::kLoad; ++i) load(program_.code[i]);
    return i;
  }

  void load(const Instruction& in) {
    const int input = in.in[0];
    registers_[in.dst] = input == 0 ? Held{Held::What::kSums, -1, {}}
                                    : Held{Held::What::kOperand, input - 1, {}};
  }

  // From here on the sums are what `in` made of them.
  void advance(const Instruction& in) {
    for (Held& h : registers_) {
      if (h.what == Held::What::kSums) h = Held{};
    }
    registers_[in.dst] = {Held::What::kSums, -1, {}};
    ended_ = in.output == 0;
  }

  bool take_bias(const Instruction& in) {
    if (in.op != tile::kAdd) return false;
    for (int k : {0, 1}) {
      const Held* other = held(in.in[1 - k]);
      if (!is_sums(in.in[k]) || other == nullptr || other->what != Held::What::kOperand) continue;
      if (!per_column_[static_cast<std::size_t>(other->operand)]) continue;
      plan_.bias = other->operand;
      advance(in);
      return true;
    }
    return false;
  }

  bool take_clamp(const Instruction& in, std::size_t at) {
    if (ended_ || !is_sums(in.in[0])) return false;
    if (in.op == tile::kRelu || in.op == tile::kRelu6) {
      plan_.low = 0;
      if (in.op == tile::kRelu6) plan_.high = 6;
    } else if (in.op == tile::kClipTo) {
      plan_.low = in.immediate[0], plan_.high = in.immediate[1];
    } else {
      return false;
    }
    if (in.output != 0 && read_later(at)) {
      plan_.low = -std::numeric_limits<double>::infinity();
      plan_.high = -plan_.low;
      return false;
    }
    plan_.clamp = true;
    advance(in);
    return true;
  }

  // Whether the operand of instruction `at` is read again before its register is written.
  bool read_later(std::size_t at) const {
    const std::uint16_t sums = program_.code[at].in[0];
    if (program_.code[at].dst == sums) return false;
    for (std::size_t i = at + 1; i < program_.code.size(); ++i) {
      const Instruction& in = program_.code[i];
      for (int k = 0; in.op != tile::kLoad && k < tile::operand_count(in.op); ++k) {
        if (in.in[k] == sums) return true;
      }
      if (in.dst == sums) return false;
    }
    return false;
  }

  // The instructions from `first` on as a program of their own, whose input 0 is the sums; false
  // when they read what is no longer there.
  bool rebuild(std::size_t first) {
    if (ended_) return false;
    tile::Builder builder(program_.domain);
    const tile::Value sums = builder.add_input(program_.inputs[0]);
    for (Held& h : registers_) {
      if (h.what == Held::What::kSums) h.value = sums;
      if (h.what == Held::What::kOperand) h.value = input(builder, h.operand);
    }
    for (std::size_t i = first; i < program_.code.size(); ++i) {
      const Instruction& in = program_.code[i];
      if (in.op == tile::kLoad) {
        if (in.in[0] == 0) return false;
        registers_[in.dst] = {Held::What::kComputed, -1, input(builder, in.in[0] - 1)};
        continue;
      }
      tile::Value values[3];
      for (int k = 0; k < tile::operand_count(in.op); ++k) {
        const auto value = value_of(builder, in.in[k]);
        if (!value) return false;
        values[k] = *value;
      }
      const tile::Value made = builder.emit(in.op, values[0], values[1], values[2],
                                            in.immediate[0], in.immediate[1]);
      registers_[in.dst] = {Held::What::kComputed, -1, made};
      if (in.output == 0) builder.add_output(made, program_.outputs[0]);
    }
    plan_.rest = builder.finish();
    return plan_.rest != nullptr;
  }

  std::optional<tile::Value> value_of(tile::Builder& builder, std::uint16_t operand) {
    if (const Held* h = held(operand)) {
      if (h->what == Held::What::kNothing) return std::nullopt;
      return h->value;
    }
    const auto& constant = program_.constants[operand - tile::kConstantBase];
    float value;
    std::memcpy(&value, constant.bytes, sizeof(value));
    return builder.constant(static_cast<double>(value));
  }

  tile::Value input(tile::Builder& builder, int operand) {
    plan_.rest_operands.push_back(operand);
    return builder.add_input(program_.inputs[static_cast<std::size_t>(operand) + 1]);
  }

  const Program& program_;
  const std::vector<bool>& per_column_;
  EpiloguePlan& plan_;
  Held registers_[tile::kMaxRegisters];
  bool ended_ = false;
};

std::int64_t columns_of(const Shape& y) { return y.rank() > 0 ? y[y.rank() - 1] : 1; }

}  // namespace

EpiloguePlan epilogue_plan(OpContext& c) {
  EpiloguePlan plan;
  if (!c.node().op->takes_epilogue || !c.attrs().given("_epilogue")) return plan;
  plan.whole = c.attrs().get<ProgramRef>("_epilogue");
  const Program& program = *plan.whole;
  const std::int64_t columns = columns_of(c.output(0).shape());
  std::vector<bool> per_column;
  const Node::Range range = c.range("_operands");
  for (int i = 0; i < range.count; ++i) {
    const Tensor& operand = c.input(range.first + i);
    const std::int64_t size = operand.size();
    check(size == 1 || size == columns || operand.shape() == c.output(0).shape(), Code::kInternal,
          "an epilogue's operand has shape ", operand.shape(), ", the output ",
          c.output(0).shape());
    per_column.push_back(size == columns && operand.dtype() == DType::kFloat32);
  }
  if (program.domain == tile::Domain::kF32 && program.outputs.size() == 1) {
    Splitter(program, per_column, plan).run();
  }
  return plan;
}

Epilogue::Epilogue(OpContext& c, const EpiloguePlan& plan, bool direct)
    : c_(c), plan_(plan), direct_(direct && c.output(0).dtype() == DType::kFloat32) {
  if (!direct_ || plan.rest == nullptr) return;
  for (int i : plan.rest_operands) operands_.push_back(operand(i));
  context_ = {plan.rest.get(), operands_.data()};
}

TileBlockOperand Epilogue::operand(int i) const {
  const Tensor& x = c_.input(c_.range("_operands").first + i);
  const std::int64_t columns = columns_of(c_.output(0).shape());
  if (x.size() == 1) return {x.raw(), 0, 0};
  return {x.raw(), x.size() == columns ? 0 : columns, 1};
}

template <class T>
BlockEpilogue<T> Epilogue::block() const {
  BlockEpilogue<T> e;
  if (!direct_ || plan_.whole == nullptr) return e;
  if constexpr (std::is_same_v<T, float>) {
    if (plan_.bias >= 0) e.bias = static_cast<const float*>(operand(plan_.bias).data);
    e.clamp = plan_.clamp;
    e.low = static_cast<float>(plan_.low), e.high = static_cast<float>(plan_.high);
    if (plan_.rest != nullptr) {
      e.program = tile_epilogue;
      e.context = &context_;
    }
  }
  return e;
}

void Epilogue::finish() {
  if (direct_ || plan_.whole == nullptr || c_.output(0).size() == 0) return;
  std::vector<TileBlockOperand> operands;
  const Node::Range range = c_.range("_operands");
  for (int i = 0; i < range.count; ++i) operands.push_back(operand(i));
  const TileEpilogue context{plan_.whole.get(), operands.data()};
  const std::int64_t columns = columns_of(c_.output(0).shape());
  const std::int64_t rows = c_.output(0).size() / columns;
  const std::int64_t block = std::max<std::int64_t>(1, 16384 / columns);
  float* y = c_.output(0).mutable_data<float>();
  c_.parallel_for((rows + block - 1) / block, [&](std::int64_t task, int) {
    const std::int64_t row = task * block;
    tile_epilogue(&context, y + row * columns, columns, row, std::min(block, rows - row), 0,
                  columns);
  });
}

template BlockEpilogue<float> Epilogue::block() const;
template BlockEpilogue<double> Epilogue::block() const;

}  // namespace tw
