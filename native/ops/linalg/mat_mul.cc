#include "ops/linalg/mat_mul.h"

#include "graph/gradient_context.h"
#include "graph/op_def.h"
#include "graph/op_registry.h"
#include "graph/pass_context.h"
#include "kernels/pack.h"
#include "tensor/deferred.h"

namespace tw {
namespace {

// Attrs know their op, which alone tells the two apart.
bool is_batch_op(const Attrs& attrs) { return attrs.op().find_attr("adj_x") != nullptr; }

// Leading dims that are all 1, and columns enough for panels to pay off.
bool packable(const Tensor& b, std::int64_t columns) {
  return (b.dtype() == DType::kFloat32 || b.dtype() == DType::kFloat64) && b.rank() >= 2 &&
         b.size() > 0 && columns > 1 && b.shape().size(0, b.rank() - 2) == 1;
}

template <class T>
Tensor packed_matrix(const Tensor& b, bool transposed) {
  const std::int64_t rows = b.dim(b.rank() - 2), columns = b.dim(b.rank() - 1);
  const std::int64_t k = transposed ? columns : rows, n = transposed ? rows : columns;
  Tensor packed = Tensor::allocate(b.dtype(), {packed_size<T>(k, n)});
  pack_matrix<T>({b.data<T>(), columns, transposed}, k, n, packed.mutable_data<T>());
  return packed;
}

// What the constant is stored as, when that is what the product reads.
std::optional<Tensor> stored_matrix(const Tensor& b, bool transposed) {
  const std::optional<PackedMatrix> stored = packed_form(b);
  if (!stored || stored->outputs_first != transposed || (transposed && stored->taps != 1)) {
    return std::nullopt;
  }
  if (b.dim(b.rank() - (transposed ? 2 : 1)) != stored->n) return std::nullopt;
  return stored->panels;
}

void pack_b(PackContext& c) {
  const Tensor* b = c.constant(1);
  const MatMulFlags flags = mat_mul_flags(c.attrs());
  if (b == nullptr || c.attrs().given("_packed")) return;
  // A few rows by a transposed matrix are sums along its rows; a packed one is summed by columns.
  if (c.strict() && flags.transpose_b) return;
  if (!packable(*b, b->rank() < 2 ? 0 : b->dim(b->rank() - (flags.transpose_b ? 2 : 1)))) return;
  c.set_attr("_packed", b->shape());
  if (auto stored = stored_matrix(*b, flags.transpose_b)) return c.replace_input(1, *stored);
  c.replace_input(1, b->dtype() == DType::kFloat32 ? packed_matrix<float>(*b, flags.transpose_b)
                                                   : packed_matrix<double>(*b, flags.transpose_b));
}

// Products of the same kind as the forward op.
Output product(GradientContext& g, Output a, Output b, bool transpose_a, bool transpose_b) {
  if (is_batch_op(g.attrs())) {
    return g.op("BatchMatMulV2", {a, b}, {{"adj_x", transpose_a}, {"adj_y", transpose_b}});
  }
  return g.op("MatMul", {a, b}, {{"transpose_a", transpose_a}, {"transpose_b", transpose_b}});
}

bool is_matrix(GradientContext& g, Output x) {
  return g.info(x).shape.has_rank() && g.info(x).shape.rank() == 2;
}

void mat_mul_gradient(GradientContext& g) {
  const auto [ta, tb] = mat_mul_flags(g.attrs());
  const Output a = g.input_value(0), b = g.input_value(1), dy = g.output_grad(0);
  const Output da = ta ? product(g, b, dy, tb, true) : product(g, dy, b, false, !tb);
  const Output db = tb ? product(g, dy, a, true, ta) : product(g, a, dy, !ta, false);
  const bool broadcasts = !is_matrix(g, a) || !is_matrix(g, b);
  g.input(0) = broadcasts ? g.sum_to(da, a) : da;
  g.input(1) = broadcasts ? g.sum_to(db, b) : db;
}

}  // namespace

MatMulFlags mat_mul_flags(const Attrs& attrs) {
  if (is_batch_op(attrs)) return {attrs.flag("adj_x"), attrs.flag("adj_y")};
  return {attrs.flag("transpose_a"), attrs.flag("transpose_b")};
}

void mat_mul_shape(ShapeContext& c) {
  const Shape& a = c.with_rank_at_least(0, 2);
  const bool packed = c.attrs().given("_packed");
  const Shape b = packed ? c.attrs().get<Shape>("_packed") : c.with_rank_at_least(1, 2);
  if (!a.has_rank() || !b.has_rank()) return c.set_output(0, Shape::unknown());
  const auto [ta, tb] = mat_mul_flags(c.attrs());
  const int ra = a.rank(), rb = b.rank();
  const std::int64_t k_a = a[ra - (ta ? 2 : 1)], k_b = b[rb - (tb ? 1 : 2)];
  check(k_a == k_b || k_a == kUnknownDim || k_b == kUnknownDim, Code::kInvalidArgument,
        "inner dimensions differ: a is ", a, ", b is ", b);
  Shape out = broadcast(Shape(a.dims().first(static_cast<std::size_t>(ra - 2))),
                        Shape(b.dims().first(static_cast<std::size_t>(rb - 2))));
  out.push_back(a[ra - (ta ? 1 : 2)]);
  out.push_back(b[rb - (tb ? 2 : 1)]);
  c.set_output(0, out);
}

OP(MatMul)
    .doc("The product of the matrices in the last two dims of a and b; leading dims broadcast. "
         "transpose_a and transpose_b say that an operand is stored transposed. Sums run in the "
         "order of the inner dimension; float16 and bfloat16 are summed in float32.")
    .input("a: T").input("b: T").output("product: T")
    .attr("transpose_a: bool = false").attr("transpose_b: bool = false")
    .attr("T: numeric").attr("_packed: shape?")
    .shape(mat_mul_shape)
    .gradient(mat_mul_gradient)
    .pack(pack_b)
    .epilogue()
    .kernel(Device::kCpu, mat_mul);

OP(BatchMatMulV2)
    .doc("MatMul under TensorFlow's name for ranks above 2.")
    .api("batchMatMul")
    .input("x: T").input("y: T").output("output: T")
    .attr("adj_x: bool = false").attr("adj_y: bool = false")
    .attr("T: numeric").attr("_packed: shape?")
    .shape(mat_mul_shape)
    .gradient(mat_mul_gradient)
    .pack(pack_b)
    .epilogue()
    .kernel(Device::kCpu, mat_mul);

}  // namespace tw
