#include "ops/math/cast_narrow.h"

#include <algorithm>
#include <type_traits>

#include "kernels/narrow.h"

namespace tw {
namespace {

constexpr std::int64_t kBlock = 16384;

// Calls body with [first, last) of each block of elements.
template <class Body>
void by_block(const OpContext& c, std::int64_t size, const Body& body) {
  c.parallel_for((size + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
    body(task * kBlock, std::min(size, (task + 1) * kBlock));
  });
}

double as_double(Half x) noexcept { return to_float(x); }
double as_double(BFloat16 x) noexcept { return to_float(x); }
template <class T>
double as_double(T x) noexcept { return static_cast<double>(x); }

// What to_narrow takes to the same byte; wide integers that wrap keep the bits that stay.
template <class T>
double narrowed(DType to, T x) noexcept {
  if constexpr (std::is_integral_v<T> && sizeof(T) == 8) {
    if (is_narrow_integer(to)) return as_double(static_cast<std::uint8_t>(x));
  }
  return as_double(x);
}

template <class T>
struct From {
  static T apply(float x) noexcept { return static_cast<T>(x); }
};
template <>
struct From<Half> {
  static Half apply(float x) noexcept { return to_half(x); }
};
template <>
struct From<BFloat16> {
  static BFloat16 apply(float x) noexcept { return to_bfloat16(x); }
};

// bool as uint8, where anything but 0 is true.
template <class Visitor>
void visit_real(DType dtype, Visitor&& visit) {
  if (dtype == DType::kBool) return visit.template operator()<std::uint8_t>();
  visit_numeric(dtype, visit);
}

Narrowing narrowing_of(const OpContext& c) {
  const std::string scale = c.attrs().string("scale_round");
  using Scale = Narrowing::Scale;
  return {c.attrs().flag("saturate"), scale == "up"     ? Scale::kUp
                                      : scale == "down" ? Scale::kDown
                                                        : Scale::kNearest};
}

}  // namespace

void cast_narrow(OpContext& c) {
  const Tensor& x = c.input(0);
  const Tensor& y = c.output(0);
  const DType from = x.dtype(), to = y.dtype();
  const float* values = is_narrow(from) ? narrow_values(from) : nullptr;
  const auto* bytes = x.data<std::uint8_t>();
  auto* out = y.mutable_data<std::uint8_t>();
  const Narrowing how = narrowing_of(c);
  if (!is_narrow(to)) {
    return visit_real(to, [&]<class T>() {
      const bool logical = to == DType::kBool;
      by_block(c, x.size(), [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
          const float v = values[bytes[i]];
          y.mutable_data<T>()[i] = logical ? From<T>::apply(v != 0) : From<T>::apply(v);
        }
      });
    });
  }
  if (is_narrow(from)) {
    return by_block(c, x.size(), [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        out[i] = from == to ? bytes[i] : to_narrow(to, static_cast<double>(values[bytes[i]]), how);
      }
    });
  }
  visit_real(from, [&]<class T>() {
    by_block(c, x.size(), [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        out[i] = to_narrow(to, narrowed(to, x.data<T>()[i]), how);
      }
    });
  });
}

}  // namespace tw
