#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace tw {

// TensorFlow's canonical status codes, with their numbers.
enum class Code {
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
};

// "INVALID_ARGUMENT" and so on.
const char* code_name(Code code) noexcept;

// The only exception type that the core throws. Each floor that it crosses adds what it alone
// knows: the op and the node.
class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}

  Code code() const noexcept { return code_; }
  const std::string& op() const noexcept { return op_; }
  const std::string& node() const noexcept { return node_; }

  // A copy that names where it happened; the innermost place wins.
  Error at(const std::string& op, const std::string& node) const;

 private:
  Code code_;
  std::string op_, node_;
};

// The arguments, written one after the other.
template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

template <class... Parts>
[[noreturn]] void fail(Code code, const Parts&... parts) {
  throw Error(code, text(parts...));
}

// Throws Error(code, parts...) unless ok. The text is only made on failure.
template <class... Parts>
inline void check(bool ok, Code code, const Parts&... parts) {
  if (!ok) [[unlikely]] fail(code, parts...);
}

}  // namespace tw
