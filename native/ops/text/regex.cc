#include "ops/text/regex.h"

#include <algorithm>

#include "ops/text/utf8.h"

namespace tw {
namespace {

bool is_word(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

// Adds the states that are reached without a character.
void Regex::follow(int start, const Here& here, std::vector<int>& list,
                   std::vector<bool>& seen) const {
  std::vector<int> open = {start};
  while (!open.empty()) {
    const int at = open.back();
    open.pop_back();
    if (seen[static_cast<std::size_t>(at)]) continue;
    seen[static_cast<std::size_t>(at)] = true;
    const State& s = states_[static_cast<std::size_t>(at)];
    const bool edge = here.word_before != here.word_after;
    switch (s.kind) {
      case Kind::kSet:
      case Kind::kMatch: list.push_back(at); break;
      case Kind::kSplit: open.insert(open.end(), {s.other, s.next}); break;
      case Kind::kJump: open.push_back(s.next); break;
      case Kind::kStart: if (here.start) open.push_back(s.next); break;
      case Kind::kEnd: if (here.end) open.push_back(s.next); break;
      case Kind::kLineStart: if (here.line_start) open.push_back(s.next); break;
      case Kind::kLineEnd: if (here.line_end) open.push_back(s.next); break;
      case Kind::kWordEdge: if (edge) open.push_back(s.next); break;
      case Kind::kNoWordEdge: if (!edge) open.push_back(s.next); break;
    }
  }
}

bool Regex::matches(std::string_view text) const {
  const std::vector<char32_t> chars = code_points(text);
  std::vector<int> now, next;
  for (std::size_t i = 0; i <= chars.size(); ++i) {
    const bool first = i == 0, last = i == chars.size();
    const Here here{first,
                    last,
                    first || chars[i - 1] == '\n',
                    last || chars[i] == '\n',
                    !first && is_word(chars[i - 1]),
                    !last && is_word(chars[i])};
    std::vector<bool> seen(states_.size());
    std::vector<int> reached;
    if (first) follow(first_, here, reached, seen);
    for (const int at : next) follow(at, here, reached, seen);
    if (last) {
      return std::any_of(reached.begin(), reached.end(), [&](int at) {
        return states_[static_cast<std::size_t>(at)].kind == Kind::kMatch;
      });
    }
    next.clear();
    for (const int at : reached) {
      const State& s = states_[static_cast<std::size_t>(at)];
      if (s.kind == Kind::kSet && sets_[static_cast<std::size_t>(s.set)].holds(chars[i])) {
        next.push_back(s.next);
      }
    }
    if (next.empty()) return false;
  }
  return false;
}

}  // namespace tw
