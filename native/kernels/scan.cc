#include "kernels/scan.h"

#include <type_traits>

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/scan.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/storage.h"

namespace tw::KERNEL_ISA {

constexpr std::int64_t kColumns = 64;  // neighbouring lines that are walked together

static std::int64_t line_start(const Lines& lines, std::int64_t line) noexcept {
  return line / lines.inner * lines.length * lines.inner + line % lines.inner;
}

// Lines that lie side by side from `line` on, at most kColumns of them before `last`.
static std::int64_t neighbours(const Lines& lines, std::int64_t line, std::int64_t last) noexcept {
  const std::int64_t in_block = lines.inner - line % lines.inner;
  const std::int64_t left = in_block < last - line ? in_block : last - line;
  return left < kColumns ? left : kColumns;
}

template <class S, bool kMaximum>
static void arg_lines(const Lines& lines, const S* x, void* y, bool wide, std::int64_t first,
                      std::int64_t last) noexcept {
  using M = Math<S>;
  for (std::int64_t line = first; line < last;) {
    const std::int64_t count = neighbours(lines, line, last);
    const S* p = x + line_start(lines, line);
    M best[kColumns];
    std::int64_t index[kColumns];
    for (std::int64_t c = 0; c < count; ++c) best[c] = load_one<M>(p[c]), index[c] = 0;
    for (std::int64_t i = 1; i < lines.length; ++i) {
      const S* row = p + i * lines.inner;
      for (std::int64_t c = 0; c < count; ++c) {
        const M v = load_one<M>(row[c]);
        const bool better = (kMaximum ? v > best[c] : v < best[c]) || (v != v && best[c] == best[c]);
        index[c] = better ? i : index[c];
        best[c] = better ? v : best[c];
      }
    }
    for (std::int64_t c = 0; c < count; ++c) {
      if (wide) {
        static_cast<std::int64_t*>(y)[line + c] = index[c];
      } else {
        static_cast<std::int32_t*>(y)[line + c] = static_cast<std::int32_t>(index[c]);
      }
    }
    line += count;
  }
}

template <class S, bool kProduct>
static void scan_lines(const Lines& lines, const S* x, S* y, bool exclusive, bool reverse,
                       std::int64_t first, std::int64_t last) noexcept {
  using M = Math<S>;
  // Unsigned arithmetic wraps.
  using A = typename std::conditional_t<std::is_integral_v<M>, std::make_unsigned<std::conditional_t<
                std::is_integral_v<M>, M, int>>, std::type_identity<M>>::type;
  for (std::int64_t line = first; line < last;) {
    const std::int64_t count = neighbours(lines, line, last), start = line_start(lines, line);
    A total[kColumns];
    for (std::int64_t c = 0; c < count; ++c) total[c] = A(kProduct ? 1 : 0);
    for (std::int64_t i = 0; i < lines.length; ++i) {
      const std::int64_t at = start + (reverse ? lines.length - 1 - i : i) * lines.inner;
      for (std::int64_t c = 0; c < count; ++c) {
        const A v = static_cast<A>(load_one<M>(x[at + c]));
        const A next = kProduct ? A(total[c] * v) : A(total[c] + v);
        y[at + c] = store_one<S>(static_cast<M>(exclusive ? total[c] : next));
        total[c] = next;
      }
    }
    line += count;
  }
}

template <class S>
static void linear_lines(const Lines& lines, const S* a, const S* b, S* z, bool reverse,
                         std::int64_t first, std::int64_t last) noexcept {
  using M = Math<S>;
  for (std::int64_t line = first; line < last;) {
    const std::int64_t count = neighbours(lines, line, last), start = line_start(lines, line);
    M sum[kColumns] = {};
    for (std::int64_t i = 0; i < lines.length; ++i) {
      const std::int64_t at = start + (reverse ? lines.length - 1 - i : i) * lines.inner;
      for (std::int64_t c = 0; c < count; ++c) {
        const M next = load_one<M>(b[at + c]) + load_one<M>(a[at + c]) * sum[c];
        z[at + c] = store_one<S>(sum[c]);
        sum[c] = next;
      }
    }
    line += count;
  }
}

template <class Fn>
static void by_type(DType dtype, const Fn& fn) noexcept {
  switch (dtype) {
    case DType::kFloat32: return fn.template operator()<float>();
    case DType::kFloat64: return fn.template operator()<double>();
    case DType::kFloat16: return fn.template operator()<Half>();
    case DType::kBFloat16: return fn.template operator()<BFloat16>();
    case DType::kInt8: return fn.template operator()<std::int8_t>();
    case DType::kInt16: return fn.template operator()<std::int16_t>();
    case DType::kInt32: return fn.template operator()<std::int32_t>();
    case DType::kInt64: return fn.template operator()<std::int64_t>();
    case DType::kBool:
    case DType::kUint8: return fn.template operator()<std::uint8_t>();
    case DType::kUint16: return fn.template operator()<std::uint16_t>();
    case DType::kUint32: return fn.template operator()<std::uint32_t>();
    case DType::kUint64: return fn.template operator()<std::uint64_t>();
    default: return;
  }
}

static void arg_by_type(bool maximum, DType dtype, const Lines& lines, const void* x, void* y,
                        bool wide, std::int64_t first, std::int64_t last) noexcept {
  by_type(dtype, [&]<class S>() {
    const S* p = static_cast<const S*>(x);
    if (maximum) {
      arg_lines<S, true>(lines, p, y, wide, first, last);
    } else {
      arg_lines<S, false>(lines, p, y, wide, first, last);
    }
  });
}

static void scan_by_type(Scan kind, DType dtype, const Lines& lines, const void* x, void* y,
                         bool exclusive, bool reverse, std::int64_t first,
                         std::int64_t last) noexcept {
  by_type(dtype, [&]<class S>() {
    const S* from = static_cast<const S*>(x);
    S* to = static_cast<S*>(y);
    if (kind == Scan::kProd) {
      scan_lines<S, true>(lines, from, to, exclusive, reverse, first, last);
    } else {
      scan_lines<S, false>(lines, from, to, exclusive, reverse, first, last);
    }
  });
}

static void linear_by_type(DType dtype, const Lines& lines, const void* a, const void* b, void* z,
                           bool reverse, std::int64_t first, std::int64_t last) noexcept {
  by_type(dtype, [&]<class S>() {
    if constexpr (!std::is_integral_v<S>) {
      linear_lines(lines, static_cast<const S*>(a), static_cast<const S*>(b), static_cast<S*>(z),
                   reverse, first, last);
    }
  });
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void arg_extreme(bool maximum, DType dtype, const Lines& lines, const void* x, void* y, bool wide,
                 std::int64_t first, std::int64_t last) noexcept {
  KERNEL_SELECT(arg_by_type)(maximum, dtype, lines, x, y, wide, first, last);
}
void cumulate(Scan kind, DType dtype, const Lines& lines, const void* x, void* y, bool exclusive,
              bool reverse, std::int64_t first, std::int64_t last) noexcept {
  KERNEL_SELECT(scan_by_type)(kind, dtype, lines, x, y, exclusive, reverse, first, last);
}
void linear_scan(DType dtype, const Lines& lines, const void* a, const void* b, void* z,
                 bool reverse, std::int64_t first, std::int64_t last) noexcept {
  KERNEL_SELECT(linear_by_type)(dtype, lines, a, b, z, reverse, first, last);
}

}  // namespace tw
#endif
