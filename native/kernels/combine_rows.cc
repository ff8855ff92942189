#include "kernels/combine_rows.h"

#define KERNEL_FILE "kernels/combine_rows.cc"
#include "simd/foreach_isa.h"

namespace tw::KERNEL_ISA {

// Integers wrap: the arithmetic is that of the unsigned type (of int for narrow ones).
template <class T>
static T wrapped(T a, T b, Combine op) noexcept {
  using U = std::conditional_t<(sizeof(T) < 4), std::uint32_t, std::make_unsigned_t<T>>;
  const U x = static_cast<U>(a), y = static_cast<U>(b);
  return static_cast<T>(op == Combine::kAdd ? x + y : op == Combine::kSubtract ? x - y : x * y);
}

template <Combine kOp, class T>
struct Row {
  static T of(T a, T b) noexcept {
    if constexpr (kOp == Combine::kReplace) return b;
    if constexpr (kOp == Combine::kMin) return a < b || a != a ? a : b;
    if constexpr (kOp == Combine::kMax) return a > b || a != a ? a : b;
    if constexpr (std::is_integral_v<T>) {
      return wrapped(a, b, kOp);
    } else {
      if constexpr (kOp == Combine::kAdd) return a + b;
      if constexpr (kOp == Combine::kSubtract) return a - b;
      return a * b;
    }
  }
};
template <Combine kOp>
struct Row<kOp, Half> {
  static Half of(Half a, Half b) noexcept {
    if constexpr (kOp == Combine::kReplace) return b;
    return to_half(Row<kOp, float>::of(to_float(a), to_float(b)));
  }
};
template <Combine kOp>
struct Row<kOp, BFloat16> {
  static BFloat16 of(BFloat16 a, BFloat16 b) noexcept {
    if constexpr (kOp == Combine::kReplace) return b;
    return to_bfloat16(Row<kOp, float>::of(to_float(a), to_float(b)));
  }
};
template <Combine kOp, class C>
struct ComplexRow {
  static C of(C a, C b) noexcept {
    if constexpr (kOp == Combine::kMultiply) {
      return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
    } else {
      return {Row<kOp, decltype(a.real)>::of(a.real, b.real),
              Row<kOp, decltype(a.imag)>::of(a.imag, b.imag)};
    }
  }
};
template <Combine kOp>
struct Row<kOp, Complex64> : ComplexRow<kOp, Complex64> {};
template <Combine kOp>
struct Row<kOp, Complex128> : ComplexRow<kOp, Complex128> {};
template <Combine kOp>
struct Row<kOp, bool> {
  static bool of(bool a, bool b) noexcept {
    if constexpr (kOp == Combine::kReplace) return b;
    if constexpr (kOp == Combine::kAdd || kOp == Combine::kMax) return a || b;
    if constexpr (kOp == Combine::kSubtract) return a != b;
    return a && b;
  }
};

template <Combine kOp, class T>
static void combine(void* y, const std::int64_t* offsets, const void* x, std::int64_t rows,
                    std::int64_t step, std::int64_t n) noexcept {
  for (std::int64_t r = 0; r < rows; ++r) {
    T* __restrict to = static_cast<T*>(y) + offsets[r];
    const T* __restrict from = static_cast<const T*>(x) + r * step;
    for (std::int64_t i = 0; i < n; ++i) to[i] = Row<kOp, T>::of(to[i], from[i]);
  }
}

template <Combine kOp>
static CombineRows of_dtype(DType dtype) noexcept {
  constexpr bool kOrdered = kOp == Combine::kMin || kOp == Combine::kMax;
  switch (dtype) {
    case DType::kFloat32: return combine<kOp, float>;
    case DType::kFloat64: return combine<kOp, double>;
    case DType::kFloat16: return combine<kOp, Half>;
    case DType::kBFloat16: return combine<kOp, BFloat16>;
    case DType::kInt8: return combine<kOp, std::int8_t>;
    case DType::kInt16: return combine<kOp, std::int16_t>;
    case DType::kInt32: return combine<kOp, std::int32_t>;
    case DType::kInt64: return combine<kOp, std::int64_t>;
    case DType::kUint8: return combine<kOp, std::uint8_t>;
    case DType::kUint16: return combine<kOp, std::uint16_t>;
    case DType::kUint32: return combine<kOp, std::uint32_t>;
    case DType::kUint64: return combine<kOp, std::uint64_t>;
    case DType::kBool: return combine<kOp, bool>;
    case DType::kComplex64:
      if constexpr (!kOrdered) return combine<kOp, Complex64>;
      return nullptr;
    case DType::kComplex128:
      if constexpr (!kOrdered) return combine<kOp, Complex128>;
      return nullptr;
    default: return nullptr;
  }
}

static CombineRows of(Combine op, DType dtype) noexcept {
  switch (op) {
    case Combine::kReplace: return of_dtype<Combine::kReplace>(dtype);
    case Combine::kAdd: return of_dtype<Combine::kAdd>(dtype);
    case Combine::kSubtract: return of_dtype<Combine::kSubtract>(dtype);
    case Combine::kMultiply: return of_dtype<Combine::kMultiply>(dtype);
    case Combine::kMin: return of_dtype<Combine::kMin>(dtype);
    default: return of_dtype<Combine::kMax>(dtype);
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

CombineRows combine_rows(Combine op, DType dtype) noexcept { return KERNEL_SELECT(of)(op, dtype); }

}  // namespace tw
#endif
