#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "graph/op_context.h"
#include "graph/op_registry.h"
#include "ops/array/inference.h"

namespace tw {
namespace {

template <class T>
std::string spelled(T value) {
  char text[64];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

std::string spelled_float(double value, bool single) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "INF" : "-INF";
  return single ? spelled(static_cast<float>(value)) : spelled(value);
}

template <class T>
std::string text_of(T value) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    return spelled_float(static_cast<double>(to_float(value)), true);
  } else if constexpr (std::is_floating_point_v<T>) {
    return spelled_float(static_cast<double>(value), sizeof(T) == 4);
  } else if constexpr (sizeof(T) == 1) {
    return spelled(static_cast<int>(value));
  } else {
    return spelled(value);
  }
}

void as_string_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  Tensor& y = c.allocate_output(0, x.shape());
  auto* to = y.mutable_data<std::string>();
  if (x.dtype() == DType::kBool) {
    for (std::int64_t i = 0; i < x.size(); ++i) to[i] = x.data<bool>()[i] ? "1" : "0";
    return;
  }
  visit_numeric(x.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < x.size(); ++i) to[i] = text_of(x.data<T>()[i]);
  });
}

std::string_view without_space(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || (s.front() >= '\t' && s.front() <= '\r'))) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || (s.back() >= '\t' && s.back() <= '\r'))) s.remove_suffix(1);
  return s;
}

// The whole string as a number; from_chars takes no plus sign and spells infinity as C does.
double parsed(const std::string& text) {
  std::string_view s = without_space(text);
  if (s.starts_with('+')) s.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  const bool whole = end == s.data() + s.size() && !s.empty();
  if (whole && error == std::errc::result_out_of_range) {
    const bool tiny = s.find("e-") != s.npos || s.find("E-") != s.npos;
    const double size = tiny ? 0 : std::numeric_limits<double>::infinity();
    return s.starts_with('-') ? -size : size;
  }
  check(whole && error == std::errc(), Code::kInvalidArgument, "'", text, "' is not a number");
  return value;
}

template <class T>
T number_of(const std::string& text) {
  if constexpr (std::is_same_v<T, Half>) {
    return to_half(static_cast<float>(parsed(text)));
  } else if constexpr (std::is_same_v<T, BFloat16>) {
    return to_bfloat16(static_cast<float>(parsed(text)));
  } else if constexpr (std::is_integral_v<T>) {
    std::string_view s = without_space(text);
    if (s.starts_with('+')) s.remove_prefix(1);
    T value = 0;
    const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
    if (error == std::errc() && end == s.data() + s.size()) return value;
    const double wide = std::trunc(parsed(text));
    check(wide >= static_cast<double>(std::numeric_limits<T>::lowest()) &&
              wide < static_cast<double>(std::numeric_limits<T>::max()),
          Code::kInvalidArgument, "'", text, "' is beyond the range of the dtype");
    return static_cast<T>(wide);
  } else {
    return static_cast<T>(parsed(text));
  }
}

void to_number_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  Tensor& y = c.allocate_output(0, x.shape());
  visit_numeric(y.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < x.size(); ++i) {
      y.mutable_data<T>()[i] = number_of<T>(x.data<std::string>()[i]);
    }
  });
}

}  // namespace

OP(AsString)
    .doc("Each number in as few digits as tell it apart; NaN, INF and -INF; bool as 1 and 0.")
    .input("input: T").output("output: string").attr("T: real")
    .shape(same_shape)
    .no_gradient("strings are not differentiable")
    .kernel(Device::kCpu, as_string_kernel);

OP(StringToNumber)
    .doc("The number that each string spells; white space around it does not count.")
    .input("string_tensor: string").output("output: out_type").attr("out_type: numeric = float32")
    .shape(same_shape)
    .no_gradient("strings are not differentiable")
    .kernel(Device::kCpu, to_number_kernel);

}  // namespace tw
