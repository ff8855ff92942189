#include "kernels/update.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/update.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

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

template <class Op, class T>
static void update_plain(void* y, const void* a, const void* b, double scale,
                         std::int64_t n) noexcept {
  using V = Vec<T>;
  const T *pa = static_cast<const T*>(a), *pb = static_cast<const T*>(b);
  T* py = static_cast<T*>(y);
  const V s = splat<V>(static_cast<T>(scale));
  std::int64_t i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) {
    store(py + i, Op::apply(load<V>(pa + i), load<V>(pb + i), s));
  }
  if (i < n) {
    const V last = Op::apply(load_partial<V>(pa + i, n - i), load_partial<V>(pb + i, n - i), s);
    store_partial(py + i, last, n - i);
  }
}

struct Float16Format {
  static VEC_FN Vec<float> load(const std::uint16_t* p) noexcept { return load_float16(p); }
  static VEC_FN void store(std::uint16_t* p, Vec<float> v) noexcept { store_float16(p, v); }
};
struct BFloat16Format {
  static VEC_FN Vec<float> load(const std::uint16_t* p) noexcept { return load_bfloat16(p); }
  static VEC_FN void store(std::uint16_t* p, Vec<float> v) noexcept { store_bfloat16(p, v); }
};

template <class Op, class Format>
static void update_half(void* y, const void* a, const void* b, double scale,
                        std::int64_t n) noexcept {
  using V = Vec<float>;
  constexpr int L = kLanes<float>;
  const auto *pa = static_cast<const std::uint16_t*>(a), *pb = static_cast<const std::uint16_t*>(b);
  auto* py = static_cast<std::uint16_t*>(y);
  const V s = splat<V>(static_cast<float>(scale));
  std::int64_t i = 0;
  for (; i + L <= n; i += L) {
    Format::store(py + i, Op::apply(Format::load(pa + i), Format::load(pb + i), s));
  }
  if (i < n) {
    std::uint16_t ta[L] = {}, tb[L] = {};
    std::memcpy(ta, pa + i, static_cast<std::size_t>(n - i) * 2);
    std::memcpy(tb, pb + i, static_cast<std::size_t>(n - i) * 2);
    Format::store(ta, Op::apply(Format::load(ta), Format::load(tb), s));
    std::memcpy(py + i, ta, static_cast<std::size_t>(n - i) * 2);
  }
}

using UpdateFn = void (*)(void*, const void*, const void*, double, std::int64_t) noexcept;

template <class Op>
static UpdateFn update_fn(DType dtype) noexcept {
  switch (dtype) {
    case DType::kFloat32: case DType::kComplex64: return update_plain<Op, float>;
    case DType::kFloat64: case DType::kComplex128: return update_plain<Op, double>;
    case DType::kFloat16: return update_half<Op, Float16Format>;
    case DType::kBFloat16: return update_half<Op, BFloat16Format>;
    default: break;
  }
  // Two's complement: one sum serves signed and unsigned.
  switch (size_of(dtype)) {
    case 1: return update_plain<Op, std::uint8_t>;
    case 2: return update_plain<Op, std::uint16_t>;
    case 4: return update_plain<Op, std::uint32_t>;
    default: return update_plain<Op, std::uint64_t>;
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
