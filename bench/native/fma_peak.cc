// An addon for bench/: the fused multiply-add rate that the machine reaches in registers.
// peak(threads, milliseconds) -> GFLOP/s of `threads` threads together.
#include <node_api.h>

#include <chrono>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

#define KERNEL_FILE "../bench/native/fma_peak.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

// Floating point operations done in `rounds` rounds. Twelve chains hide the latency of the
// instruction on every core of the last ten years.
static double multiply_add(std::int64_t rounds, float* sink) noexcept {
  using V = Vec<float>;
  constexpr int kChains = 12;
  V sums[kChains];
  for (int i = 0; i < kChains; ++i) sums[i] = splat<V>(float(i));
  const V a = splat<V>(sink[0]), b = splat<V>(sink[1]);
  for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) sums[i] = fma(sums[i], a, b);
  }
  V total{};
  for (const V& sum : sums) total = total + sum;
  store(sink, total);
  return 2.0 * kChains * kLanes<float> * double(rounds);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

using Clock = std::chrono::steady_clock;

// Ties the calling thread to the n-th of the cores that the process may use: the scheduler might
// begin two threads on one core.
static void tie_to_core(int n) {
#ifdef __linux__
  static const cpu_set_t all = [] {
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    return set;
  }();
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &all) || n-- > 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
    return;
  }
#else
  static_cast<void>(n);
#endif
}

static double burn(double seconds) {
  float sink[16] = {0.999f, 0.001f};
  double work = 0, spent = 0;
  for (const auto began = Clock::now(); spent < seconds;) {
    work += KERNEL_SELECT(multiply_add)(5000, sink);
    sink[0] = 0.999f;
    sink[1] = 0.001f;
    spent = std::chrono::duration<double>(Clock::now() - began).count();
  }
  return work / spent;
}

static double rate(int threads, double seconds) {
  if (threads == 1) return burn(seconds);
  std::vector<double> rates(std::size_t(threads), 0.0);
  std::vector<std::thread> others;
  for (int t = 0; t < threads; ++t) {
    others.emplace_back([&rates, seconds, t] {
      tie_to_core(t);
      rates[std::size_t(t)] = burn(seconds);
    });
  }
  for (std::thread& other : others) other.join();
  double sum = 0;
  for (double r : rates) sum += r;
  return sum;
}

static napi_value peak(napi_env env, napi_callback_info info) {
  napi_value values[2] = {}, result = nullptr;
  std::size_t count = 2;
  std::int32_t threads = 1;
  double milliseconds = 0;
  napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  napi_get_value_int32(env, values[0], &threads);
  napi_get_value_double(env, values[1], &milliseconds);
  napi_create_double(env, rate(threads, milliseconds / 1e3) / 1e9, &result);
  return result;
}

static napi_value export_peak(napi_env env, napi_value exports) {
  napi_value function = nullptr;
  napi_create_function(env, "peak", NAPI_AUTO_LENGTH, peak, nullptr, &function);
  napi_set_named_property(env, exports, "peak", function);
  return exports;
}

}  // namespace tw

NAPI_MODULE(fma_peak, tw::export_peak)
#endif
