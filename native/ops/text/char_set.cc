#include "ops/text/char_set.h"

#include <algorithm>

#include "ops/text/utf8.h"

namespace tw {
namespace {

// Behind it lie no letters that have cases.
constexpr char32_t kLastCased = 0x52f;

struct NamedClass {
  std::string_view name;
  std::vector<CharRange> ranges;
};

const std::vector<NamedClass>& named_classes() {
  static const std::vector<NamedClass> classes = {
      {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
      {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
      {"ascii", {{0, 0x7f}}},
      {"blank", {{'\t', '\t'}, {' ', ' '}}},
      {"cntrl", {{0, 0x1f}, {0x7f, 0x7f}}},
      {"digit", {{'0', '9'}}},
      {"graph", {{'!', '~'}}},
      {"lower", {{'a', 'z'}}},
      {"print", {{' ', '~'}}},
      {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"space", {{'\t', '\r'}, {' ', ' '}}},
      {"upper", {{'A', 'Z'}}},
      {"word", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, {'_', '_'}}},
      {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
  };
  return classes;
}

}  // namespace

bool CharSet::holds(char32_t c) const {
  const bool inside = std::any_of(ranges.begin(), ranges.end(),
                                  [&](CharRange r) { return c >= r.first && c <= r.last; });
  return inside != negated;
}

std::vector<CharRange> ranges_between(const std::vector<CharRange>& ranges) {
  std::vector<CharRange> left = {{0, 0x10ffff}};
  for (const CharRange& r : ranges) {
    std::vector<CharRange> next;
    for (const CharRange& l : left) {
      if (r.last < l.first || r.first > l.last) {
        next.push_back(l);
        continue;
      }
      if (r.first > l.first) next.push_back({l.first, r.first - 1});
      if (r.last < l.last) next.push_back({r.last + 1, l.last});
    }
    left = std::move(next);
  }
  return left;
}

std::optional<CharSet> letter_class(char32_t letter) {
  switch (letter) {
    case 'd':
    case 'D': return CharSet{{{'0', '9'}}, letter == 'D'};
    case 'w':
    case 'W': return CharSet{{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'_', '_'}}, letter == 'W'};
    case 's':
    case 'S': return CharSet{{{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}, letter == 'S'};
    default: return std::nullopt;
  }
}

std::optional<CharSet> named_class(std::string_view name) {
  const bool negated = name.starts_with('^');
  if (negated) name.remove_prefix(1);
  for (const NamedClass& one : named_classes()) {
    if (one.name == name) return CharSet{one.ranges, negated};
  }
  return std::nullopt;
}

CharSet either_case(CharSet set) {
  const CharSet given{set.ranges};
  for (const CharRange& r : given.ranges) {
    for (char32_t c = r.first; c <= std::min(r.last, kLastCased); ++c) {
      for (const char32_t other : {lower_case(c), upper_case(c)}) {
        if (!given.holds(other)) set.ranges.push_back({other, other});
      }
    }
  }
  return set;
}

}  // namespace tw
