#include <algorithm>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

void zip_map_kernel(OpContext& c) {
  const Tensor &x = c.input(0), &keys = c.input(1);
  check(x.rank() == 1 || x.rank() == 2, Code::kInvalidArgument, "expected [N, C] or [C], got ",
        x.shape());
  const std::int64_t rows = x.rank() == 1 ? 1 : x.dim(0), width = x.dim(x.rank() - 1);
  check(keys.rank() == 1 && keys.dim(0) == width, Code::kInvalidArgument, "expected ", width,
        " keys, got shape ", keys.shape());
  const Tensor own = keys.copy(c.allocator());
  std::vector<Tensor> maps;
  for (std::int64_t r = 0; r < rows; ++r) {
    Tensor row = Tensor::allocate(DType::kFloat32, Shape{width}, c.allocator());
    std::copy_n(x.data<float>() + r * width, width, row.mutable_data<float>());
    maps.push_back(variant_of({own, row}));
  }
  c.set_output(0, variant_of(std::move(maps)));
}

}  // namespace

OP(ZipMap)
    .doc("Each row of scores as a map: a sequence of variants that hold the keys and the row.")
    .input("x: float32").input("keys: T").output("maps: variant").attr("T: int64|string")
    .shape([](ShapeContext& c) { c.set_output(0, {}); })
    .no_gradient("sequences are not differentiable")
    .kernel(Device::kCpu, zip_map_kernel);

}  // namespace tw
