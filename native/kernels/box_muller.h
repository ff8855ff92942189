// Normals of uniforms. Kernel files include it after vec.h; it compiles once per pass, so it has no
// include guard of its own.

namespace tw::KERNEL_ISA {

// These functions use no fma, so that every instruction set gives the same bits.

template <class T>
struct Series;  // of 2 atanh(s) / s, sin(t) / t and cos(t) in squares, by rising power
template <>
struct Series<float> {
  static constexpr float log[] = {2, 2.f / 3, 2.f / 5, 2.f / 7, 2.f / 9, 2.f / 11};
  static constexpr float sine[] = {1, -1.f / 6, 1.f / 120, -1.f / 5040, 1.f / 362880};
  static constexpr float cosine[] = {1, -1.f / 2, 1.f / 24, -1.f / 720, 1.f / 40320,
                                     -1.f / 3628800};
};
template <>
struct Series<double> {
  static constexpr double log[] = {2,       2. / 3,  2. / 5,  2. / 7,  2. / 9,  2. / 11,
                                   2. / 13, 2. / 15, 2. / 17, 2. / 19, 2. / 21};
  static constexpr double sine[] = {
      1, -1. / 6, 1. / 120, -1. / 5040, 1. / 362880, -1. / 39916800, 1. / 6227020800.,
      -1. / 1307674368000., 1. / 355687428096000.};
  static constexpr double cosine[] = {
      1, -1. / 2, 1. / 24, -1. / 720, 1. / 40320, -1. / 3628800, 1. / 479001600.,
      -1. / 87178291200., 1. / 20922789888000., -1. / 6402373705728000.};
};

template <class V, class T, int N>
static VEC_FN V polynomial(V x, const T (&c)[N]) noexcept {
  V y = splat<V>(c[N - 1]);
#pragma GCC unroll 16
  for (int i = N - 2; i >= 0; --i) y = y * x + c[i];
  return y;
}

template <class T>
struct Bits;
template <>
struct Bits<float> {
  using U = std::uint32_t;
  static constexpr int mantissa = 23;
  static constexpr U one = 0x3f800000u, half_root = 0x3f3504f3u;  // sqrt(1/2)
  static constexpr float least = 1e-7f, ln2_high = 0x1.62ep-1f, ln2_low = 0x1.0bfbe8p-15f;
};
template <>
struct Bits<double> {
  using U = std::uint64_t;
  static constexpr int mantissa = 52;
  static constexpr U one = 0x3ff0000000000000u, half_root = 0x3fe6a09e667f3bcdu;
  static constexpr double least = 1e-7, ln2_high = 0x1.62e42feep-1,
                          ln2_low = 0x1.a39ef35793c76p-33;
};

// The natural logarithm of normal positive numbers: x = 2^e m, log m = 2 atanh((m - 1)/(m + 1)).
template <class T>
static VEC_FN Vec<T> log_of(Vec<T> x) noexcept {
  using B = Bits<T>;
  using U = typename B::U;
  using I = std::make_signed_t<U>;
  const Vec<I> bits = bits_as<I>(x);
  const Vec<I> e = (bits - static_cast<I>(B::half_root)) >> B::mantissa;
  const Vec<T> m = bits_as<T>(bits - (e << B::mantissa));
  const Vec<T> s = (m - T(1)) / (m + T(1)), power = convert<T>(e);
  const Vec<T> y = s * polynomial(s * s, Series<T>::log);
  return power * B::ln2_high + (y + power * B::ln2_low);
}

// sin and cos of 2 pi u for u in [0, 1).
template <class T>
static VEC_FN void turn(Vec<T> u, Vec<T>& sine, Vec<T>& cosine) noexcept {
  using V = Vec<T>;
  using I = std::make_signed_t<typename Bits<T>::U>;
  const Vec<I> quarter = convert<I>(u * T(4) + T(0.5));
  const V t = (u - convert<T>(quarter) * T(0.25)) * T(6.283185307179586476925);
  const V s = t * polynomial(t * t, Series<T>::sine), c = polynomial(t * t, Series<T>::cosine);
  const Mask<V> swap = (quarter & 1) != 0;
  sine = select<V>((quarter & 2) != 0, V{} - select<V>(swap, c, s), select<V>(swap, c, s));
  cosine = select<V>(((quarter + 1) & 2) != 0, V{} - select<V>(swap, s, c),
                     select<V>(swap, s, c));
}

// Two normals of two uniforms.
template <class T>
static VEC_FN void box_muller(Vec<T> u, Vec<T> angle, Vec<T>& a, Vec<T>& b) noexcept {
  const Vec<T> size =
      KERNEL_ISA::sqrt(log_of<T>(max_or_second(u, splat<Vec<T>>(Bits<T>::least))) * T(-2));
  turn<T>(angle, a, b);
  a *= size;
  b *= size;
}

}  // namespace tw::KERNEL_ISA
