#include "simd/isa.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace tw {
namespace {

Isa best_of_cpu() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return Isa::kAvx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("f16c")) {
    return Isa::kAvx2;
  }
#endif
  return Isa::kBaseline;
}

Isa detect() noexcept {
  const Isa best = best_of_cpu();
  const char* cap = std::getenv("TENSORWRIGHT_ISA");
  if (cap == nullptr) return best;
  for (Isa isa : {Isa::kBaseline, Isa::kAvx2, Isa::kAvx512}) {
    if (std::strcmp(cap, isa_name(isa)) == 0 && isa <= best) return isa;
  }
  return best;
}

}  // namespace

Isa active_isa() noexcept {
  static const Isa isa = detect();
  return isa;
}

const char* isa_name(Isa isa) noexcept {
  switch (isa) {
    case Isa::kAvx512: return "avx512";
    case Isa::kAvx2: return "avx2";
    case Isa::kBaseline: break;
  }
  return "baseline";
}

bool has_vnni() noexcept {
#if defined(__x86_64__)
  return active_isa() == Isa::kAvx512 && __builtin_cpu_supports("avx512vnni");
#else
  return false;
#endif
}

bool has_bf16() noexcept {
#if defined(__x86_64__)
  return active_isa() == Isa::kAvx512 && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

}  // namespace tw
