#pragma once

#include <string_view>
#include <vector>

#include "ops/text/char_set.h"

namespace tw {

// A place in a pattern, and the sets of characters that begin there. Throws kInvalidArgument for
// what it does not understand.
class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern);

 protected:
  bool more() const { return at_ < chars_.size(); }
  char32_t peek() const { return more() ? chars_[at_] : 0; }
  bool take(char32_t c);
  static bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
  static CharSet one(char32_t c) { return {{{c, c}}, false}; }

  // What follows a backslash: a class or one character.
  CharSet escaped();
  // What follows an opening bracket, up to the closing one.
  CharSet bracket();

  std::vector<char32_t> chars_;
  std::size_t at_ = 0;

 private:
  char32_t octal(char32_t first);
  char32_t hexadecimal();
  CharSet bracketed();
};

}  // namespace tw
