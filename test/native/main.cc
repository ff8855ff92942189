#include <cstdio>
#include <cstring>

#include "simd/isa.h"
#include "test.h"

namespace tw::test {

static Case* head = nullptr;

Case::Case(const char* name, void (*body)()) : name(name), body(body), next(head) { head = this; }

static int run_all(const char* filter) {
  int passed = 0, failed = 0;
  for (Case* c = head; c != nullptr; c = c->next) {
    if (filter != nullptr && std::strstr(c->name, filter) == nullptr) continue;
    try {
      c->body();
      ++passed;
    } catch (const std::exception& e) {
      ++failed;
      std::printf("FAILED %s\n  %s\n", c->name, e.what());
    }
  }
  std::printf("%s: %d passed, %d failed\n", isa_name(active_isa()), passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace tw::test

int main(int argc, char** argv) { return tw::test::run_all(argc > 1 ? argv[1] : nullptr); }
