#pragma once

#include <string>

#include "base/error.h"
#include "tensor/dtype.h"

namespace tw {

template <class T>
struct dtype_of_type;
#define TW_DTYPE_OF(type, dtype) \
  template <>                    \
  struct dtype_of_type<type> {   \
    static constexpr DType value = dtype; \
  };
TW_DTYPE_OF(float, DType::kFloat32)
TW_DTYPE_OF(double, DType::kFloat64)
TW_DTYPE_OF(Half, DType::kFloat16)
TW_DTYPE_OF(BFloat16, DType::kBFloat16)
TW_DTYPE_OF(std::int8_t, DType::kInt8)
TW_DTYPE_OF(std::int16_t, DType::kInt16)
TW_DTYPE_OF(std::int32_t, DType::kInt32)
TW_DTYPE_OF(std::int64_t, DType::kInt64)
TW_DTYPE_OF(std::uint8_t, DType::kUint8)
TW_DTYPE_OF(std::uint16_t, DType::kUint16)
TW_DTYPE_OF(std::uint32_t, DType::kUint32)
TW_DTYPE_OF(std::uint64_t, DType::kUint64)
TW_DTYPE_OF(bool, DType::kBool)
TW_DTYPE_OF(std::string, DType::kString)
TW_DTYPE_OF(Complex64, DType::kComplex64)
TW_DTYPE_OF(Complex128, DType::kComplex128)
#undef TW_DTYPE_OF
template <class T>
constexpr DType dtype_of = dtype_of_type<T>::value;

// Calls visit.template operator()<T>() with the C++ type of a numeric dtype (no bool, string or
// complex); bool is visited as uint8 by visit_fixed.
template <class Visitor>
decltype(auto) visit_numeric(DType dtype, Visitor&& visit) {
  switch (dtype) {
    case DType::kFloat32: return visit.template operator()<float>();
    case DType::kFloat64: return visit.template operator()<double>();
    case DType::kFloat16: return visit.template operator()<Half>();
    case DType::kBFloat16: return visit.template operator()<BFloat16>();
    case DType::kInt8: return visit.template operator()<std::int8_t>();
    case DType::kInt16: return visit.template operator()<std::int16_t>();
    case DType::kInt32: return visit.template operator()<std::int32_t>();
    case DType::kInt64: return visit.template operator()<std::int64_t>();
    case DType::kUint8: return visit.template operator()<std::uint8_t>();
    case DType::kUint16: return visit.template operator()<std::uint16_t>();
    case DType::kUint32: return visit.template operator()<std::uint32_t>();
    case DType::kUint64: return visit.template operator()<std::uint64_t>();
    default: fail(Code::kUnimplemented, "expected a numeric dtype, got ", name_of(dtype));
  }
}

// As visit_numeric, for int32 and int64 only: indices, axes and shapes.
template <class Visitor>
decltype(auto) visit_index(DType dtype, Visitor&& visit) {
  switch (dtype) {
    case DType::kInt32: return visit.template operator()<std::int32_t>();
    case DType::kInt64: return visit.template operator()<std::int64_t>();
    default: fail(Code::kInvalidArgument, "expected int32 or int64, got ", name_of(dtype));
  }
}

// Calls visit with an unsigned type of the element's size: for ops that only move elements.
// Strings are visited as std::string; variants are not.
template <class Visitor>
decltype(auto) visit_fixed(DType dtype, Visitor&& visit) {
  if (dtype == DType::kString) return visit.template operator()<std::string>();
  check(dtype != DType::kVariant, Code::kUnimplemented, "variants cannot be moved one by one");
  switch (size_of(dtype)) {
    case 1: return visit.template operator()<std::uint8_t>();
    case 2: return visit.template operator()<std::uint16_t>();
    case 4: return visit.template operator()<std::uint32_t>();
    case 8: return visit.template operator()<std::uint64_t>();
    case 16: return visit.template operator()<Complex128>();
    default: fail(Code::kUnimplemented, "no element of dtype ", name_of(dtype));
  }
}

}  // namespace tw
