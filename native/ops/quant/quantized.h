#pragma once

#include "graph/op_context.h"
#include "graph/pass_context.h"
#include "graph/shape_context.h"
#include "kernels/integer_product.h"
#include "kernels/quantize.h"

namespace tw {

// What the ops on quantized bytes share. Kernels see signed bytes as unsigned ones: xor with 0x80
// adds 128 to the value, and so it does to the zero point.

// 0x80 for int8, else 0.
std::uint8_t flip_of(DType dtype) noexcept;
// The quantization of a tensor by its scale and zero point; an input that is not given is 1 or 0.
Quantization quantization_of(OpContext& c, int scale, int zero, DType dtype);
// The bytes of x as unsigned ones.
const std::uint8_t* unsigned_bytes(OpContext& c, const Tensor& x);
// Scales and zero points of whole tensors: one element each, where their shapes are known. -1 is
// none.
void check_scalars(ShapeContext& c, std::initializer_list<int> inputs);

// The inputs of a product or convolution by what they are; -1: there is none.
struct IntegerInputs {
  int x, x_zero, w, w_zero;
  int x_scale = -1, w_scale = -1, y_scale = -1, y_zero = -1, bias = -1;
};

// Checks the sizes of scales, zero points and the bias for n columns.
void check_parts(OpContext& c, const IntegerInputs& in, std::int64_t n);

// Packed weights: panels, then the sums of their columns.
struct IntegerWeights {
  const std::int8_t* panels;
  const std::int32_t* sums;
};

// Bytes of a tensor that holds packed weights with the sums of n columns.
std::int64_t packed_bytes(std::int64_t panels, std::int64_t n);
// The parts of such a tensor.
IntegerWeights weights_in(const Tensor& packed, std::int64_t n);

// Zero points of the weights by column, as packed: less 128 for unsigned ones. A tensor of one
// element serves all columns.
class WeightZeros {
 public:
  WeightZeros(OpContext& c, const IntegerInputs& in);
  std::int32_t operator[](std::int64_t j) const noexcept {
    return static_cast<std::int8_t>((data_ == nullptr ? 0 : data_[j * step_]) ^ flip_);
  }
  // Whether any of n is not 0.
  bool any(std::int64_t n) const noexcept;

 private:
  const std::uint8_t* data_ = nullptr;
  std::int64_t step_ = 0;
  std::uint8_t flip_;
};

// What becomes of the sums of the n columns of a product over `depth` terms. sums: of the weights
// as packed, or, when centred, less their zero points.
IntegerFinish finish_of(OpContext& c, const IntegerInputs& in, const std::int32_t* sums,
                        std::int64_t n, std::int64_t depth, bool centred);

// Runs all tasks of a plan; bytes of y's elements are those of output 0.
void run_integer(OpContext& c, const IntegerPlan& plan, IntegerOperands operands);

}  // namespace tw
