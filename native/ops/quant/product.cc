#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/quant/quantized.h"

namespace tw {
namespace {

// Which inputs of the op of a node are which.
IntegerInputs inputs_of(const Node& node) {
  if (node.op->name == "MatMulInteger") return {.x = 0, .x_zero = 2, .w = 1, .w_zero = 3};
  if (node.op->name == "MatMulIntegerToFloat") {
    return {.x = 0, .x_zero = 4, .w = 1, .w_zero = 5, .x_scale = 2, .w_scale = 3, .bias = 6};
  }
  return {.x = 0, .x_zero = 2, .w = 3, .w_zero = 5, .x_scale = 1, .w_scale = 4, .y_scale = 6,
          .y_zero = 7, .bias = 8};
}

struct Product {
  std::int64_t m, n, k, batch;
  bool transposed;
};

// For shapes that are known; b is that of the weights before they were packed.
Product product_of(const Shape& a, const Shape& b, bool transposed) {
  const int last = b.rank() - 1;
  Product p{1, b[transposed ? last - 1 : last], b[transposed ? last : last - 1], 1, transposed};
  if (b.rank() == 2) {
    p.m = a.size(0, a.rank() - 1);
  } else {
    p.m = a[a.rank() - 2];
    p.batch = a.size(0, a.rank() - 2);
  }
  return p;
}

Shape weights_shape(const Attrs& attrs, const Shape& given) {
  return attrs.given("_packed") ? attrs.get<Shape>("_packed") : given;
}

void product_shape(ShapeContext& c) {
  const IntegerInputs in = inputs_of(c.node());
  const Shape& a = c.with_rank_at_least(in.x, 2);
  if (!c.attrs().given("_packed")) c.with_rank_at_least(in.w, 2);
  const Shape b = weights_shape(c.attrs(), c.input(in.w));
  check_scalars(c, {in.x_zero, in.x_scale, in.y_scale, in.y_zero});
  if (!a.has_rank() || !b.has_rank()) return c.set_output(0, Shape::unknown());
  check(b.rank() == 2 || b.rank() == a.rank(), Code::kInvalidArgument, "b has shape ", b,
        ", expected rank 2 or that of a, ", a);
  const bool transposed = c.attrs().flag("transpose_b");
  const int last = b.rank() - 1;
  const std::int64_t k = b[transposed ? last : last - 1], depth = a[a.rank() - 1];
  check(k == depth || k == kUnknownDim || depth == kUnknownDim, Code::kInvalidArgument,
        "inner dimensions differ: a is ", a, ", b is ", b);
  Shape y = a;
  for (int i = 0; b.rank() > 2 && i < b.rank() - 2; ++i) {
    check(a[i] == b[i] || a[i] == kUnknownDim || b[i] == kUnknownDim, Code::kInvalidArgument,
          "batch dimensions differ: a is ", a, ", b is ", b);
    if (y[i] == kUnknownDim) y[i] = b[i];
  }
  y[y.rank() - 1] = b[transposed ? last - 1 : last];
  c.set_output(0, y);
}

IntegerMatrix matrix_of(const std::uint8_t* data, const Product& p, DType dtype) {
  const std::uint8_t flip = flip_of(dtype) ^ 0x80;
  return p.transposed ? IntegerMatrix{data, 1, p.k, flip} : IntegerMatrix{data, p.n, 1, flip};
}

void product_pack(PackContext& c) {
  const IntegerInputs in = inputs_of(c.node());
  const Tensor* b = c.constant(in.w);
  if (b == nullptr || c.attrs().given("_packed") || b->rank() != 2 || b->size() == 0) return;
  const Product p = product_of(Shape{1, 1}, b->shape(), c.attrs().flag("transpose_b"));
  const IntegerPlan plan = integer_plan(integer_product_shape(1, p.n, p.k));
  const std::int64_t size = integer_weights_size(plan);
  Tensor packed = Tensor::allocate(b->dtype(), {packed_bytes(size, p.n)});
  const IntegerWeights parts = weights_in(packed, p.n);
  integer_weights(plan, matrix_of(b->data<std::uint8_t>(), p, b->dtype()),
                  const_cast<std::int8_t*>(parts.panels), const_cast<std::int32_t*>(parts.sums));
  c.set_attr("_packed", b->shape());
  c.replace_input(in.w, packed);
}

IntegerWeights packed_now(OpContext& c, const IntegerPlan& plan, const Product& p,
                          const std::uint8_t* b, DType dtype) {
  auto* panels = c.temporary_of<std::int8_t>(integer_weights_size(plan));
  auto* sums = c.temporary_of<std::int32_t>(p.n);
  integer_weights(plan, matrix_of(b, p, dtype), panels, sums);
  return {panels, sums};
}

void product(OpContext& c) {
  if (c.output(0).size() == 0) return;
  const IntegerInputs in = inputs_of(c.node());
  const Tensor& b = c.input(in.w);
  const Shape shape = weights_shape(c.attrs(), b.shape());
  const Product p = product_of(c.input(0).shape(), shape, c.attrs().flag("transpose_b"));
  const auto& plan = c.prepared<IntegerPlan>(
      [&] { return integer_plan(integer_product_shape(p.m, p.n, p.k)); });
  check_parts(c, in, p.n);
  const std::uint8_t* x = unsigned_bytes(c, c.input(in.x));
  const auto y_bytes = static_cast<std::int64_t>(size_of(c.output(0).dtype()));
  for (std::int64_t i = 0; i < p.batch; ++i) {
    const IntegerWeights w =
        c.attrs().given("_packed")
            ? weights_in(b, p.n)
            : packed_now(c, plan, p, b.data<std::uint8_t>() + i * p.n * p.k, b.dtype());
    IntegerOperands operands{};
    operands.x = x + i * p.m * p.k;
    operands.packed = w.panels;
    operands.y = c.output(0).mutable_data<char>() + i * p.m * p.n * y_bytes;
    operands.finish = finish_of(c, in, w.sums, p.n, p.k, false);
    run_integer(c, plan, operands);
  }
}

}  // namespace

#define TW_PRODUCT_CLAUSES                                                                     \
  attr("transpose_b: bool = false").attr("_packed: shape?")                                    \
      .shape(product_shape).pack(product_pack).no_gradient("integer inputs")                   \
      .kernel(Device::kCpu, product)

OP(MatMulInteger)
    .doc("The product of (a - a_zero_point) and (b - b_zero_point) on bytes, with sums of 32 bits "
         "that wrap. b is a matrix or has the batch dims of a; its zero point may be by column.")
    .input("a: Ta").input("b: Tb").input("a_zero_point?: Ta").input("b_zero_point?: Tb")
    .output("y: Ty").attr("Ta: uint8|int8").attr("Tb: uint8|int8").attr("Ty: int32 = int32")
    .TW_PRODUCT_CLAUSES;

OP(MatMulIntegerToFloat)
    .doc("The product of matrices of quantized bytes, as float32: the sums of MatMulInteger times "
         "a_scale * b_scale, and a bias by column. b_scale and b_zero_point may be by column.")
    .input("a: Ta").input("b: Tb").input("a_scale: T").input("b_scale: T")
    .input("a_zero_point?: Ta").input("b_zero_point?: Tb").input("bias?: T")
    .output("y: T").attr("Ta: uint8|int8").attr("Tb: uint8|int8").attr("T: float32")
    .TW_PRODUCT_CLAUSES;

OP(QLinearMatMul)
    .doc("The product of matrices of quantized bytes, quantized again: the sums of MatMulInteger "
         "plus a bias in units of a_scale * b_scale, times a_scale * b_scale / y_scale in float32, "
         "rounded (ties to even). b_scale and b_zero_point may be by column.")
    .input("a: Ta").input("a_scale: T").input("a_zero_point: Ta")
    .input("b: Tb").input("b_scale: T").input("b_zero_point: Tb")
    .input("y_scale: T").input("y_zero_point: Ty").input("bias?: int32").output("y: Ty")
    .attr("Ta: uint8|int8").attr("Tb: uint8|int8").attr("Ty: uint8|int8").attr("T: float32")
    .TW_PRODUCT_CLAUSES;

}  // namespace tw
