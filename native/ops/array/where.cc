#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"

namespace tw {
namespace {

template <class T>
bool nonzero(T x) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return (x.bits & 0x7fff) != 0;
  } else if constexpr (std::is_same_v<T, Complex64> || std::is_same_v<T, Complex128>) {
    return x.real != 0 || x.imag != 0;
  } else {
    return x != 0;
  }
}

template <class T>
void write_places(OpContext& c, const Tensor& x) {
  const T* data = x.data<T>();
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < x.size(); ++i) count += nonzero(data[i]) ? 1 : 0;
  const int rank = x.rank();
  auto* y = c.allocate_output(0, Shape{count, rank}).mutable_data<std::int64_t>();
  std::array<std::int64_t, kMaxRank> at{};
  for (std::int64_t i = 0; i < x.size(); ++i) {
    if (nonzero(data[i])) {
      for (int k = 0; k < rank; ++k) *y++ = at[static_cast<std::size_t>(k)];
    }
    for (int k = rank - 1; k >= 0 && ++at[static_cast<std::size_t>(k)] == x.dim(k); --k) {
      at[static_cast<std::size_t>(k)] = 0;
    }
  }
}

void where_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  switch (x.dtype()) {
    case DType::kBool: return write_places<std::uint8_t>(c, x);
    case DType::kComplex64: return write_places<Complex64>(c, x);
    case DType::kComplex128: return write_places<Complex128>(c, x);
    default: return visit_numeric(x.dtype(), [&]<class T>() { write_places<T>(c, x); });
  }
}

void where_shape(ShapeContext& c) {
  c.set_output(0, Shape{kUnknownDim, c.input(0).has_rank() ? c.input(0).rank() : kUnknownDim});
}

}  // namespace

OP(Where)
    .doc("The places of the elements that are true or not zero, one row of indices each, in "
         "row-major order: shape [count, rank]. NaN is not zero.")
    .input("input: T").output("index: int64").attr("T: real|complex64|complex128")
    .shape(where_shape)
    .no_gradient("integer output")
    .kernel(Device::kCpu, where_kernel);

}  // namespace tw
