#include "base/error.h"
#include "ops/text/regex.h"
#include "ops/text/utf8.h"

namespace tw {

constexpr std::size_t kMostStates = 20000;
constexpr int kDeepest = 100;

// Builds states back to front: each part is told where it goes on.
class RegexParser {
 public:
  RegexParser(Regex& regex, std::string_view pattern) : regex_(regex), chars_(code_points(pattern)) {}

  int parse() {
    const Part whole = alternatives();
    check(at_ == chars_.size(), Code::kInvalidArgument, "unmatched ) in the pattern");
    patch(whole, add({Regex::Kind::kMatch}));
    return whole.first;
  }

 private:
  using Kind = Regex::Kind;
  using Set = Regex::Set;
  // First state, and the jump at its end that is to be pointed somewhere.
  struct Part {
    int first, last;
  };

  bool more() const { return at_ < chars_.size(); }
  char32_t peek() const { return more() ? chars_[at_] : 0; }
  bool take(char32_t c) {
    if (peek() != c || !more()) return false;
    ++at_;
    return true;
  }

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
  Part set_of(Set set) {
    regex_.sets_.push_back(std::move(set));
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

  static bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

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
    if (c == '.') return set_of({{{'\n', '\n'}}, true});
    if (c == '^') return single(Kind::kStart);
    if (c == '$') return single(Kind::kEnd);
    if (c == '\\') return escape();
    check(c != '*' && c != '+' && c != '?', Code::kInvalidArgument, "nothing to repeat in the pattern");
    return set_of({{{c, c}}, false});
  }

  Part group() {
    if (take('?')) {
      if (take('P')) check(peek() == '<', Code::kInvalidArgument, "a group that is not supported");
      if (take('<')) {
        while (more() && peek() != '>') ++at_;
        check(take('>'), Code::kInvalidArgument, "a group that is not supported");
      } else {
        check(take(':'), Code::kInvalidArgument, "a group that is not supported");
      }
    }
    const Part part = alternatives();
    check(take(')'), Code::kInvalidArgument, "missing ) in the pattern");
    return part;
  }

  Part escape() {
    check(more(), Code::kInvalidArgument, "the pattern ends with a backslash");
    if (take('b')) return single(Kind::kWordEdge);
    if (take('B')) return single(Kind::kNoWordEdge);
    if (take('A')) return single(Kind::kStart);
    if (take('z')) return single(Kind::kEnd);
    return set_of(escaped());
  }

  // What follows a backslash: a class or one character.
  Set escaped() {
    const char32_t c = chars_[at_++];
    const bool negated = c == 'D' || c == 'W' || c == 'S';
    if (c == 'd' || c == 'D') return {{{'0', '9'}}, negated};
    if (c == 'w' || c == 'W') return {{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'_', '_'}}, negated};
    if (c == 's' || c == 'S') return {{{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}, negated};
    const char32_t known = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
    check(known != c || !letter, Code::kInvalidArgument, "an escape that is not supported");
    return {{{known, known}}, false};
  }

  // The ranges between the given ones.
  static std::vector<Regex::Range> others(const std::vector<Regex::Range>& ranges) {
    std::vector<Regex::Range> left = {{0, 0x10ffff}};
    for (const Regex::Range& r : ranges) {
      std::vector<Regex::Range> next;
      for (const Regex::Range& l : left) {
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

  Set plain() {
    const char32_t c = chars_[at_++];
    return {{{c, c}}, false};
  }

  Set bracket() {
    Set set;
    set.negated = take('^');
    for (bool first = true; first || peek() != ']'; first = false) {
      check(more(), Code::kInvalidArgument, "missing ] in the pattern");
      Set one = take('\\') && more() ? escaped() : plain();
      if (one.negated) one.ranges = others(one.ranges);
      const bool spans = one.ranges.size() == 1 && one.ranges[0].first == one.ranges[0].last &&
                         peek() == '-' && at_ + 1 < chars_.size() && chars_[at_ + 1] != ']';
      if (spans) {
        ++at_;
        const Set last = take('\\') && more() ? escaped() : plain();
        one.ranges[0].last = last.ranges[0].last;
        check(one.ranges[0].first <= one.ranges[0].last, Code::kInvalidArgument,
              "a range of the pattern goes backwards");
      }
      set.ranges.insert(set.ranges.end(), one.ranges.begin(), one.ranges.end());
    }
    ++at_;
    return set;
  }

  Regex& regex_;
  std::vector<char32_t> chars_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

Regex::Regex(std::string_view pattern) { first_ = RegexParser(*this, pattern).parse(); }

}  // namespace tw
