#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "test.h"

#define KERNEL_FILE "../test/native/vec_test.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"

namespace tw::KERNEL_ISA {

static const float kNan = std::numeric_limits<float>::quiet_NaN();
static const float kInf = std::numeric_limits<float>::infinity();

template <class T>
static void partial_touches_n_lanes() {
  using V = Vec<T>;
  T in[64 / sizeof(T)], out[64 / sizeof(T)];
  for (int i = 0; i < kLanes<T>; ++i) in[i] = T(i + 1);
  for (int n = 0; n <= kLanes<T>; ++n) {
    const V v = load_partial<V>(in, n);
    for (int i = 0; i < kLanes<T>; ++i) EXPECT(v[i] == (i < n ? in[i] : T(0)));
    for (T& x : out) x = T(99);
    store_partial(out, load<V>(in), n);
    for (int i = 0; i < kLanes<T>; ++i) EXPECT(out[i] == (i < n ? in[i] : T(99)));
  }
}

static void partials() {
  partial_touches_n_lanes<float>();
  partial_touches_n_lanes<double>();
  partial_touches_n_lanes<int8_t>();
  partial_touches_n_lanes<uint16_t>();
  partial_touches_n_lanes<int32_t>();
  partial_touches_n_lanes<int64_t>();
}

// Applies f to x in every lane and checks that the lanes agree.
template <class T, class F>
static T at(F f, T x) {
  const Vec<T> r = f(splat<Vec<T>>(x));
  for (int i = 1; i < kLanes<T>; ++i) EXPECT(std::memcmp(&r, &((T*)&r)[i], sizeof(T)) == 0);
  return r[0];
}
template <class T>
static bool same(T a, T b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

struct RoundEven { template <class V> V operator()(V v) const { return round_even(v); } };
struct Floor { template <class V> V operator()(V v) const { return floor(v); } };
struct Ceil { template <class V> V operator()(V v) const { return ceil(v); } };
struct Trunc { template <class V> V operator()(V v) const { return trunc(v); } };
struct Sqrt { template <class V> V operator()(V v) const { return sqrt(v); } };
struct Abs { template <class V> V operator()(V v) const { return abs(v); } };

template <class T>
static void rounding_of() {
  const T values[] = {0,     T(-0.0), T(0.5),  T(-0.5),  T(1.5),       T(2.5),        T(-2.5),
                      T(0.3), T(-0.3), T(1e30), T(-7.9), T(8388607.5), T(8388608),    T(-1e9),
                      T(kInf), T(-kInf), T(kNan), T(4.9), T(1e-40),    T(4503599627370495.5)};
  for (T x : values) {
    EXPECT(same(at<T>(RoundEven{}, x), std::nearbyint(x)));
    EXPECT(same(at<T>(Floor{}, x), std::floor(x)));
    EXPECT(same(at<T>(Ceil{}, x), std::ceil(x)));
    EXPECT(same(at<T>(Trunc{}, x), std::trunc(x)));
    EXPECT(same(at<T>(Sqrt{}, x), std::sqrt(x)));
    EXPECT(same(at<T>(Abs{}, x), std::fabs(x)));
  }
}
static void rounding() {
  rounding_of<float>();
  rounding_of<double>();
}

static void extremes() {
  using V = Vec<float>;
  const V nan = splat<V>(kNan), one = splat<V>(1);
  EXPECT(all(max(nan, one) != max(nan, one)) && all(max(one, nan) != max(one, nan)));
  EXPECT(all(min(nan, one) != min(nan, one)) && all(min(one, nan) != min(one, nan)));
  EXPECT(all(max(one, -one) == one) && all(min(one, -one) == -one));
  EXPECT(all(max_or_second(V{}, nan) != V{}) && !any(one < V{}));
  using I = Vec<int64_t>;
  EXPECT(all(max(splat<I>(-3), splat<I>(2)) == 2) && all(abs(splat<I>(-3)) == 3));
  EXPECT(all(copysign(one, splat<V>(-0.0f)) == -1.0f));
}

static void sums() {
  float x[16];
  for (int i = 0; i < 16; ++i) x[i] = float(i * i);
  float expected = 0;
  for (int i = 0; i < kLanes<float>; ++i) expected += x[i];
  EXPECT(sum_across(load<Vec<float>>(x)) == expected);
  EXPECT(max_across(load<Vec<float>>(x)) == x[kLanes<float> - 1]);
  EXPECT(min_across(-load<Vec<float>>(x)) == -x[kLanes<float> - 1]);
  x[1] = kNan;
  EXPECT(std::isnan(max_across(load<Vec<float>>(x))));
  int8_t bytes[64] = {};
  for (int i = 0; i < 4; ++i) bytes[i] = int8_t(i + 1);
  EXPECT(sum_across(load<Vec<int8_t>>(bytes)) == 10);
  const double d[8] = {1, 2, 4, 8, 16, 32, 64, 128};
  EXPECT(sum_across(load<Vec<double>>(d)) == double((1 << kLanes<double>) - 1));
}

static void conversions() {
  int8_t in[16], out[16] = {};
  for (int i = 0; i < 16; ++i) in[i] = int8_t(i - 8);
  const Vec<float> v = load_as<Vec<float>>(in);
  for (int i = 0; i < kLanes<float>; ++i) EXPECT(v[i] == float(i - 8));
  store_as<int8_t>(out, convert<int32_t>(v));
  EXPECT(std::memcmp(in, out, kLanes<float>) == 0);
  const Vec<int64_t> wide = convert<int64_t>(splat<Vec<double>>(-3.7));
  EXPECT(all(wide == -3));
}

// The definition: the nearest of the two neighbours, ties to the even one.
static float half_value(uint16_t h) {
  const int exponent = (h >> 10) & 31, fraction = h & 1023;
  const float sign = h & 0x8000 ? -1.0f : 1.0f;
  if (exponent == 31) return fraction ? kNan : sign * kInf;
  if (exponent == 0) return sign * std::ldexp(float(fraction), -24);
  return sign * std::ldexp(float(fraction + 1024), exponent - 25);
}

static void float16() {
  uint16_t h[16], back[16];
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    for (uint16_t& x : h) x = uint16_t(bits);
    const Vec<float> v = load_float16(h);
    EXPECT(same(v[0], half_value(uint16_t(bits))) && same(v[kLanes<float> - 1], v[0]));
    store_float16(back, v);
    EXPECT(std::isnan(v[0]) ? std::isnan(half_value(back[0])) : back[0] == bits);
    if (bits >= 0x7bff) continue;
    const float low = half_value(uint16_t(bits)), high = half_value(uint16_t(bits + 1));
    const float middle = (low + high) / 2;
    const float points[3] = {std::nextafter(middle, low), middle, std::nextafter(middle, high)};
    const uint32_t wanted[3] = {bits, bits + (bits & 1), bits + 1};
    for (int i = 0; i < 3; ++i) {
      store_float16(back, splat<Vec<float>>(-points[i]));
      EXPECT(back[0] == (0x8000u | wanted[i]));
    }
  }
  const float limits[] = {65519.0f, 65520.0f, 1e30f, kInf, 1e-30f, 2.9e-8f};
  const uint16_t wanted[] = {0x7bff, 0x7c00, 0x7c00, 0x7c00, 0, 0};
  for (int i = 0; i < 6; ++i) {
    store_float16(back, splat<Vec<float>>(limits[i]));
    EXPECT(back[0] == wanted[i]);
  }
}

static void bfloat16() {
  const float values[] = {1.0f, 1.00390625f, 1.01171875f, -3.4e38f, 1e-40f, kInf};
  const uint16_t wanted[] = {0x3f80, 0x3f80, 0x3f82, 0xff80, 0x0001, 0x7f80};
  uint16_t h[16];
  for (int i = 0; i < 6; ++i) {
    store_bfloat16(h, splat<Vec<float>>(values[i]));
    EXPECT(h[0] == wanted[i] && h[kLanes<float> - 1] == wanted[i]);
  }
  store_bfloat16(h, splat<Vec<float>>(kNan));
  EXPECT(std::isnan(load_bfloat16(h)[0]));
}

static void fused() {
  const float a = 1.0f + 0x1p-12f;
  const float r = fma(splat<Vec<float>>(a), splat<Vec<float>>(a), splat<Vec<float>>(-1.0f))[0];
  EXPECT(r == (KERNEL_BYTES > 16 ? std::fma(a, a, -1.0f) : a * a - 1.0f));
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {
TEST("vec: partial loads and stores touch n lanes") { KERNEL_SELECT(partials)(); }
TEST("vec: rounding, sqrt, abs on special values") { KERNEL_SELECT(rounding)(); }
TEST("vec: min and max propagate NaN") { KERNEL_SELECT(extremes)(); }
TEST("vec: across lanes") { KERNEL_SELECT(sums)(); }
TEST("vec: conversions") { KERNEL_SELECT(conversions)(); }
TEST("vec: float16 both ways, all values and midpoints") { KERNEL_SELECT(float16)(); }
TEST("vec: bfloat16 rounds to nearest even") { KERNEL_SELECT(bfloat16)(); }
TEST("vec: fma") { KERNEL_SELECT(fused)(); }
}  // namespace tw
#endif
