#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "graph/op_registry.h"
#include "ops/array/inference.h"
#include "ops/array/movement.h"
#include "ops/text/regex.h"
#include "ops/text/utf8.h"

namespace tw {
namespace {

const std::string& text(const Tensor& x, std::int64_t i) { return x.data<std::string>()[i]; }

// Calls each(i, a, b) with the elements of two strings that broadcast against each other.
template <class Each>
void zip(const Shape& shape, const Tensor& a, const Tensor& b, const Each& each) {
  const auto offset = [&](const Tensor& x, std::int64_t index) {
    std::int64_t at = 0, step = 1;
    for (int i = shape.rank() - 1, k = x.rank() - 1; k >= 0; --i, --k) {
      if (x.dim(k) != 1) at += index % shape[i] * step;
      step *= x.dim(k);
      index /= shape[i];
    }
    return at;
  };
  for (std::int64_t i = 0; i < shape.size(); ++i) each(i, text(a, offset(a, i)), text(b, offset(b, i)));
}

void concat_kernel(OpContext& c) {
  Tensor& y = c.allocate_output(0, broadcast(c.input(0).shape(), c.input(1).shape()));
  zip(y.shape(), c.input(0), c.input(1), [&](std::int64_t i, const auto& a, const auto& b) {
    y.mutable_data<std::string>()[i] = a + b;
  });
}

void equal_kernel(OpContext& c) {
  Tensor& y = c.allocate_output(0, broadcast(c.input(0).shape(), c.input(1).shape()));
  zip(y.shape(), c.input(0), c.input(1), [&](std::int64_t i, const auto& a, const auto& b) {
    y.mutable_data<std::uint8_t>()[i] = a == b;
  });
}

void regex_kernel(OpContext& c) {
  const Regex regex(c.attrs().string("pattern"));
  const Tensor& x = c.input(0);
  Tensor& y = c.allocate_output(0, x.shape());
  for (std::int64_t i = 0; i < x.size() && !c.cancelled(); ++i) {
    y.mutable_data<std::uint8_t>()[i] = regex.matches(text(x, i));
  }
}

std::string in_case(const std::string& from, const std::string& action) {
  std::string result;
  for (const char32_t p : code_points(from)) {
    append_utf8(result, action == "LOWER" ? lower_case(p) : upper_case(p));
  }
  return result;
}

// A row of words, or one row in a matrix of one; without the stop words, in another case.
void normalize_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  check(x.rank() == 1 || (x.rank() == 2 && x.dim(0) == 1), Code::kInvalidArgument,
        "expected strings [C] or [1, C], got ", x.shape());
  const std::string action = c.attrs().string("case_change_action");
  const bool exact = c.attrs().flag("is_case_sensitive");
  std::unordered_set<std::string> stops;
  for (const std::string& word : c.attrs().get<std::vector<std::string>>("stopwords")) {
    stops.insert(exact ? word : in_case(word, "LOWER"));
  }
  std::vector<std::string> kept;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const std::string& word = text(x, i);
    if (stops.contains(exact ? word : in_case(word, "LOWER"))) continue;
    kept.push_back(action == "NONE" ? word : in_case(word, action));
  }
  if (kept.empty()) kept.emplace_back();
  const auto count = static_cast<std::int64_t>(kept.size());
  Tensor& y = c.allocate_output(0, x.rank() == 1 ? Shape{count} : Shape{1, count});
  std::move(kept.begin(), kept.end(), y.mutable_data<std::string>());
}

void normalize_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  if (!x.has_rank()) return c.set_output(0, x);
  c.set_output(0, x.rank() == 1 ? Shape{kUnknownDim} : Shape{1, kUnknownDim});
}

// Parts between a delimiter; without one, between runs of white space.
std::vector<std::string> parts_of(const std::string& s, const std::string& delimiter,
                                  std::int64_t most) {
  std::vector<std::string> parts;
  const bool by_space = delimiter.empty();
  const auto is_space = [](char ch) { return ch == ' ' || (ch >= '\t' && ch <= '\r'); };
  std::size_t at = 0;
  if (!by_space && s.empty()) return parts;
  for (;;) {
    while (by_space && at < s.size() && is_space(s[at])) ++at;
    if (by_space && at == s.size()) return parts;
    std::size_t end = s.find(delimiter, at), next = end + delimiter.size();
    if (by_space) {
      end = static_cast<std::size_t>(std::find_if(s.begin() + static_cast<std::ptrdiff_t>(at),
                                                  s.end(), is_space) - s.begin());
      next = end;
      if (end == s.size()) end = std::string::npos;
    }
    const bool last = end == std::string::npos || most == static_cast<std::int64_t>(parts.size());
    parts.push_back(s.substr(at, last ? std::string::npos : end - at));
    if (last) return parts;
    at = next;
  }
}

void split_kernel(OpContext& c) {
  const Tensor& x = c.input(0);
  const std::string delimiter = c.attrs().string("delimiter");
  const std::int64_t most = c.attrs().integer("maxsplit");
  std::vector<std::vector<std::string>> rows;
  std::size_t width = 0;
  for (std::int64_t i = 0; i < x.size(); ++i) {
    rows.push_back(parts_of(text(x, i), delimiter, most));
    width = std::max(width, rows.back().size());
  }
  Shape shape = x.shape();
  shape.push_back(static_cast<std::int64_t>(width));
  Tensor &y = c.allocate_output(0, shape), &counts = c.allocate_output(1, x.shape());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    counts.mutable_data<std::int64_t>()[i] = static_cast<std::int64_t>(rows[i].size());
    std::move(rows[i].begin(), rows[i].end(), y.mutable_data<std::string>() + i * width);
  }
}

void split_shape(ShapeContext& c) {
  const Shape& x = c.input(0);
  c.set_output(0, x.has_rank() ? join(x, Shape{kUnknownDim}) : x);
  c.set_output(1, x);
}

}  // namespace

OP(StringConcat)
    .doc("The strings of two tensors joined, element by element, with broadcasting.")
    .input("x: string").input("y: string").output("z: string")
    .shape(broadcast_shape)
    .no_gradient("strings are not differentiable")
    .kernel(Device::kCpu, concat_kernel);

OP(StringEqual)
    .doc("Whether two strings are the same, element by element, with broadcasting.")
    .input("x: string").input("y: string").output("z: bool")
    .shape(broadcast_shape)
    .no_gradient("strings are not differentiable")
    .kernel(Device::kCpu, equal_kernel);

OP(RegexFullMatch)
    .doc("Whether each string as a whole matches a regular expression. Patterns have classes, groups,\n"
         "flags, alternatives, repetitions, anchors and word edges, but no back references; matching\n"
         "takes time linear in the string.")
    .input("input: string").output("output: bool").attr("pattern: string")
    .shape(same_shape)
    .no_gradient("strings are not differentiable")
    .kernel(Device::kCpu, regex_kernel);

OP(StringNormalizer)
    .doc("A row of words without the stop words, in lower or upper case when asked for; one empty\n"
         "string when none is left.")
    .input("x: string").output("y: string")
    .attr("case_change_action: {NONE, LOWER, UPPER} = NONE").attr("is_case_sensitive: bool = false")
    .attr("stopwords: list(string) = []")
    .shape(normalize_shape)
    .no_gradient("strings are not differentiable")
    .kernel(Device::kCpu, normalize_kernel);

OP(StringSplit)
    .doc("The parts of each string between a delimiter, or between white space when that is empty,\n"
         "along a new last axis filled up with empty strings; and how many there are. At most\n"
         "maxsplit + 1 parts unless that is negative.")
    .input("x: string").output("y: string").output("counts: int64")
    .attr("delimiter: string").attr("maxsplit: int = -1")
    .shape(split_shape)
    .no_gradient("strings are not differentiable")
    .kernel(Device::kCpu, split_kernel);

}  // namespace tw
