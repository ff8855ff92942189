#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "tensor/shape.h"

namespace tw {

// An axis of an einsum equation: a letter, or a dim that the ellipsis stands for, numbered from
// kEllipsis on, the last one first.
using Label = int;
using Labels = std::vector<Label>;
constexpr Label kEllipsis = 256;

struct Equation {
  std::vector<Labels> inputs;
  Labels output;
  bool has_ellipsis = false;
};

// Throws kInvalidArgument for a malformed equation, or one that does not fit the operands' shapes.
// An operand of unknown rank is taken to have as many dims as letters; when it has an ellipsis, so
// that its rank matters, known is false and the labels are without those of ellipses.
struct ParsedEquation {
  Equation equation;
  bool known = true;
};
ParsedEquation parse_equation(std::string_view text, const std::vector<Shape>& operands);

// The size of each label, unknown dims kept unknown; a 1 under the ellipsis broadcasts.
std::map<Label, std::int64_t> label_sizes(const Equation& equation,
                                          const std::vector<Shape>& operands);

}  // namespace tw
