#include "ops/math/elementwise.h"

#include <algorithm>
#include <atomic>
#include <span>

#include "graph/op_registry.h"
#include "graph/shape_context.h"
#include "kernels/tile_program.h"

namespace tw {
namespace {

using tile::Domain;
using tile::ProgramRef;
using tile::Storage;

static_assert(storage_of(DType::kFloat32) == Storage::kFloat32);
static_assert(storage_of(DType::kInt8) == Storage::kInt8);
static_assert(storage_of(DType::kUint64) == Storage::kUint64);
static_assert(storage_of(DType::kBool) == Storage::kBool);

// More bytes than the caches hold are written around them.
constexpr std::int64_t kStreamBytes = std::int64_t(16) << 20;

// Truth values go along with whatever else the op computes.
Domain domain_of(const OpContext& c, DType output) {
  for (int i = 0; i < c.inputs(); ++i) {
    if (c.input(i).dtype() != DType::kBool) return tile::domain_of(storage_of(c.input(i).dtype()));
  }
  return tile::domain_of(storage_of(output));
}

ProgramRef program_of(const OpContext& c) {
  const Node& node = c.node();
  const DType output = node.outputs[0].dtype;
  tile::Builder builder(domain_of(c, output));
  tile::Value in[3];
  for (int i = 0; i < c.inputs(); ++i) in[i] = builder.add_input(storage_of(c.input(i).dtype()));
  double immediates[2] = {};
  for (std::size_t i = 0; i < node.op->immediates.size(); ++i) {
    immediates[i] = c.attrs().real(node.op->immediates[i]);
  }
  const auto op = static_cast<tile::Opcode>(node.op->opcode);
  check(tile_supports(domain_of(c, output), op), Code::kUnimplemented, "no instruction ",
        tile::name_of(op), " for ", name_of(c.input(0).dtype()));
  const tile::Value y = builder.emit(op, in[0], in[1], in[2], immediates[0], immediates[1]);
  builder.add_output(y, storage_of(output));
  return builder.finish();
}

// About how many additions an instruction costs.
std::int64_t weight_of(tile::Opcode op, Domain domain) {
  const bool libm = domain != Domain::kF32;
  if ((op >= tile::kExp && op <= tile::kErfc) || (op >= tile::kGelu && op <= tile::kMish)) {
    return libm ? 48 : 6;
  }
  const bool modulo = op == tile::kMod || op == tile::kFloorMod;
  if (op == tile::kPow || op == tile::kAtan2 || modulo) return 48;
  const bool divides = op == tile::kDiv || op == tile::kFloorDiv || op == tile::kTruncDiv;
  if (divides && !tile::is_float(domain)) return 16;
  return op >= tile::kElu && op <= tile::kSelu ? 6 : 1;
}

// So few elements are one task, whatever is done with them.
constexpr std::int64_t kOneTask = 1024;

// Elements of a task: some ten microseconds of work, whatever the number of threads.
std::int64_t task_size(const tile::Program& program) {
  std::int64_t weight = 0;
  for (const tile::Instruction& step : program.code) weight += weight_of(step.op, program.domain);
  return std::max(kOneTask, (65536 / std::max<std::int64_t>(weight, 1)) & ~511);
}

Shape broadcast_of(std::span<const Tensor* const> inputs) {
  Shape shape = inputs[0]->shape();
  for (const Tensor* input : inputs) {
    if (!(input->shape() == shape)) shape = broadcast(shape, input->shape());
  }
  return shape;
}

struct Operands {
  TileSpace space;
  TileInput inputs[kMaxTileInputs];
};

void set_strides(TileInput& input, const Tensor& x, const Shape& shape) {
  const auto strides = x.shape().strides();
  const int missing = shape.rank() - x.rank();
  for (int d = 0; d < shape.rank(); ++d) {
    const bool repeated = d < missing || x.dim(d - missing) == 1;
    input.strides[d] = repeated ? 0 : strides[static_cast<std::size_t>(d - missing)];
  }
}

void lay_out(std::span<const Tensor* const> inputs, const Tensor& y, Operands& o) {
  bool even = true;  // every input is as large as the output, or one element
  const std::int64_t size = y.size();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    o.inputs[i].data = inputs[i]->raw();
    even &= inputs[i]->size() == size || inputs[i]->size() == 1;
  }
  if (even) {
    o.space.rank = 1;
    o.space.dims[0] = size;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      o.inputs[i].strides[0] = inputs[i]->size() == 1 && size != 1 ? 0 : 1;
    }
    return;
  }
  const Shape& shape = y.shape();
  o.space.rank = shape.rank();
  std::copy(shape.begin(), shape.end(), o.space.dims);
  for (std::size_t i = 0; i < inputs.size(); ++i) set_strides(o.inputs[i], *inputs[i], shape);
  merge_dims(o.space, o.inputs, static_cast<int>(inputs.size()));
}

std::int64_t bytes_of(std::span<const Tensor* const> inputs, const Tensor& y) {
  std::size_t bytes = y.bytes();
  for (const Tensor* input : inputs) bytes += input->bytes();
  return static_cast<std::int64_t>(bytes);
}

// False when an integer was divided by zero or the like.
bool run_tasks(OpContext& c, const tile::Program& program, const Operands& o, void* out,
               std::int64_t size, bool stream) {
  const std::int64_t piece = task_size(program);
  if (size <= piece) return run_tile_program(program, o.space, o.inputs, &out, 0, size, stream);
  std::atomic<bool> fine{true};
  c.parallel_for((size + piece - 1) / piece, [&](std::int64_t task, int) {
    const std::int64_t begin = task * piece, end = std::min(size, begin + piece);
    if (!run_tile_program(program, o.space, o.inputs, &out, begin, end, stream)) {
      fine.store(false, std::memory_order_relaxed);
    }
  });
  return fine.load(std::memory_order_relaxed);
}

[[noreturn]] void fail_integers(const tile::Program& program) {
  for (const tile::Instruction& step : program.code) {
    if (step.op == tile::kPow) {
      fail(Code::kInvalidArgument, "Integers to negative integer powers are not allowed");
    }
    if (step.op == tile::kShiftLeft || step.op == tile::kShiftRight) {
      fail(Code::kInvalidArgument, "a shift is negative or not less than the width of the dtype");
    }
  }
  fail(Code::kInvalidArgument, "Integer division by zero");
}

}  // namespace

void run_program(OpContext& c, const tile::Program& program,
                 std::span<const Tensor* const> inputs, const Tensor& y) {
  const std::int64_t size = y.size();
  if (size == 0) return;
  Operands o;
  lay_out(inputs, y, o);
  void* const out = y.raw();
  const bool ok = size <= kOneTask
                      ? run_tile_program(program, o.space, o.inputs, &out, 0, size, false)
                      : run_tasks(c, program, o, out, size, bytes_of(inputs, y) > kStreamBytes);
  if (!ok) fail_integers(program);
}

void run_program(OpContext& c, const tile::Program& program, int first, int count) {
  check(count > 0 && count <= kMaxTileInputs, Code::kInternal, "a program of ", count, " inputs");
  const Tensor* inputs[kMaxTileInputs];
  bool same = true;
  for (int i = 0; i < count; ++i) {
    inputs[i] = &c.input(first + i);
    same = same && inputs[i]->shape() == inputs[0]->shape();
  }
  const std::span<const Tensor* const> list(inputs, static_cast<std::size_t>(count));
  const Tensor& y = c.allocate_output(0, same ? inputs[0]->shape() : broadcast_of(list));
  run_program(c, program, list, y);
}

void run_program_onto(OpContext& c, const tile::Program& program, int first, int count) {
  const Tensor* inputs[kMaxTileInputs] = {&c.output(0)};
  for (int i = 0; i < count; ++i) inputs[i + 1] = &c.input(first + i);
  run_program(c, program, {inputs, static_cast<std::size_t>(count + 1)}, c.output(0));
}

void elementwise_kernel(OpContext& c) {
  const ProgramRef& program = c.prepared<ProgramRef>([&] { return program_of(c); });
  run_program(c, *program, 0, c.inputs());
}

OP(FusedElementwise)
    .doc("A cluster of elementwise ops as one program.")
    .internal()
    .input("inputs: list(Tin)").output("output: dtype")
    .attr("Tin: list(type)").attr("dtype: any").attr("_program: program")
    .shape(broadcast_shape)
    .no_gradient("made by passes, after gradients")
    .role(Role::kFused)
    .kernel(Device::kCpu, [](OpContext& c) {
      const auto& program = c.attrs().get<tile::ProgramRef>("_program");
      run_program(c, *program, 0, c.inputs());
    });

}  // namespace tw
