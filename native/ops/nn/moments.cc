#include "ops/nn/moments.h"

#include <vector>

#include "ops/math/elementwise.h"
#include "ops/math/reduce.h"
#include "tile/program.h"

namespace tw {

using tile::Builder;
using tile::Value;

Tensor temporary_tensor(OpContext& c, DType dtype, const Shape& shape) {
  const auto bytes = static_cast<std::size_t>(shape.size()) * size_of(dtype);
  return Tensor(dtype, shape, c.temporary(bytes));
}

Moments moments(OpContext& c, const Tensor& x, const bool* reduced) {
  const DType dtype = x.dtype() == DType::kFloat64 ? DType::kFloat64 : DType::kFloat32;
  Shape kept = x.shape();
  for (int i = 0; i < x.rank(); ++i) kept[i] = reduced[i] ? 1 : x.dim(i);
  const Tensor mean = temporary_tensor(c, dtype, kept), variance = temporary_tensor(c, dtype, kept);
  const Tensor work = temporary_tensor(c, dtype, x.shape());
  const Tensor* wide = &x;
  if (x.dtype() != dtype) {
    Builder cast(tile::domain_of(storage_of(dtype)));
    cast.add_output(cast.add_input(storage_of(x.dtype())), storage_of(dtype));
    run_program(c, *cast.finish(), {&wide, 1}, work);
    wide = &work;
  }
  reduce_into(c, Reduce::kMean, *wide, reduced, mean.raw());
  Builder spread(tile::domain_of(storage_of(dtype)));
  const Value a = spread.add_input(storage_of(dtype)), b = spread.add_input(storage_of(dtype));
  spread.add_output(spread.emit(tile::kSquaredDifference, a, b), storage_of(dtype));
  const Tensor* inputs[] = {wide, &mean};
  run_program(c, *spread.finish(), inputs, work);
  reduce_into(c, Reduce::kMean, work, reduced, variance.raw());
  return {mean, variance};
}

void normalize(OpContext& c, const Tensor& x, const Moments& m, const Tensor& scale,
               const Tensor& offset, double epsilon, const Tensor& y) {
  const tile::Domain domain = tile::domain_of(storage_of(m.mean.dtype()));
  std::vector<const Tensor*> inputs;
  // 1 / sqrt(variance + epsilon), once for each mean.
  const Tensor inverse = temporary_tensor(c, m.mean.dtype(), m.mean.shape());
  Builder root(domain);
  const Value v = root.add_input(storage_of(m.variance.dtype()));
  const Value sum = root.emit(tile::kAdd, v, root.constant(epsilon));
  root.add_output(root.emit(tile::kRsqrt, sum), storage_of(inverse.dtype()));
  const Tensor* variance = &m.variance;
  run_program(c, *root.finish(), {&variance, 1}, inverse);

  Builder b(domain);
  const auto input = [&](const Tensor& t) {
    inputs.push_back(&t);
    return b.add_input(storage_of(t.dtype()));
  };
  const Value d = b.emit(tile::kSub, input(x), input(m.mean));
  Value factor = input(inverse);
  if (scale.defined()) factor = b.emit(tile::kMul, factor, input(scale));
  const Value result = offset.defined() ? b.emit(tile::kFma, d, factor, input(offset))
                                        : b.emit(tile::kMul, d, factor);
  b.add_output(result, storage_of(y.dtype()));
  run_program(c, *b.finish(), inputs, y);
}

}  // namespace tw
