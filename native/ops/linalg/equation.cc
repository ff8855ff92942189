#include "ops/linalg/equation.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace tw {
namespace {

struct Term {
  Labels before, after;  // the letters before and after the ellipsis
  bool ellipsis = false;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Term parse_term(std::string_view text, std::string_view equation) {
  Term term;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "...") {
      check(!term.ellipsis, Code::kInvalidArgument, "more than one ellipsis in '", text, "' of '",
            equation, "'");
      term.ellipsis = true;
      i += 2;
      continue;
    }
    check(is_letter(text[i]), Code::kInvalidArgument, "expected letters in the equation '",
          equation, "', got '", text[i], "'");
    (term.ellipsis ? term.after : term.before).push_back(text[i]);
  }
  return term;
}

std::vector<Term> parse_terms(std::string_view text, std::string_view equation) {
  std::vector<Term> terms;
  for (std::size_t start = 0;;) {
    const std::size_t comma = text.find(',', start);
    terms.push_back(parse_term(text.substr(start, comma - start), equation));
    if (comma == std::string_view::npos) return terms;
    start = comma + 1;
  }
}

Labels labels_of(const Term& term, int dims) {
  Labels labels = term.before;
  for (int d = dims - 1; d >= 0; --d) labels.push_back(kEllipsis + d);
  labels.insert(labels.end(), term.after.begin(), term.after.end());
  return labels;
}

// numpy's rule: the ellipsis, then the letters that occur once, in alphabetical order.
Term implicit_output(const std::vector<Term>& inputs, bool ellipsis) {
  std::map<Label, int> counts;
  for (const Term& term : inputs) {
    for (Label label : term.before) ++counts[label];
    for (Label label : term.after) ++counts[label];
  }
  Term output{{}, {}, ellipsis};
  for (const auto& [label, count] : counts) {
    if (count == 1) output.after.push_back(label);
  }
  return output;
}

void check_output(const Labels& output, const Equation& e, std::string_view equation) {
  for (Label label : output) {
    const auto name = label < kEllipsis ? std::string(1, static_cast<char>(label)) : "...";
    check(std::count(output.begin(), output.end(), label) == 1, Code::kInvalidArgument,
          "the output of '", equation, "' has '", name, "' more than once");
    const bool found = std::any_of(e.inputs.begin(), e.inputs.end(), [&](const Labels& input) {
      return std::count(input.begin(), input.end(), label) > 0;
    });
    check(found, Code::kInvalidArgument, "the output of '", equation, "' has '", name,
          "', which no input has");
  }
}

// How many dims the ellipsis of an operand stands for; -1: not known.
int ellipsis_dims(const Term& term, const Shape& shape, std::string_view equation) {
  const int letters = static_cast<int>(term.before.size() + term.after.size());
  if (!shape.has_rank()) return term.ellipsis ? -1 : 0;
  check(shape.rank() == letters || (term.ellipsis && shape.rank() > letters),
        Code::kInvalidArgument, "an operand of '", equation, "' has shape ", shape,
        ", the equation gives it ", term.ellipsis ? "at least " : "", letters, " dims");
  return shape.rank() - letters;
}

}  // namespace

ParsedEquation parse_equation(std::string_view text, const std::vector<Shape>& operands) {
  std::string equation(text);
  std::erase(equation, ' ');
  const std::string_view view = equation;
  const std::size_t arrow = view.find("->");
  const std::vector<Term> inputs = parse_terms(view.substr(0, arrow), equation);
  check(inputs.size() == operands.size(), Code::kInvalidArgument, "the equation '", equation,
        "' has ", inputs.size(), " inputs, got ", operands.size());
  ParsedEquation parsed;
  int most = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const int dims = ellipsis_dims(inputs[i], operands[i], equation);
    parsed.known = parsed.known && dims >= 0;
    most = std::max(most, dims);
    parsed.equation.has_ellipsis = parsed.equation.has_ellipsis || inputs[i].ellipsis;
    parsed.equation.inputs.push_back(labels_of(inputs[i], std::max(0, dims)));
  }
  Term output = arrow == std::string_view::npos
                    ? implicit_output(inputs, parsed.equation.has_ellipsis)
                    : parse_term(view.substr(arrow + 2), equation);
  check(output.ellipsis || most == 0, Code::kInvalidArgument, "the output of '", equation,
        "' has no ellipsis, but inputs have");
  parsed.equation.output = labels_of(output, output.ellipsis ? most : 0);
  check_output(parsed.equation.output, parsed.equation, equation);
  return parsed;
}

std::map<Label, std::int64_t> label_sizes(const Equation& equation,
                                          const std::vector<Shape>& operands) {
  std::map<Label, std::int64_t> sizes;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    for (std::size_t axis = 0; axis < equation.inputs[i].size(); ++axis) {
      const Label label = equation.inputs[i][axis];
      const std::int64_t dim =
          operands[i].has_rank() ? operands[i][static_cast<int>(axis)] : kUnknownDim;
      std::int64_t& size = sizes.emplace(label, dim).first->second;
      const bool broadcasts = label >= kEllipsis;
      if (size == dim) continue;
      if (size == kUnknownDim || dim == kUnknownDim) {
        // Unknown against 1 may still broadcast to anything.
        const std::int64_t known = std::max(size, dim);
        size = broadcasts && known == 1 ? kUnknownDim : known;
        continue;
      }
      check(broadcasts && (size == 1 || dim == 1), Code::kInvalidArgument, "Expected dimension ",
            size, " at axis ", axis, " of the input shaped ", operands[i], " but got dimension ",
            dim);
      size = size == 1 ? dim : size;
    }
  }
  return sizes;
}

}  // namespace tw
