#pragma once

#include <functional>
#include <string>

#include "base/error.h"

namespace tw::test {

// A test case that registers itself; main.cc runs all of them, or those whose name contains
// the first command line argument.
struct Case {
  Case(const char* name, void (*body)());
  const char* name;
  void (*body)();
  Case* next;
};

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void expect(bool ok, const char* what, const char* file, int line) {
  if (!ok) throw Failure(text(file, ":", line, ": ", what));
}

}  // namespace tw::test

#define TW_JOIN2(a, b) a##b
#define TW_JOIN(a, b) TW_JOIN2(a, b)
#define TEST(name)                                                                     \
  static void TW_JOIN(test_body_, __LINE__)();                                         \
  static ::tw::test::Case TW_JOIN(test_case_, __LINE__)(name, TW_JOIN(test_body_, __LINE__)); \
  static void TW_JOIN(test_body_, __LINE__)()
#define EXPECT(condition) ::tw::test::expect((condition), #condition, __FILE__, __LINE__)
#define EXPECT_NEAR(a, b, bound)                                                            \
  ::tw::test::expect(((a) - (b) <= (bound)) && ((b) - (a) <= (bound)),                      \
                     ::tw::text(#a " = ", (a), ", " #b " = ", (b)).c_str(), __FILE__, __LINE__)
#define EXPECT_ERROR(statement, expected_code)                              \
  do {                                                                      \
    bool caught = false;                                                    \
    try {                                                                   \
      statement;                                                            \
    } catch (const ::tw::Error& e) {                                        \
      caught = e.code() == (expected_code);                                 \
    }                                                                       \
    ::tw::test::expect(caught, #statement " does not fail with " #expected_code, __FILE__, __LINE__); \
  } while (false)
