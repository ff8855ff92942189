#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

using Ints = std::vector<std::int64_t>;

struct Blocks {
  Ints image, block, strides, dilations, begin, counts;  // per axis; counts: block places
};

Ints list_or(const Attrs& attrs, const char* name, std::size_t size, std::int64_t otherwise) {
  Ints values = attrs.integers(name);
  if (values.empty()) values.assign(size, otherwise);
  check(values.size() == size, Code::kInvalidArgument, name, " has ", values.size(),
        " numbers, expected ", size);
  return values;
}

Blocks blocks_of(const Attrs& attrs, Ints image, Ints block) {
  const std::size_t axes = image.size();
  check(axes > 0 && block.size() == axes, Code::kInvalidArgument, "image_shape has ", axes,
        " dims, block_shape ", block.size());
  Blocks b{std::move(image), std::move(block), list_or(attrs, "strides", axes, 1),
           list_or(attrs, "dilations", axes, 1), {}, {}};
  const Ints pads = list_or(attrs, "pads", 2 * axes, 0);
  for (std::size_t i = 0; i < axes; ++i) {
    check(b.strides[i] > 0 && b.dilations[i] > 0 && b.image[i] > 0 && b.block[i] > 0,
          Code::kInvalidArgument, "sizes, strides and dilations must be positive");
    const std::int64_t reach = b.dilations[i] * (b.block[i] - 1) + 1;
    const std::int64_t room = b.image[i] + pads[i] + pads[i + axes] - reach;
    check(room >= 0, Code::kInvalidArgument, "a block does not fit into axis ", i);
    b.begin.push_back(-pads[i]);
    b.counts.push_back(room / b.strides[i] + 1);
  }
  return b;
}

std::int64_t product(const Ints& values) {
  std::int64_t p = 1;
  for (const std::int64_t v : values) p = checked_product(p, v);
  return p;
}

void col2im_shape(ShapeContext& c) {
  const Shape& x = c.with_rank(0, 3);
  const auto image = known_values(c, 1), block = known_values(c, 2);
  if (!image) return c.set_output(0, Shape::unknown());
  const bool divides = x.has_rank() && x[1] != kUnknownDim && block && product(*block) > 0;
  Shape y{x.has_rank() ? x[0] : kUnknownDim, divides ? x[1] / product(*block) : kUnknownDim};
  for (const std::int64_t dim : *image) y.push_back(dim);
  c.set_output(0, y);
}

// Visits each element of the columns of one channel that lies on its image: offsets in both.
template <class Visit>
void each_element(const Blocks& b, Visit visit) {
  const std::size_t axes = b.image.size();
  const std::int64_t inside = product(b.block), places = product(b.counts);
  for (std::int64_t k = 0; k < inside; ++k) {
    for (std::int64_t p = 0; p < places; ++p) {
      std::int64_t rest_k = k, rest_p = p, offset = 0, step = 1;
      bool exists = true;
      for (std::size_t i = axes; i-- > 0;) {
        const std::int64_t at = b.begin[i] + rest_p % b.counts[i] * b.strides[i] +
                                rest_k % b.block[i] * b.dilations[i];
        exists = exists && at >= 0 && at < b.image[i];
        offset += at * step;
        step *= b.image[i];
        rest_p /= b.counts[i], rest_k /= b.block[i];
      }
      if (exists) visit(k * places + p, offset);
    }
  }
}

Blocks blocks_of(OpContext& c) {
  return blocks_of(c.attrs(), index_list(c.input(1), "image_shape"),
                   index_list(c.input(2), "block_shape"));
}

void col2im_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 3, Code::kInvalidArgument, "expected columns of rank 3, got ", x.shape());
  const Blocks b = blocks_of(c);
  const std::int64_t inside = product(b.block), places = product(b.counts);
  check(x.dim(1) % inside == 0 && x.dim(2) == places, Code::kInvalidArgument,
        "columns ", x.shape(), " do not fit: expected a multiple of ", inside, " and ", places);
  Shape shape{x.dim(0), x.dim(1) / inside};
  for (const std::int64_t dim : b.image) shape.push_back(dim);
  const Tensor& y = c.allocate_output(0, shape);
  const std::int64_t size = product(b.image);
  const auto run = [&]<class T>() {
    c.parallel_for(shape[0] * shape[1], [&](std::int64_t task, int) {
      T* image = y.mutable_data<T>() + task * size;
      std::fill_n(image, size, T(0));
      const T* columns = x.data<T>() + task * inside * places;
      each_element(b, [&](std::int64_t from, std::int64_t to) { image[to] += columns[from]; });
    });
  };
  if (x.dtype() == DType::kFloat64) return run.template operator()<double>();
  run.template operator()<float>();
}

void im2col_shape(ShapeContext& c) {
  const Shape& image = c.input(0);
  c.set_output(0, Shape{image.has_rank() ? image[0] : kUnknownDim, kUnknownDim, kUnknownDim});
}

void im2col_kernel(OpContext& c) {
  const Tensor& image = c.input(0);
  const Blocks b = blocks_of(c);
  const std::int64_t inside = product(b.block), places = product(b.counts);
  check(image.rank() == static_cast<int>(b.image.size()) + 2 &&
            std::equal(b.image.begin(), b.image.end(), image.shape().dims().begin() + 2),
        Code::kInvalidArgument, "images ", image.shape(), " are not of the image_shape given");
  const Tensor& y = c.allocate_output(0, {image.dim(0), image.dim(1) * inside, places});
  const auto run = [&]<class T>() {
    c.parallel_for(image.dim(0) * image.dim(1), [&](std::int64_t task, int) {
      T* columns = y.mutable_data<T>() + task * inside * places;
      const T* from = image.data<T>() + task * product(b.image);
      std::fill_n(columns, inside * places, T(0));
      each_element(b, [&](std::int64_t to, std::int64_t at) { columns[to] = from[at]; });
    });
  };
  if (image.dtype() == DType::kFloat64) return run.template operator()<double>();
  run.template operator()<float>();
}

// Each of Col2Im and Col2ImGrad is the gradient of the other.
template <const char* kOther>
void blocks_gradient(GradientContext& g) {
  AttrMap attrs;
  for (const char* name : {"strides", "dilations", "pads"}) {
    attrs.emplace_back(name, g.attrs().integers(name));
  }
  g.input(0) = g.op(kOther, {g.output_grad(0), g.input_value(1), g.input_value(2)}, attrs);
}

constexpr char kCol2Im[] = "Col2Im", kCol2ImGrad[] = "Col2ImGrad";

}  // namespace

OP(Col2Im)
    .doc("Adds the columns [N, C * block, places] of all sliding blocks up to images [N, C, ...], as\n"
         "ONNX's operator of that name.")
    .input("input: T").input("image_shape: int64").input("block_shape: int64").output("output: T")
    .attr("T: float32|float64").attr("strides: list(int) = []").attr("dilations: list(int) = []")
    .attr("pads: list(int) = []")
    .shape(col2im_shape)
    .gradient(blocks_gradient<kCol2ImGrad>)
    .kernel(Device::kCpu, col2im_kernel);

OP(Col2ImGrad)
    .doc("The columns [N, C * block, places] of all sliding blocks of images [N, C, ...]: the\n"
         "gradient of Col2Im. Zeros beyond the edges.")
    .internal()
    .input("grad: T").input("image_shape: int64").input("block_shape: int64").output("output: T")
    .attr("T: float32|float64").attr("strides: list(int) = []").attr("dilations: list(int) = []")
    .attr("pads: list(int) = []")
    .shape(im2col_shape)
    .gradient(blocks_gradient<kCol2Im>)
    .kernel(Device::kCpu, im2col_kernel);

}  // namespace tw
