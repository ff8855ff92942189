#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

// block_shape [M] and paddings or crops [M, 2] for the dims 1 to M; the dims behind stay.
struct Blocks {
  std::vector<std::int64_t> block, ends;
  int count() const { return static_cast<int>(block.size()); }
  std::int64_t size() const {
    std::int64_t product = 1;
    for (std::int64_t b : block) product = checked_product(product, b);
    return product;
  }
  std::int64_t before(int i) const { return ends[static_cast<std::size_t>(2 * i)]; }
  std::int64_t after(int i) const { return ends[static_cast<std::size_t>(2 * i + 1)]; }
};

Blocks blocks_of(const Tensor& block, const Tensor& ends, const Shape& x) {
  const std::int64_t count = block.size();
  check(block.rank() == 1 && ends.shape() == (Shape{count, 2}), Code::kInvalidArgument,
        "block_shape must be a vector [M] and paddings or crops [M, 2], got ", block.shape(),
        " and ", ends.shape());
  check(x.rank() > count, Code::kInvalidArgument, "input must have rank > ", count, ", got ", x);
  Blocks b{block.to_int64s(), ends.to_int64s()};
  for (std::int64_t value : b.block) {
    check(value >= 1, Code::kInvalidArgument, "block_shape must be positive, got ", value);
  }
  for (std::int64_t value : b.ends) {
    check(value >= 0, Code::kInvalidArgument, "paddings and crops must not be negative, got ",
          value);
  }
  return b;
}

Shape to_batch(const Shape& x, const Blocks& b) {
  Shape y = x;
  y[0] = multiply_dims(x[0], b.size());
  for (int i = 0; i < b.count(); ++i) {
    if (x[i + 1] == kUnknownDim) continue;
    const std::int64_t padded = x[i + 1] + b.before(i) + b.after(i);
    const std::int64_t block = b.block[static_cast<std::size_t>(i)];
    check(padded % block == 0, Code::kInvalidArgument, "padded dim ", i + 1, " of size ", padded,
          " is not divisible by its block of ", block);
    y[i + 1] = padded / block;
  }
  return y;
}

Shape to_space(const Shape& x, const Blocks& b) {
  Shape y = x;
  const std::int64_t size = b.size();
  check(x[0] == kUnknownDim || x[0] % size == 0, Code::kInvalidArgument, "batch of size ", x[0],
        " is not divisible by the blocks' size ", size);
  if (x[0] != kUnknownDim) y[0] = x[0] / size;
  for (int i = 0; i < b.count(); ++i) {
    if (x[i + 1] == kUnknownDim) continue;
    y[i + 1] = checked_product(x[i + 1], b.block[static_cast<std::size_t>(i)]) - b.before(i) -
               b.after(i);
    check(y[i + 1] >= 0, Code::kInvalidArgument, "crops of dim ", i + 1, " are larger than it is");
  }
  return y;
}

// Copies between space [n, ..., s, ...] and batch [k * n, ..., q, ...], where k counts the places
// in a block and s = q * block + place - before: one strided copy per place.
void copy_places(OpContext& c, const Tensor& space, const Tensor& batch, const Blocks& b,
                 bool into_batch) {
  const auto s = space.shape().strides(), q = batch.shape().strides();
  for (std::int64_t place = 0; place < b.size(); ++place) {
    std::vector<MoveAxis> axes = {{space.dim(0), q[0], s[0]}};
    bool empty = space.size() == 0;
    std::int64_t at_space = 0, at_batch = place * space.dim(0) * q[0], rest = place;
    std::vector<std::int64_t> places(b.block.size());
    for (int i = b.count() - 1; i >= 0; --i) {
      places[static_cast<std::size_t>(i)] = rest % b.block[static_cast<std::size_t>(i)];
      rest /= b.block[static_cast<std::size_t>(i)];
    }
    for (int i = 0; i < b.count(); ++i) {
      const auto k = static_cast<std::size_t>(i);
      const std::int64_t block = b.block[k], shift = places[k] - b.before(i);
      // The first q with s >= 0, and the end, where s reaches the dim.
      const std::int64_t first = shift < 0 ? (-shift + block - 1) / block : 0;
      const std::int64_t left = space.dim(i + 1) - shift;
      const std::int64_t end = std::min(left <= 0 ? 0 : (left + block - 1) / block,
                                        batch.dim(i + 1));
      axes.push_back({end - first, q[k + 1], s[k + 1] * block});
      empty = empty || end <= first;
      at_batch += first * q[k + 1];
      at_space += (first * block + shift) * s[k + 1];
    }
    for (int i = b.count() + 1; i < space.rank(); ++i) {
      const auto k = static_cast<std::size_t>(i);
      axes.push_back({space.dim(i), q[k], s[k]});
    }
    if (empty) continue;
    if (!into_batch) {
      for (MoveAxis& axis : axes) std::swap(axis.to, axis.from);
      move_elements(c, space.dtype(), element(space, at_space), element(batch, at_batch), axes);
    } else {
      move_elements(c, space.dtype(), element(batch, at_batch), element(space, at_space), axes);
    }
  }
}

void to_batch_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Blocks b = blocks_of(c.input(1), c.input(2), x.shape());
  Tensor& y = c.allocate_output(0, to_batch(x.shape(), b));
  const bool padded = std::any_of(b.ends.begin(), b.ends.end(), [](auto p) { return p > 0; });
  if (padded) fill_elements(c, y.dtype(), y.raw(), y.size(), nullptr);
  copy_places(c, x, y, b, true);
}

void to_space_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Blocks b = blocks_of(c.input(1), c.input(2), x.shape());
  Tensor& y = c.allocate_output(0, to_space(x.shape(), b));
  copy_places(c, y, x, b, false);
}

template <Shape (*kShape)(const Shape&, const Blocks&)>
void blocks_shape(ShapeContext& c) {
  const Shape& x = c.with_rank_at_least(0, 2);
  c.with_rank(1, 1);
  c.with_rank(2, 2);
  const Tensor *block = c.constant(1), *ends = c.constant(2);
  if (!x.has_rank()) return c.set_output(0, x);
  const bool known = block != nullptr && ends != nullptr;
  c.set_output(0, known ? kShape(x, blocks_of(*block, *ends, x)) : Shape::unknown_dims(x.rank()));
}

Output inverse(GradientContext& g, const char* op) {
  return g.op(op, {g.output_grad(0), g.input_value(1), g.input_value(2)});
}

}  // namespace

OP(SpaceToBatchND)
    .doc("Pads the dims 1 to M with zeros by paddings [M, 2], then moves the places within blocks "
         "of block_shape [M] into the batch dim, in front. What dilated convolution is made of.")
    .input("input: T").input("block_shape: Tblock_shape").input("paddings: Tpaddings")
    .output("output: T")
    .attr("T: any").attr("Tblock_shape: int32|int64 = int32").attr("Tpaddings: int32|int64 = int32")
    .shape(blocks_shape<to_batch>)
    .gradient([](GradientContext& g) { g.input(0) = inverse(g, "BatchToSpaceND"); })
    .kernel(Device::kCpu, to_batch_kernel);

OP(BatchToSpaceND)
    .doc("Spreads the batch over blocks of block_shape [M] in the dims 1 to M, then cuts crops "
         "[M, 2] off their ends: the inverse of SpaceToBatchND.")
    .input("input: T").input("block_shape: Tblock_shape").input("crops: Tcrops")
    .output("output: T")
    .attr("T: any").attr("Tblock_shape: int32|int64 = int32").attr("Tcrops: int32|int64 = int32")
    .shape(blocks_shape<to_space>)
    .gradient([](GradientContext& g) { g.input(0) = inverse(g, "SpaceToBatchND"); })
    .kernel(Device::kCpu, to_space_kernel);

}  // namespace tw
