#include "ops/text/pattern_reader.h"

#include <optional>
#include <string>

#include "base/error.h"
#include "ops/text/utf8.h"

namespace tw {
namespace {

bool is_octal(char32_t c) { return c >= '0' && c <= '7'; }

}  // namespace

PatternReader::PatternReader(std::string_view pattern) : chars_(code_points(pattern)) {}

bool PatternReader::take(char32_t c) {
  if (peek() != c || !more()) return false;
  ++at_;
  return true;
}

CharSet PatternReader::escaped() {
  const char32_t c = chars_[at_++];
  if (auto set = letter_class(c)) return *set;
  if (c == 'x') return one(hexadecimal());
  // A digit alone would refer back to a group.
  if (c == '0' || (is_octal(c) && is_octal(peek()))) return one(octal(c));
  constexpr std::string_view kLetters = "afnrtv", kMeanings = "\a\f\n\r\t\v";
  const std::size_t known = c < 0x80 ? kLetters.find(static_cast<char>(c)) : std::string_view::npos;
  if (known != std::string_view::npos) return one(static_cast<char32_t>(kMeanings[known]));
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
  check(!letter, Code::kInvalidArgument, "an escape that is not supported");
  return one(c);
}

// The code point of at most three digits.
char32_t PatternReader::octal(char32_t first) {
  char32_t value = first - '0';
  for (int i = 0; i < 2 && is_octal(peek()); ++i) value = value * 8 + (chars_[at_++] - '0');
  return value;
}

// The code point of two digits, or of any number of them in braces.
char32_t PatternReader::hexadecimal() {
  const bool braced = take('{');
  char32_t value = 0;
  int digits = 0;
  for (; more() && (braced || digits < 2); ++digits, ++at_) {
    const char32_t c = lower_case(peek());
    const bool is_letter = c >= 'a' && c <= 'f';
    if (!is_digit(c) && !is_letter) break;
    value = value * 16 + (is_letter ? c - 'a' + 10 : c - '0');
    check(value <= 0x10ffff, Code::kInvalidArgument, "a character that there is not");
  }
  check((braced ? digits > 0 : digits == 2) && (!braced || take('}')), Code::kInvalidArgument,
        "malformed \\x in the pattern");
  return value;
}

// A class, an escape or a character within brackets.
CharSet PatternReader::bracketed() {
  if (take('\\')) {
    check(more(), Code::kInvalidArgument, "the pattern ends with a backslash");
    return escaped();
  }
  if (peek() == '[' && at_ + 1 < chars_.size() && chars_[at_ + 1] == ':') {
    std::string name;
    for (at_ += 2; more() && peek() != ':'; ++at_) append_utf8(name, peek());
    auto set = named_class(name);
    check(set && take(':') && take(']'), Code::kInvalidArgument,
          "a class that is not supported in the pattern");
    return *set;
  }
  return one(chars_[at_++]);
}

CharSet PatternReader::bracket() {
  CharSet set;
  set.negated = take('^');
  for (bool first = true; first || peek() != ']'; first = false) {
    check(more(), Code::kInvalidArgument, "missing ] in the pattern");
    CharSet part = bracketed();
    if (part.negated) part.ranges = ranges_between(part.ranges);
    const bool spans = part.ranges.size() == 1 && part.ranges[0].first == part.ranges[0].last &&
                       peek() == '-' && at_ + 1 < chars_.size() && chars_[at_ + 1] != ']';
    if (spans) {
      ++at_;
      part.ranges[0].last = bracketed().ranges[0].last;
      check(part.ranges[0].first <= part.ranges[0].last, Code::kInvalidArgument,
            "a range of the pattern goes backwards");
    }
    set.ranges.insert(set.ranges.end(), part.ranges.begin(), part.ranges.end());
  }
  ++at_;
  return set;
}

}  // namespace tw
