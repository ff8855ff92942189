// Prints the fused multiply-add rate that the machine reaches in registers, as JSON: one line for
// each line of milliseconds that it reads.
// fma_peak [threads]
#include <chrono>
#include <cstdio>
#include <cstdlib>
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

static double rate(int threads, double seconds) {
  std::vector<double> rates(std::size_t(threads), 0.0);
  const auto measure = [&](int t) {
    if (threads > 1) tie_to_core(t);
    float sink[16] = {0.999f, 0.001f};
    double work = 0, spent = 0;
    for (const auto began = Clock::now(); spent < seconds;) {
      work += KERNEL_SELECT(multiply_add)(5000, sink);
      sink[0] = 0.999f;
      sink[1] = 0.001f;
      spent = std::chrono::duration<double>(Clock::now() - began).count();
    }
    rates[std::size_t(t)] = work / spent;
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(measure, t);
  measure(0);
  for (std::thread& other : others) other.join();
  double sum = 0;
  for (double r : rates) sum += r;
  return sum / 1e9;
}

}  // namespace tw

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  tw::rate(threads, 0.01);
  for (double milliseconds; std::scanf("%lf", &milliseconds) == 1;) {
    std::printf("{\"isa\": \"%s\", \"threads\": %d, \"gflops\": %.2f}\n",
                tw::isa_name(tw::active_isa()), threads, tw::rate(threads, milliseconds / 1000));
    std::fflush(stdout);
  }
}
#endif
