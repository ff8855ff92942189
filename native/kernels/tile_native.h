// Loads, stores and products of a whole vector, or of half a one where that is also native: a panel
// of few columns would leave most lanes of whole vectors idle. Included after simd/vec.h, once per
// pass, so it has no include guard.

namespace tw::KERNEL_ISA {

template <class V>
struct Native {
  static VEC_FN V read(const Lane<V>* p, int n) noexcept { return load_partial<V>(p, n); }
  static VEC_FN void write(Lane<V>* p, V v, int n) noexcept { store_partial(p, v, n); }
  static VEC_FN V multiply_add(V a, V b, V c) noexcept { return fma(a, b, c); }
};
#if KERNEL_BYTES == 64
static constexpr bool kNarrow = true;
template <>
struct Native<VecBytes<float, 32>> {
  using V = VecBytes<float, 32>;
  static VEC_FN V read(const float* p, int n) noexcept {
    return (V)_mm256_maskz_loadu_ps(static_cast<__mmask8>((1u << n) - 1), p);
  }
  static VEC_FN void write(float* p, V v, int n) noexcept {
    _mm256_mask_storeu_ps(p, static_cast<__mmask8>((1u << n) - 1), (__m256)v);
  }
  static VEC_FN V multiply_add(V a, V b, V c) noexcept {
    return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
  }
};
template <>
struct Native<VecBytes<double, 32>> {
  using V = VecBytes<double, 32>;
  static VEC_FN V read(const double* p, int n) noexcept {
    return (V)_mm256_maskz_loadu_pd(static_cast<__mmask8>((1u << n) - 1), p);
  }
  static VEC_FN void write(double* p, V v, int n) noexcept {
    _mm256_mask_storeu_pd(p, static_cast<__mmask8>((1u << n) - 1), (__m256d)v);
  }
  static VEC_FN V multiply_add(V a, V b, V c) noexcept {
    return (V)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
  }
};
#else
static constexpr bool kNarrow = false;
#endif

}  // namespace tw::KERNEL_ISA
