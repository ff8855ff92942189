#include "kernels/update.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/update.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/element_format.h"

namespace tw::KERNEL_ISA {

struct UpdateAdd {
  template <class V>
  static VEC_FN V apply(V a, V b, V) noexcept { return a + b; }
};
struct UpdateSubtract {
  template <class V>
  static VEC_FN V apply(V a, V b, V) noexcept { return a - b; }
};
struct UpdateDescend {
  template <class V>
  static VEC_FN V apply(V a, V b, V scale) noexcept { return a - scale * b; }
};

template <class Op, class Format>
static void update_loop(void* y, const void* a, const void* b, double scale,
                        std::int64_t n) noexcept {
  using V = typename Format::V;
  using Element = typename Format::Element;
  constexpr int L = kLanesOf<V>;
  const auto *pa = static_cast<const Element*>(a), *pb = static_cast<const Element*>(b);
  auto* py = static_cast<Element*>(y);
  const V s = splat<V>(static_cast<Lane<V>>(scale));
  std::int64_t i = 0;
  for (; i + L <= n; i += L) {
    Format::store(py + i, Op::apply(Format::load(pa + i), Format::load(pb + i), s));
  }
  if (i == n) return;
  const V last = Op::apply(load_tail<Format>(pa + i, n - i), load_tail<Format>(pb + i, n - i), s);
  store_tail<Format>(py + i, last, n - i);
}

using UpdateFn = void (*)(void*, const void*, const void*, double, std::int64_t) noexcept;

template <class Op>
static UpdateFn update_fn(DType dtype) noexcept {
  switch (dtype) {
    case DType::kFloat32: case DType::kComplex64: return update_loop<Op, PlainFormat<float>>;
    case DType::kFloat64: case DType::kComplex128: return update_loop<Op, PlainFormat<double>>;
    case DType::kFloat16: return update_loop<Op, Float16Format>;
    case DType::kBFloat16: return update_loop<Op, BFloat16Format>;
    default: break;
  }
  // Two's complement: one sum serves signed and unsigned.
  switch (size_of(dtype)) {
    case 1: return update_loop<Op, PlainFormat<std::uint8_t>>;
    case 2: return update_loop<Op, PlainFormat<std::uint16_t>>;
    case 4: return update_loop<Op, PlainFormat<std::uint32_t>>;
    default: return update_loop<Op, PlainFormat<std::uint64_t>>;
  }
}

static void update_run(Update update, DType dtype, void* y, const void* a, const void* b,
                       double scale, std::int64_t n) noexcept {
  const UpdateFn fn = update == Update::kAdd        ? update_fn<UpdateAdd>(dtype)
                      : update == Update::kSubtract ? update_fn<UpdateSubtract>(dtype)
                                                    : update_fn<UpdateDescend>(dtype);
  fn(y, a, b, scale, is_complex(dtype) ? 2 * n : n);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void update_elements(Update update, DType dtype, void* y, const void* a, const void* b,
                     double scale, std::int64_t n) noexcept {
  KERNEL_SELECT(update_run)(update, dtype, y, a, b, scale, n);
}

}  // namespace tw
#endif
