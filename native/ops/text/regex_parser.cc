#include <utility>

#include "base/error.h"
#include "ops/text/pattern_reader.h"
#include "ops/text/regex.h"

namespace tw {

constexpr std::size_t kMostStates = 20000;
constexpr int kDeepest = 100;
constexpr std::string_view kNoGroup = "a group that is not supported";

// Builds states back to front: each part is told where it goes on.
class RegexParser : private PatternReader {
 public:
  RegexParser(Regex& regex, std::string_view pattern) : PatternReader(pattern), regex_(regex) {}

  int parse() {
    const Part whole = alternatives();
    check(at_ == chars_.size(), Code::kInvalidArgument, "unmatched ) in the pattern");
    patch(whole, add({Regex::Kind::kMatch}));
    return whole.first;
  }

 private:
  using Kind = Regex::Kind;
  // First state, and the jump at its end that is to be pointed somewhere.
  struct Part {
    int first, last;
  };
  // What (?i), (?m) and (?s) switch on.
  struct Flags {
    bool either_case = false, lines = false, dot_all = false;
  };

  int add(Regex::State state) {
    check(regex_.states_.size() < kMostStates, Code::kInvalidArgument, "the pattern is too large");
    regex_.states_.push_back(state);
    return static_cast<int>(regex_.states_.size()) - 1;
  }
  Regex::State& state(int i) { return regex_.states_[static_cast<std::size_t>(i)]; }
  void patch(Part part, int to) { state(part.last).next = to; }
  Part empty() {
    const int jump = add({Kind::kJump});
    return {jump, jump};
  }
  Part single(Kind kind) {
    const int i = add({kind});
    return {i, i};
  }
  Part set_of(CharSet set) {
    regex_.sets_.push_back(flags_.either_case ? either_case(std::move(set)) : std::move(set));
    const int i = add({Kind::kSet, -1, -1, static_cast<int>(regex_.sets_.size()) - 1});
    return {i, i};
  }

  Part alternatives() {
    check(++depth_ < kDeepest, Code::kInvalidArgument, "the pattern is nested too deeply");
    Part part = sequence();
    while (take('|')) {
      const Part other = sequence();
      const int end = add({Kind::kJump});
      patch(part, end), patch(other, end);
      part = {add({Kind::kSplit, part.first, other.first}), end};
    }
    --depth_;
    return part;
  }

  Part sequence() {
    Part part = empty();
    while (more() && peek() != '|' && peek() != ')') {
      const Part next = repeated();
      patch(part, next.first);
      part.last = next.last;
    }
    return part;
  }

  Part repeated() {
    const std::size_t start = at_;
    Part part = atom();
    int least = 1, most = 1;
    while (quantifier(least, most)) {
      part = repeat(start, part, least, most);
      check(!more() || (peek() != '*' && peek() != '+'), Code::kInvalidArgument,
            "a repetition of a repetition");
    }
    return part;
  }

  // most < 0: without end.
  bool quantifier(int& least, int& most) {
    if (take('*')) least = 0, most = -1;
    else if (take('+')) least = 1, most = -1;
    else if (take('?')) least = 0, most = 1;
    else if (peek() == '{' && at_ + 1 < chars_.size() && is_digit(chars_[at_ + 1])) braces(least, most);
    else return false;
    take('?');  // which way comes first does not matter to whether there is one
    return true;
  }

  int number() {
    int value = 0;
    while (is_digit(peek()) && more()) {
      value = value * 10 + static_cast<int>(chars_[at_++] - '0');
      check(value <= 1000, Code::kInvalidArgument, "a repetition of more than 1000 times");
    }
    return value;
  }

  void braces(int& least, int& most) {
    ++at_;
    least = most = number();
    if (take(',')) most = is_digit(peek()) ? number() : -1;
    check(take('}') && (most < 0 || most >= least), Code::kInvalidArgument, "malformed {} in the pattern");
  }

  // The atom from `start` of the pattern on, read anew for each further time.
  Part again(std::size_t start) {
    const std::size_t here = at_;
    at_ = start;
    const Part part = atom();
    at_ = here;
    return part;
  }

  Part repeat(std::size_t start, Part first, int least, int most) {
    Part whole = empty();
    bool used = false;
    const auto next = [&] {
      const Part part = used ? again(start) : first;
      used = true;
      return part;
    };
    const auto append = [&](Part part) {
      patch(whole, part.first);
      whole.last = part.last;
    };
    for (int i = 0; i < least; ++i) append(next());
    if (most < 0) {
      const Part loop = next();
      const int end = add({Kind::kJump}), split = add({Kind::kSplit, loop.first, end});
      patch(loop, split);
      append({split, end});
    }
    for (int i = least; i < most; ++i) {
      const Part part = next();
      const int end = add({Kind::kJump});
      patch(part, end);
      append({add({Kind::kSplit, part.first, end}), end});
    }
    return whole;
  }

  Part atom() {
    const char32_t c = chars_[at_++];
    if (c == '(') return group();
    if (c == '[') return set_of(bracket());
    if (c == '.') return set_of(flags_.dot_all ? CharSet{{}, true} : CharSet{{{'\n', '\n'}}, true});
    if (c == '^') return single(flags_.lines ? Kind::kLineStart : Kind::kStart);
    if (c == '$') return single(flags_.lines ? Kind::kLineEnd : Kind::kEnd);
    if (c == '\\') return escape();
    check(c != '*' && c != '+' && c != '?', Code::kInvalidArgument, "nothing to repeat in the pattern");
    return set_of(one(c));
  }

  Part group() {
    const Flags outside = flags_;
    if (take('?')) {
      if (take('P')) check(peek() == '<', Code::kInvalidArgument, kNoGroup);
      if (take('<')) {
        while (more() && peek() != '>') ++at_;
        check(take('>'), Code::kInvalidArgument, kNoGroup);
      } else {
        switches();
        if (take(')')) return empty();  // for the rest of the group around it
        check(take(':'), Code::kInvalidArgument, kNoGroup);
      }
    }
    const Part part = alternatives();
    check(take(')'), Code::kInvalidArgument, "missing ) in the pattern");
    flags_ = outside;
    return part;
  }

  // The letters behind (? that switch flags on, and off behind a minus sign.
  void switches() {
    bool on = true;
    for (; more() && peek() != ')' && peek() != ':'; ++at_) {
      switch (peek()) {
        case 'i': flags_.either_case = on; break;
        case 'm': flags_.lines = on; break;
        case 's': flags_.dot_all = on; break;
        case 'U': break;  // which way comes first does not matter
        case '-':
          if (on) {
            on = false;
            break;
          }
          [[fallthrough]];
        default: fail(Code::kInvalidArgument, kNoGroup);
      }
    }
  }

  Part escape() {
    check(more(), Code::kInvalidArgument, "the pattern ends with a backslash");
    if (take('b')) return single(Kind::kWordEdge);
    if (take('B')) return single(Kind::kNoWordEdge);
    if (take('A')) return single(Kind::kStart);
    if (take('z')) return single(Kind::kEnd);
    return set_of(escaped());
  }

  Regex& regex_;
  int depth_ = 0;
  Flags flags_;
};

Regex::Regex(std::string_view pattern) { first_ = RegexParser(*this, pattern).parse(); }

}  // namespace tw
