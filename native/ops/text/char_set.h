#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace tw {

struct CharRange {
  char32_t first, last;
};

// Characters by their code points.
struct CharSet {
  std::vector<CharRange> ranges;
  bool negated = false;
  bool holds(char32_t c) const;
};

// The ranges between the given ones.
std::vector<CharRange> ranges_between(const std::vector<CharRange>& ranges);
// The class of a letter after a backslash: d, w, s and their capitals.
std::optional<CharSet> letter_class(char32_t letter);
// The class of a name, as in [:alpha:].
std::optional<CharSet> named_class(std::string_view name);
// The set with the other case of each of its letters.
CharSet either_case(CharSet set);

}  // namespace tw
