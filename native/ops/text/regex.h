#pragma once

#include <string_view>
#include <vector>

#include "ops/text/char_set.h"

namespace tw {

// A regular expression without back references or look-around, matched in time linear in the text:
// all ways through the pattern are followed at once. Bytes of UTF-8 beyond ASCII are matched as
// code points. Throws kInvalidArgument for a pattern that it does not understand.
class Regex {
 public:
  explicit Regex(std::string_view pattern);
  bool matches(std::string_view text) const;  // all of it

 private:
  friend class RegexParser;
  enum class Kind {
    kSet, kSplit, kJump, kStart, kEnd, kLineStart, kLineEnd, kWordEdge, kNoWordEdge, kMatch
  };
  struct State {
    Kind kind;
    int next = -1, other = -1, set = -1;
  };
  struct Here {
    bool start, end, line_start, line_end, word_before, word_after;
  };
  void follow(int state, const Here& here, std::vector<int>& list, std::vector<bool>& seen) const;

  std::vector<State> states_;
  std::vector<CharSet> sets_;
  int first_ = 0;
};

}  // namespace tw
