#include "kernels/sum_to.h"

#include <algorithm>

#define KERNEL_FILE "kernels/sum_to.cc"
#include "simd/foreach_isa.h"

namespace tw::KERNEL_ISA {

constexpr std::int64_t kColumns = 64;

template <class T>
struct Sum {
  using Acc = std::conditional_t<std::is_integral_v<T>, std::uint64_t, double>;
  static Acc read(T x) noexcept { return static_cast<Acc>(x); }
  static T write(Acc x) noexcept { return static_cast<T>(x); }
};
template <>
struct Sum<Half> {
  using Acc = double;
  static Acc read(Half x) noexcept { return to_float(x); }
  static Half write(Acc x) noexcept { return to_half(static_cast<float>(x)); }
};
template <>
struct Sum<BFloat16> {
  using Acc = double;
  static Acc read(BFloat16 x) noexcept { return to_float(x); }
  static BFloat16 write(Acc x) noexcept { return to_bfloat16(static_cast<float>(x)); }
};

// acc[j] += x[j]
template <class T>
static void add_row(typename Sum<T>::Acc* acc, const T* x, std::int64_t n) noexcept {
  for (std::int64_t j = 0; j < n; ++j) acc[j] += Sum<T>::read(x[j]);
}

// Eight partial sums, so that additions need not wait for each other.
template <class T>
static typename Sum<T>::Acc sum_row(const T* x, std::int64_t n) noexcept {
  typename Sum<T>::Acc part[8] = {};
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (int k = 0; k < 8; ++k) part[k] += Sum<T>::read(x[i + k]);
  }
  for (; i < n; ++i) part[i % 8] += Sum<T>::read(x[i]);
  for (int half = 4; half > 0; half /= 2) {
    for (int k = 0; k < half; ++k) part[k] += part[k + half];
  }
  return part[0];
}

// Calls body(offset) for each index of the first `count` axes.
template <class Body>
static void for_each(const SumAxes& axes, int count, const Body& body) noexcept {
  std::int64_t index[kMaxSumAxes] = {}, offset = 0;
  for (;;) {
    body(offset);
    int i = count - 1;
    for (; i >= 0; --i) {
      offset += axes.axis[i].step;
      if (++index[i] < axes.axis[i].size) break;
      offset -= index[i] * axes.axis[i].step;
      index[i] = 0;
    }
    if (i < 0) return;
  }
}

template <class T>
struct AddRow {
  typename Sum<T>::Acc* acc;
  const T* x;
  std::int64_t n;
  void operator()(std::int64_t offset) const noexcept { add_row<T>(acc, x + offset, n); }
};
template <class T>
struct AddSum {
  typename Sum<T>::Acc* acc;
  const T* x;
  std::int64_t n;
  void operator()(std::int64_t offset) const noexcept { *acc += sum_row<T>(x + offset, n); }
};

template <class T>
static void sum_block(const SumAxes& summed, std::int64_t columns, void* y,
                      const void* x) noexcept {
  typename Sum<T>::Acc acc[kColumns] = {};
  const T* from = static_cast<const T*>(x);
  const int last = summed.count - 1;
  if (columns == 1 && last >= 0 && summed.axis[last].step == 1) {
    for_each(summed, last, AddSum<T>{acc, from, summed.axis[last].size});
  } else {
    for_each(summed, summed.count, AddRow<T>{acc, from, columns});
  }
  for (std::int64_t j = 0; j < columns; ++j) static_cast<T*>(y)[j] = Sum<T>::write(acc[j]);
}

static auto loop_of(DType dtype) noexcept -> decltype(&sum_block<float>) {
  switch (dtype) {
    case DType::kFloat32: return sum_block<float>;
    case DType::kFloat64: return sum_block<double>;
    case DType::kFloat16: return sum_block<Half>;
    case DType::kBFloat16: return sum_block<BFloat16>;
    case DType::kInt8:
    case DType::kUint8: return sum_block<std::uint8_t>;
    case DType::kInt16:
    case DType::kUint16: return sum_block<std::uint16_t>;
    case DType::kInt32:
    case DType::kUint32: return sum_block<std::uint32_t>;
    default: return sum_block<std::uint64_t>;
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {
namespace {

constexpr std::int64_t kColumnsPerUnit = baseline::kColumns;
constexpr std::int64_t kElementsPerTask = 1 << 15;

std::int64_t product(const SumAxes& axes) noexcept {
  std::int64_t size = 1;
  for (int i = 0; i < axes.count; ++i) size *= axes.axis[i].size;
  return size;
}

}  // namespace

void SumAxes::add(std::int64_t size, bool summed) noexcept {
  if (size == 1) return;
  for (int i = 0; i < count; ++i) axis[i].step *= size;
  if (count > 0 && axis[count - 1].summed == summed) {
    axis[count - 1].size *= size;
    axis[count - 1].step = 1;
  } else {
    axis[count++] = {size, 1, summed};
  }
}

SumTo::SumTo(SumAxes axes, DType dtype) noexcept {
  // A complex number is two real columns.
  if (dtype == DType::kComplex64 || dtype == DType::kComplex128) {
    axes.add(2, false);
    dtype = dtype == DType::kComplex64 ? DType::kFloat32 : DType::kFloat64;
  }
  if (axes.count > 0 && !axes.axis[axes.count - 1].summed) columns_ = axes.axis[--axes.count].size;
  for (int i = 0; i < axes.count; ++i) {
    SumAxes& side = axes.axis[i].summed ? summed_ : kept_;
    side.axis[side.count++] = axes.axis[i];
  }
  bytes_ = static_cast<std::int64_t>(size_of(dtype));
  loop_ = KERNEL_SELECT(loop_of)(dtype);
  chunks_ = (columns_ + kColumnsPerUnit - 1) / kColumnsPerUnit;
  units_ = product(kept_) * chunks_;
  const std::int64_t unit = product(summed_) * std::min(columns_, kColumnsPerUnit);
  units_per_task_ = std::max<std::int64_t>(1, kElementsPerTask / unit);
  tasks_ = (units_ + units_per_task_ - 1) / units_per_task_;
}

void SumTo::run(void* y, const void* x, std::int64_t task) const noexcept {
  const std::int64_t end = std::min(units_, (task + 1) * units_per_task_);
  for (std::int64_t unit = task * units_per_task_; unit < end; ++unit) {
    const std::int64_t first = unit % chunks_ * kColumnsPerUnit, row = unit / chunks_;
    std::int64_t rest = row, offset = first;
    for (int i = kept_.count - 1; i >= 0; --i) {
      offset += rest % kept_.axis[i].size * kept_.axis[i].step;
      rest /= kept_.axis[i].size;
    }
    loop_(summed_, std::min(kColumnsPerUnit, columns_ - first),
          static_cast<char*>(y) + (row * columns_ + first) * bytes_,
          static_cast<const char*>(x) + offset * bytes_);
  }
}

}  // namespace tw
#endif
