#include "ops/quant/quantized.h"

#include <algorithm>

namespace tw {

std::uint8_t flip_of(DType dtype) noexcept { return dtype == DType::kInt8 ? 0x80 : 0; }

namespace {

// What the shape function could not see when shapes depended on data.
void check_size(const OpContext& c, int i, std::int64_t n) {
  if (i < 0 || !c.has_input(i) || c.input(i).size() == 1 || c.input(i).size() == n) return;
  fail(Code::kInvalidArgument, "input ", i, " has ", c.input(i).size(),
       " elements, expected 1 or ", n);
}

}  // namespace

Quantization quantization_of(OpContext& c, int scale, int zero, DType dtype) {
  const std::uint8_t flip = flip_of(dtype);
  check_size(c, scale, 1);
  check_size(c, zero, 1);
  const bool given = zero >= 0 && c.has_input(zero);
  const std::uint8_t value = given ? c.input(zero).data<std::uint8_t>()[0] : 0;
  return {scale >= 0 ? c.input(scale).data<float>()[0] : 1.0f, value ^ flip, flip};
}

const std::uint8_t* unsigned_bytes(OpContext& c, const Tensor& x) {
  const auto* bytes = x.data<std::uint8_t>();
  const std::uint8_t flip = flip_of(x.dtype());
  if (flip == 0 || x.size() == 0) return bytes;
  constexpr std::int64_t kBlock = 1 << 16;
  auto* out = c.temporary_of<std::uint8_t>(x.size());
  c.parallel_for((x.size() + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
    const std::int64_t first = task * kBlock;
    flip_bytes(bytes + first, std::min(kBlock, x.size() - first), flip, out + first);
  });
  return out;
}

void check_scalars(ShapeContext& c, std::initializer_list<int> inputs) {
  for (int i : inputs) {
    if (i < 0 || !c.has_input(i) || !c.input(i).fully_known()) continue;
    check(c.input(i).size() == 1, Code::kInvalidArgument, "input ", i,
          " is a scale or zero point of the whole tensor, expected one element, got shape ",
          c.input(i));
  }
}

std::int64_t packed_bytes(std::int64_t panels, std::int64_t n) {
  return (panels + 3) / 4 * 4 + n * 4;
}

IntegerWeights weights_in(const Tensor& packed, std::int64_t n) {
  const auto* bytes = packed.data<std::int8_t>();
  return {bytes, reinterpret_cast<const std::int32_t*>(bytes + packed.size() - 4 * n)};
}

void check_parts(OpContext& c, const IntegerInputs& in, std::int64_t n) {
  for (int i : {in.x_zero, in.x_scale, in.y_scale, in.y_zero}) check_size(c, i, 1);
  for (int i : {in.w_scale, in.w_zero}) check_size(c, i, n);
  if (in.bias < 0 || !c.has_input(in.bias)) return;
  check(c.input(in.bias).size() == n, Code::kInvalidArgument, "the bias has ",
        c.input(in.bias).size(), " elements, expected ", n);
}

WeightZeros::WeightZeros(OpContext& c, const IntegerInputs& in)
    : flip_(flip_of(c.input(in.w).dtype()) ^ 0x80) {
  if (!c.has_input(in.w_zero)) return;
  data_ = c.input(in.w_zero).data<std::uint8_t>();
  step_ = c.input(in.w_zero).size() == 1 ? 0 : 1;
}

bool WeightZeros::any(std::int64_t n) const noexcept {
  for (std::int64_t j = 0; j < n; ++j) {
    if ((*this)[j] != 0) return true;
  }
  return false;
}

namespace {

// Offsets by column, so that the sum of x * w becomes that of (x - zero) * (w - zero) + bias.
void fill_offsets(OpContext& c, const IntegerInputs& in, const std::int32_t* sums,
                  std::int64_t depth, bool centred, std::int64_t n, std::int32_t* offset) {
  const Quantization x = quantization_of(c, -1, in.x_zero, c.input(in.x).dtype());
  const WeightZeros zeros(c, in);
  const bool biased = in.bias >= 0 && c.has_input(in.bias);
  const bool whole = biased && c.input(in.bias).dtype() == DType::kInt32;
  const auto* bias = whole ? c.input(in.bias).data<std::uint32_t>() : nullptr;
  const auto zero = static_cast<std::uint32_t>(x.zero);
  const std::uint32_t terms = centred ? 0 : zero * static_cast<std::uint32_t>(depth);
  for (std::int64_t j = 0; j < n; ++j) {
    std::uint32_t sum = 0u - zero * static_cast<std::uint32_t>(sums[j]);
    sum += terms * static_cast<std::uint32_t>(zeros[j]);
    if (bias != nullptr) sum += bias[j];
    offset[j] = static_cast<std::int32_t>(sum);
  }
}

void fill_scales(OpContext& c, const IntegerInputs& in, std::int64_t n, IntegerFinish& f) {
  float* scale = c.temporary_of<float>(n);
  const float x_scale = c.input(in.x_scale).data<float>()[0];
  const float y_scale = in.y_scale >= 0 ? c.input(in.y_scale).data<float>()[0] : 1.0f;
  const float* w_scale = c.input(in.w_scale).data<float>();
  const std::int64_t step = c.input(in.w_scale).size() == 1 ? 0 : 1;
  for (std::int64_t j = 0; j < n; ++j) scale[j] = x_scale * w_scale[j * step] / y_scale;
  f.scale = scale;
  if (in.y_zero < 0) return;
  const bool is_signed = c.output(0).dtype() == DType::kInt8;
  const Tensor& zero = c.input(in.y_zero);
  f.zero = is_signed ? zero.data<std::int8_t>()[0] : zero.data<std::uint8_t>()[0];
  f.low = static_cast<float>((is_signed ? -128 : 0) - f.zero);
  f.high = static_cast<float>((is_signed ? 127 : 255) - f.zero);
}

}  // namespace

IntegerFinish finish_of(OpContext& c, const IntegerInputs& in, const std::int32_t* sums,
                        std::int64_t n, std::int64_t depth, bool centred) {
  using Kind = IntegerFinish::Kind;
  IntegerFinish f{};
  const DType dtype = c.output(0).dtype();
  f.kind = dtype == DType::kInt32     ? Kind::kInt32
           : dtype == DType::kFloat32 ? Kind::kFloat
                                      : Kind::kByte;
  auto* offset = c.temporary_of<std::int32_t>(n);
  fill_offsets(c, in, sums, depth, centred, n, offset);
  f.offset = offset;
  const WeightZeros zeros(c, in);
  if (!centred && zeros.any(n)) {
    auto* factor = c.temporary_of<std::int32_t>(n);
    for (std::int64_t j = 0; j < n; ++j) factor[j] = zeros[j];
    f.factor = factor;
  }
  if (f.kind != Kind::kInt32) fill_scales(c, in, n, f);
  if (f.kind == Kind::kFloat && in.bias >= 0 && c.has_input(in.bias)) {
    f.bias = c.input(in.bias).data<float>();
  }
  return f;
}

void run_integer(OpContext& c, const IntegerPlan& plan, IntegerOperands operands) {
  operands.y_size = static_cast<std::int64_t>(size_of(c.output(0).dtype()));
  const std::int64_t pointers = plan.taps * plan.table_rows;
  const auto tables = c.temporary_of<const std::uint8_t*>(pointers * c.threads());
  auto* copies = plan.copies > 0 ? c.temporary_of<std::uint8_t>(plan.copies * c.threads())
                                 : nullptr;
  c.parallel_for(plan.tasks, [&](std::int64_t task, int worker) {
    integer_task(plan, operands, task, {tables + worker * pointers, copies + worker * plan.copies});
  });
}

}  // namespace tw
