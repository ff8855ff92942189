#include <algorithm>

#include "graph/gradient_context.h"
#include "graph/op_registry.h"
#include "ops/image/resize_axis.h"

namespace tw {
namespace {

// The last two rows of the input that were resized along the width: rows of the output share them.
class RowCache {
 public:
  RowCache(float* memory, std::int64_t row) : rows_{memory, memory + row} {}

  // `other` is kept.
  template <class Make>
  const float* get(std::int64_t place, std::int64_t other, const Make& make) {
    for (int k = 0; k < 2; ++k) {
      if (places_[k] == place) return rows_[k];
    }
    const int k = places_[0] == other ? 1 : 0;
    make(rows_[k], place);
    places_[k] = place;
    return rows_[k];
  }

 private:
  float* rows_[2];
  std::int64_t places_[2] = {-1, -1};
};

void bilinear_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const Attrs attrs = c.attrs();
  Tensor& y = c.allocate_output(0, size_from(c.input(1), x.shape(), attrs));
  const Planes p = planes_of(x.shape(), y.shape(), attrs);
  const LinearPlaces rows = linear_places(attrs, 0, p.in_height, p.out_height);
  LinearPlaces columns = linear_places(attrs, 1, p.in_width, p.out_width);
  const ResizeAxis axis = columns.scaled(p.channels);
  const ResizeRow resize = resize_row(x.dtype());
  const auto in_row = p.in_width * p.channels * static_cast<std::int64_t>(size_of(x.dtype()));
  const std::int64_t out_row = p.out_width * p.channels;
  auto* memory = c.temporary_of<float>(2 * out_row * c.threads());
  const std::int64_t block = std::max<std::int64_t>(1, (32 << 10) / (out_row + 1));
  const std::int64_t blocks = (p.out_height + block - 1) / block;
  c.parallel_for(p.count * blocks, [&](std::int64_t task, int worker) {
    const std::int64_t plane = task / blocks, first = task % blocks * block;
    const char* from = static_cast<const char*>(x.raw()) + plane * p.in_height * in_row;
    float* to = y.mutable_data<float>() + (plane * p.out_height + first) * out_row;
    RowCache cache(memory + 2 * out_row * worker, out_row);
    const auto make = [&](float* row, std::int64_t place) {
      resize(row, from + place * in_row, axis, p.channels);
    };
    const std::int64_t end = std::min(p.out_height, first + block);
    for (std::int64_t i = first; i < end; ++i, to += out_row) {
      const auto k = static_cast<std::size_t>(i);
      const float* top = cache.get(rows.lower[k], rows.upper[k], make);
      const float* bottom = cache.get(rows.upper[k], rows.lower[k], make);
      blend_rows(to, top, bottom, rows.weight[k], out_row);
    }
  });
}

void grad_shape(ShapeContext& c) {
  c.with_rank(0, 4);
  c.set_output(0, c.with_rank(1, 4));
}

template <class T>
void narrow(Tensor& to, const float* from) {
  T* out = to.mutable_data<T>();
  for (std::int64_t i = 0; i < to.size(); ++i) {
    if constexpr (std::is_same_v<T, Half>) {
      out[i] = to_half(from[i]);
    } else if constexpr (std::is_same_v<T, BFloat16>) {
      out[i] = to_bfloat16(from[i]);
    } else {
      out[i] = static_cast<T>(from[i]);
    }
  }
}

void grad_kernel(OpContext& c) {
  const Tensor &dy = c.input(0), &original = c.input(1);
  const Attrs attrs = c.attrs();
  check(dy.rank() == 4 && original.rank() == 4, Code::kInvalidArgument,
        "grads and original_image must have rank 4, got ", dy.shape(), " and ", original.shape());
  Tensor& dx = c.allocate_output(0, original.shape());
  const Planes p = planes_of(dx.shape(), dy.shape(), attrs);
  check(dy.shape() == resized_shape(dx.shape(), attrs, p.out_height, p.out_width),
        Code::kInvalidArgument, "grads ", dy.shape(), " do not belong to images ",
        original.shape());
  const LinearPlaces rows = linear_places(attrs, 0, p.in_height, p.out_height);
  LinearPlaces columns = linear_places(attrs, 1, p.in_width, p.out_width);
  const ResizeAxis axis = columns.scaled(p.channels);
  const std::int64_t in_row = p.in_width * p.channels, out_row = p.out_width * p.channels;
  const bool direct = dx.dtype() == DType::kFloat32;
  float* sums = direct ? dx.mutable_data<float>() : c.temporary_of<float>(dx.size());
  c.parallel_for(p.count, [&](std::int64_t plane, int) {
    float* to = sums + plane * p.in_height * in_row;
    const float* from = dy.data<float>() + plane * p.out_height * out_row;
    std::fill_n(to, p.in_height * in_row, 0.0f);
    for (std::int64_t i = 0; i < p.out_height; ++i) {
      const auto k = static_cast<std::size_t>(i);
      const float lower = 1 - rows.weight[k], upper = rows.weight[k];
      spread_row(to + rows.lower[k] * in_row, from + i * out_row, axis, p.channels, lower);
      spread_row(to + rows.upper[k] * in_row, from + i * out_row, axis, p.channels, upper);
    }
  });
  if (dx.dtype() == DType::kFloat64) narrow<double>(dx, sums);
  if (dx.dtype() == DType::kFloat16) narrow<Half>(dx, sums);
  if (dx.dtype() == DType::kBFloat16) narrow<BFloat16>(dx, sums);
}

}  // namespace

OP(ResizeBilinear)
    .doc("Images [N, H, W, C] (or [N, C, H, W]) at another size [height, width] by linear "
         "interpolation along both axes, in float32. Places are mapped as ResizeNearestNeighbor "
         "does, and kept within the image.")
    .input("images: T").input("size: Tsize").output("resized_images: float32")
    .attr("T: numeric").attr("Tsize: int32|int64 = int32").TW_RESIZE_ATTRS
    .shape(resize_shape)
    .gradient([](GradientContext& g) {
      g.input(0) = g.op("ResizeBilinearGrad", {g.output_grad(0), g.input_value(0)},
                        resize_attrs(g.attrs()));
    })
    .permute(resize_permute)
    .kernel(Device::kCpu, bilinear_kernel);

OP(ResizeBilinearGrad)
    .doc("Adds each pixel of grads to the places in original_image that ResizeBilinear made it of, "
         "by their weights; sums in float32.")
    .internal()
    .input("grads: float32").input("original_image: T").output("output: T")
    .attr("T: floating").TW_RESIZE_ATTRS
    .shape(grad_shape)
    .gradient([](GradientContext& g) {
      const std::int64_t first = channels_first(g.attrs()) ? 2 : 1;
      const Output size = g.op("Slice", {g.shape_of(g.input_value(0)), g.int_vector({first}),
                                         g.int_vector({2})});
      g.input(0) = g.op("ResizeBilinear", {g.output_grad(0), size}, resize_attrs(g.attrs()));
    })
    .kernel(Device::kCpu, grad_kernel);

}  // namespace tw
