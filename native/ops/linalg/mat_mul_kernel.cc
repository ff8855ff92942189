#include <algorithm>
#include <numeric>
#include <vector>

#include "kernels/gemm.h"
#include "kernels/gemm_integer.h"
#include "kernels/tile_block.h"
#include "ops/linalg/compute.h"
#include "ops/linalg/epilogue.h"
#include "ops/linalg/mat_mul.h"

namespace tw {
namespace {

// One product per element of the broadcast batch dims; a and b advance by their own offsets.
struct MatMulState {
  std::int64_t m, n, k;
  bool transpose_a, transpose_b, packed;
  std::vector<std::int64_t> a_index, b_index;  // which matrix of a and b, by product
  GemmPlan plan;
  EpiloguePlan epilogue;
};

std::vector<std::int64_t> matrix_indices(const Shape& batch, const Shape& operand) {
  const int rank = batch.rank(), own = operand.rank() - 2;
  std::vector<std::int64_t> indices(static_cast<std::size_t>(batch.size()));
  for (std::size_t i = 0; i < indices.size(); ++i) {
    auto rest = static_cast<std::int64_t>(i);
    std::int64_t index = 0, step = 1;
    for (int axis = rank - 1; axis >= 0; --axis) {
      const std::int64_t at = rest % batch[axis];
      rest /= batch[axis];
      const int mine = axis - (rank - own);
      if (mine < 0) continue;
      if (operand[mine] != 1) index += at * step;
      step *= operand[mine];
    }
    indices[i] = index;
  }
  return indices;
}

// Whether the tiles read a transposed a as it lies: the lines of one column then have to stay in a
// cache of 1 MB in 8 ways until the next tiles have read them too.
bool reads_columns(std::int64_t m, std::int64_t n, std::int64_t k, std::int64_t element) {
  constexpr std::int64_t kSets = 2048, kWays = 8, kLine = 64, kFarthest = 16384;
  const std::int64_t step = m * element;
  if (n == 1 || step > kFarthest) return false;
  const std::int64_t shared = step % kLine == 0 ? std::gcd(step / kLine, kSets) : 1;
  return std::min(k, kMaxDepth) <= kSets / shared * kWays;
}

// A batch of a that meets one b is one taller product.
void merge_batch(MatMulState& s, std::int64_t b_matrices) {
  if (b_matrices != 1 || s.transpose_a || s.a_index.size() < 2) return;
  for (std::size_t i = 0; i < s.a_index.size(); ++i) {
    if (s.a_index[i] != static_cast<std::int64_t>(i)) return;
  }
  s.m *= static_cast<std::int64_t>(s.a_index.size());
  s.a_index = s.b_index = {0};
}

Shape b_shape(OpContext& c) {
  const Attrs attrs = c.attrs();
  return attrs.given("_packed") ? attrs.get<Shape>("_packed") : c.input(1).shape();
}

MatMulState make_state(OpContext& c) {
  const Shape& a = c.input(0).shape();
  const Shape b = b_shape(c), &out = c.output(0).shape();
  const MatMulFlags flags = mat_mul_flags(c.attrs());
  const int ra = a.rank(), rb = b.rank(), r = out.rank();
  MatMulState s{};
  s.transpose_a = flags.transpose_a, s.transpose_b = flags.transpose_b;
  s.packed = c.attrs().given("_packed");
  s.m = out[r - 2], s.n = out[r - 1], s.k = a[ra - (s.transpose_a ? 2 : 1)];
  check(s.k == b[rb - (s.transpose_b ? 1 : 2)], Code::kInvalidArgument,
        "inner dimensions differ: a is ", a, ", b is ", b);
  const Shape batch(out.dims().first(static_cast<std::size_t>(r - 2)));
  s.a_index = matrix_indices(batch, a);
  s.b_index = matrix_indices(batch, b);
  merge_batch(s, b.size(0, rb - 2));
  // A vector lies the same way in memory, transposed or not.
  if (s.m == 1 || s.k == 1) s.transpose_a = false;
  const bool is_double = c.output(0).dtype() == DType::kFloat64;
  const bool columns = s.transpose_a && is_floating(c.output(0).dtype()) &&
                       reads_columns(s.m, s.n, s.k, is_double ? 8 : 4);
  if (columns) s.transpose_a = false;
  const GemmShape shape{.m = s.m,
                        .n = s.n,
                        .k = s.k,
                        .a_stride = columns ? 1 : s.transpose_a ? s.m : s.k,
                        .c_stride = s.n,
                        .b_stride = s.transpose_b ? s.k : s.n,
                        .b_packed = s.packed,
                        .b_transposed = s.transpose_b,
                        .batch = std::max<std::int64_t>(1, std::ssize(s.a_index)),
                        .a_step = columns ? s.m : 1,
                        .threads = c.threads(),
                        .a_transposed = s.transpose_a};
  s.plan = is_double ? gemm_plan<double>(shape) : gemm_plan<float>(shape);
  s.epilogue = epilogue_plan(c);
  return s;
}

template <class T>
void floating_product(OpContext& c, const MatMulState& s) {
  const T* a = compute_input<T>(c, c.input(0));
  const T* b = s.packed ? c.input(1).data<T>() : compute_input<T>(c, c.input(1));
  T* y = compute_output<T>(c, c.output(0));
  const std::int64_t scratch = (s.plan.scratch + 15) / 16 * 16;
  T* workspace = scratch > 0 ? c.temporary_of<T>(scratch * c.threads()) : nullptr;
  const auto products = static_cast<std::int64_t>(s.a_index.size());
  // The rows of a whole block program count from the first product.
  Epilogue epilogue(c, s.epilogue, products == 1);
  const BlockEpilogue<T> block = epilogue.block<T>();
  c.parallel_for(products * s.plan.tasks, [&](std::int64_t task, int worker) {
    const auto p = static_cast<std::size_t>(task / s.plan.tasks);
    const GemmOperands<T> x{a + s.a_index[p] * s.m * s.k, b + s.b_index[p] * s.k * s.n,
                            y + static_cast<std::int64_t>(p) * s.m * s.n, block};
    gemm_task(s.plan, x, task % s.plan.tasks, workspace + worker * scratch);
  });
  finish_output(c, y, c.output(0));
  epilogue.finish();
}

template <class T>
void integer_product(OpContext& c, const MatMulState& s) {
  const std::int64_t block = std::max<std::int64_t>(1, (1 << 18) / std::max<std::int64_t>(
                                                                       1, s.n * s.k));
  const std::int64_t blocks = (s.m + block - 1) / block;
  const auto products = static_cast<std::int64_t>(s.a_index.size());
  c.parallel_for(products * blocks, [&](std::int64_t task, int) {
    const auto p = static_cast<std::size_t>(task / blocks);
    const std::int64_t row = task % blocks * block;
    const StridedMatrix<T> a{c.input(0).data<T>() + s.a_index[p] * s.m * s.k,
                             s.transpose_a ? 1 : s.k, s.transpose_a ? s.m : 1};
    const StridedMatrix<T> b{c.input(1).data<T>() + s.b_index[p] * s.k * s.n,
                             s.transpose_b ? 1 : s.n, s.transpose_b ? s.k : 1};
    gemm_integer(a, b, row, std::min(block, s.m - row), s.n, s.k,
                 c.output(0).mutable_data<T>() + static_cast<std::int64_t>(p) * s.m * s.n);
  });
}

}  // namespace

void mat_mul(OpContext& c) {
  if (c.output(0).size() == 0) return;
  const auto& s = c.prepared<MatMulState>([&] { return make_state(c); });
  const DType dtype = c.output(0).dtype();
  if (is_floating(dtype)) {
    visit_compute(dtype, [&]<class T>() { floating_product<T>(c, s); });
  } else {
    visit_numeric(dtype, [&]<class T>() {
      if constexpr (std::is_integral_v<T>) integer_product<T>(c, s);
    });
  }
}

}  // namespace tw
