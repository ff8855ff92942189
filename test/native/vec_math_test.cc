#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

#include "test.h"

#define KERNEL_FILE "../test/native/vec_math_test.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"

namespace tw::KERNEL_ISA {

// The distance in units of the last place that the exact value has in type T; 0 when both are NaN
// or the same infinity.
template <class T, class Exact>
static double ulps(T got, Exact exact) {
  if (std::isnan(exact)) return std::isnan(got) ? 0 : 1e30;
  const T rounded = T(exact);
  if (std::isinf(rounded) || std::isinf(got)) {
    if (rounded == got) return 0;
    return std::nextafter(rounded, T(0)) == std::nextafter(got, T(0)) ? 1 : 1e30;
  }
  int exponent;
  std::frexp(exact, &exponent);
  const int last = std::max(exponent - std::numeric_limits<T>::digits,
                            std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits);
  return double(std::fabs(std::ldexp(Exact(got) - exact, -last)));
}

template <class T, class Exact>
struct Row {
  const char* name;
  Vec<T> (*function)(Vec<T>);
  Exact (*exact)(Exact);
  T low, high;
  double bound;
};

// Evenly spaced bit patterns in [low, high], so that every magnitude is visited, and the limits.
template <class T, class Exact>
static double worst_of(const Row<T, Exact>& row, T* at) {
  using U = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  const T inf = std::numeric_limits<T>::infinity();
  T x[64 / sizeof(T)] = {T(0), T(-0.0), inf, -inf};
  double worst = 0;
  std::mt19937_64 random(7);
  for (int block = 0; block < 400000 / kLanes<T>; ++block) {
    for (int i = 0; i < kLanes<T> && (block > 0 || i >= 4); ++i) {
      do {
        const U bits = U(random());
        std::memcpy(&x[i], &bits, sizeof(T));
        if (random() & 1) x[i] = row.low + T(random() >> 11) * T(0x1p-53) * (row.high - row.low);
      } while (!(x[i] >= row.low && x[i] <= row.high));
    }
    const Vec<T> y = row.function(load<Vec<T>>(x));
    for (int i = 0; i < kLanes<T>; ++i) {
      const double d = ulps<T, Exact>(y[i], row.exact(Exact(x[i])));
      if (d > worst) worst = d, *at = x[i];
    }
  }
  const Vec<T> nan = row.function(splat<Vec<T>>(std::numeric_limits<T>::quiet_NaN()));
  return all(nan != nan) ? worst : 1e30;
}

template <class T, class Exact, size_t kCount>
static void check_rows(const Row<T, Exact> (&rows)[kCount]) {
  std::string failed;
  const bool report = std::getenv("TENSORWRIGHT_TEST_REPORT") != nullptr;
  for (const auto& row : rows) {
    T at = 0;
    const double worst = worst_of(row, &at);
    if (report) std::printf("%-12s %.3f ulp at %.9g\n", row.name, worst, double(at));
    if (!(worst <= row.bound)) failed += text(row.name, ": ", worst, " ulp at ", at, "; ");
  }
  test::expect(failed.empty(), failed.c_str(), __FILE__, __LINE__);
}

#define FLOAT_OF(name) \
  static Vec<float> name##_f(Vec<float> x) { return KERNEL_ISA::name(x); }
#define BOTH_OF(name) \
  FLOAT_OF(name)      \
  static Vec<double> name##_d(Vec<double> x) { return KERNEL_ISA::name(x); }
BOTH_OF(exp) BOTH_OF(expm1) BOTH_OF(log) BOTH_OF(log1p) BOTH_OF(sin) BOTH_OF(tanh) BOTH_OF(erf)
BOTH_OF(sigmoid) BOTH_OF(softplus) BOTH_OF(gelu) BOTH_OF(mish) BOTH_OF(rsqrt)
FLOAT_OF(exp2) FLOAT_OF(log2) FLOAT_OF(log10) FLOAT_OF(cos) FLOAT_OF(tan) FLOAT_OF(asin)
FLOAT_OF(acos) FLOAT_OF(atan) FLOAT_OF(sinh) FLOAT_OF(cosh) FLOAT_OF(asinh) FLOAT_OF(acosh)
FLOAT_OF(atanh) FLOAT_OF(erfc) FLOAT_OF(silu) FLOAT_OF(gelu_tanh)

template <class X> static X sigmoid_exact(X x) { return 1 / (1 + std::exp(-x)); }
template <class X> static X silu_exact(X x) {
  return std::isinf(x) && x < 0 ? X(0) : x / (1 + std::exp(-x));
}
template <class X> static X softplus_exact(X x) {
  return std::max(x, X(0)) + std::log1p(std::exp(-std::fabs(x)));
}
template <class X> static X gelu_exact(X x) {
  return std::isinf(x) && x < 0 ? X(0) : x / 2 * std::erfc(x * -std::sqrt(X(0.5)));
}
template <class X> static X gelu_tanh_exact(X x) {
  const X u = 2 * std::sqrt(2 / X(3.14159265358979323846L)) * (x + X(0.044715L) * x * x * x);
  return std::isinf(x) && x < 0 ? X(0) : x / (1 + std::exp(-u));
}
template <class X> static X mish_exact(X x) {
  const X n = std::exp(x) * (std::exp(x) + 2);
  return x > 40 ? x : std::isinf(x) ? X(0) : x * (n / (n + 2));
}
template <class X> static X rsqrt_exact(X x) { return 1 / std::sqrt(x); }

static void float_functions() {
  const float all = std::numeric_limits<float>::infinity();
  // Without a fused product, the baseline rounds the reduced argument and each step once more.
  const double more = KERNEL_BYTES == 16 ? 0.7 : 0;
  const Row<float, double> rows[] = {
      {"exp", exp_f, std::exp, -all, all, 1.0 + more},
      {"exp2", exp2_f, std::exp2, -all, all, 1.1 + more},
      {"expm1", expm1_f, std::expm1, -all, all, 1.6 + more},
      {"log", log_f, std::log, -all, all, 1.0 + more},
      {"log1p", log1p_f, std::log1p, -all, all, 1.6 + more},
      {"log2", log2_f, std::log2, -all, all, 1.6 + more},
      {"log10", log10_f, std::log10, -all, all, 2.0 + more},
      {"sin", sin_f, std::sin, -all, all, 1.6 + more},
      {"sin", sin_f, std::sin, -8, 8, 1.6 + more},
      {"cos", cos_f, std::cos, -all, all, 1.6 + more},
      {"cos", cos_f, std::cos, -8, 8, 1.6 + more},
      {"tan", tan_f, std::tan, -all, all, 2.5 + more},
      {"tan", tan_f, std::tan, -8, 8, 2.5 + more},
      {"asin", asin_f, std::asin, -1, 1, 2.5 + more},
      {"acos", acos_f, std::acos, -1, 1, 2.5 + more},
      {"atan", atan_f, std::atan, -all, all, 2.0 + more},
      {"sinh", sinh_f, std::sinh, -all, all, 2.2 + more},
      {"cosh", cosh_f, std::cosh, -all, all, 2.2 + more},
      {"tanh", tanh_f, std::tanh, -all, all, 1.7 + more},
      {"asinh", asinh_f, std::asinh, -all, all, 3.2 + more},
      {"acosh", acosh_f, std::acosh, 1, all, 3.2 + more},
      {"atanh", atanh_f, std::atanh, -1, 1, 3.5 + more},
      {"erf", erf_f, std::erf, -all, all, 1.4 + more},
      {"erfc", erfc_f, std::erfc, -all, all, 3.5 + more},
      {"sigmoid", sigmoid_f, sigmoid_exact<double>, -all, all, 2.2 + more},
      // Below -87 the sigmoid is denormal and loses digits.
      {"silu", silu_f, silu_exact<double>, -87, all, 2.7 + more},
      {"softplus", softplus_f, softplus_exact<double>, -all, all, 2.5 + more},
      {"gelu", gelu_f, gelu_exact<double>, -13, all, 4.5 + more},
      {"gelu_tanh", gelu_tanh_f, gelu_tanh_exact<double>, -3, all, 8 + more},
      {"mish", mish_f, mish_exact<double>, -87, all, 4.5 + more},
      {"rsqrt", rsqrt_f, rsqrt_exact<double>, -all, all, 1.5},
  };
  check_rows(rows);
}

static void double_functions() {
  const double all = std::numeric_limits<double>::infinity();
  const double more = KERNEL_BYTES == 16 ? 1 : 0;
  using X = long double;
  const Row<double, X> rows[] = {
      {"exp", exp_d, std::exp, -all, all, 1.1 + more},
      {"expm1", expm1_d, std::expm1, -all, all, 1.8 + more},
      {"log", log_d, std::log, -all, all, 1.1 + more},
      {"log1p", log1p_d, std::log1p, -all, all, 1.6 + more},
      {"sigmoid", sigmoid_d, sigmoid_exact<X>, -all, all, 2.2 + more},
      {"softplus", softplus_d, softplus_exact<X>, -all, all, 2.5 + more},
      {"gelu", gelu_d, gelu_exact<X>, -1, all, 3},
      {"mish", mish_d, mish_exact<X>, -700, all, 4.5 + more},
      {"sin", sin_d, std::sin, -all, all, 1},
      {"tanh", tanh_d, std::tanh, -all, all, 2.5},
      {"erf", erf_d, std::erf, -all, all, 2},
      {"rsqrt", rsqrt_d, rsqrt_exact<X>, -all, all, 1.5},
  };
  check_rows(rows);
}

static void powers() {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> base(0, 20), exponent(-30, 30);
  float x[16], y[16];
  for (int block = 0; block < 20000; ++block) {
    for (int i = 0; i < 16; ++i) x[i] = base(random), y[i] = exponent(random);
    if (block % 8 == 0) x[0] = -x[0], y[0] = std::floor(y[0]);
    const Vec<float> p = pow(load<Vec<float>>(x), load<Vec<float>>(y));
    for (int i = 0; i < kLanes<float>; ++i) {
      EXPECT((ulps<float, double>(p[i], std::pow(double(x[i]), double(y[i]))) <= 1.0));
    }
  }
  const float inf = std::numeric_limits<float>::infinity();
  const float cases[][2] = {{0, 0}, {0, -1}, {-2, 3}, {-2, 0.5f}, {inf, -1}, {1, inf}, {-1, inf}};
  for (const auto& c : cases) {
    const float got = pow(splat<Vec<float>>(c[0]), splat<Vec<float>>(c[1]))[0];
    EXPECT((ulps<float, double>(got, std::pow(double(c[0]), double(c[1]))) == 0));
  }
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {
TEST("vec_math: float functions within their bounds") { KERNEL_SELECT(float_functions)(); }
TEST("vec_math: double functions within their bounds") { KERNEL_SELECT(double_functions)(); }
TEST("vec_math: pow") { KERNEL_SELECT(powers)(); }
}  // namespace tw
#endif
