// The part of vec.h that differs per instruction set; included by vec.h alone, once per pass.
// What has no intrinsics below is plain vector code, which serves SSE2 and NEON.

namespace tw::KERNEL_ISA {

#ifndef VEC_FN
#define VEC_FN inline __attribute__((always_inline))
#endif

template <class T, int kBytes>
struct VecType {
  typedef T type __attribute__((vector_size(kBytes)));
};
template <class T, int kBytes>
using VecBytes = typename VecType<T, kBytes>::type;
template <class T, int kCount>
using VecN = VecBytes<T, kCount * int(sizeof(T))>;
template <class T>
using Vec = VecBytes<T, KERNEL_BYTES>;

template <class T>
inline constexpr int kLanes = KERNEL_BYTES / int(sizeof(T));
template <class V>
using Lane = std::remove_cvref_t<decltype(V{}[0])>;
template <class V>
inline constexpr int kLanesOf = int(sizeof(V) / sizeof(Lane<V>));
// A vector of signed integers as wide as the lanes of V: 0, or -1 where true.
template <class V>
using Mask = decltype(V{} == V{});
template <class T>
inline constexpr bool kIsFloat = std::is_floating_point_v<T>;

// All lanes hold x. The form x - 0 costs nothing, 0 + x would be an addition.
template <class V>
VEC_FN V splat(Lane<V> x) noexcept {
  return x - V{};
}

#if KERNEL_BYTES == 64
VEC_FN Vec<float> fma(Vec<float> a, Vec<float> b, Vec<float> c) noexcept {
  return (Vec<float>)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
VEC_FN Vec<double> fma(Vec<double> a, Vec<double> b, Vec<double> c) noexcept {
  return (Vec<double>)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}
// Half vectors are native too.
VEC_FN VecBytes<float, 32> fma(VecBytes<float, 32> a, VecBytes<float, 32> b,
                               VecBytes<float, 32> c) noexcept {
  return (VecBytes<float, 32>)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
VEC_FN VecBytes<double, 32> fma(VecBytes<double, 32> a, VecBytes<double, 32> b,
                                VecBytes<double, 32> c) noexcept {
  return (VecBytes<double, 32>)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
VEC_FN Vec<float> sqrt(Vec<float> v) noexcept {
  return (Vec<float>)_mm512_maskz_sqrt_ps(__mmask16(-1), (__m512)v);
}
VEC_FN Vec<double> sqrt(Vec<double> v) noexcept {
  return (Vec<double>)_mm512_maskz_sqrt_pd(__mmask8(-1), (__m512d)v);
}
template <int kMode>
VEC_FN Vec<float> round_by(Vec<float> v) noexcept {
  return (Vec<float>)_mm512_maskz_roundscale_ps(__mmask16(-1), (__m512)v, kMode);
}
template <int kMode>
VEC_FN Vec<double> round_by(Vec<double> v) noexcept {
  return (Vec<double>)_mm512_maskz_roundscale_pd(__mmask8(-1), (__m512d)v, kMode);
}
VEC_FN Vec<float> from_float16(VecN<uint16_t, 16> h) noexcept {
  return (Vec<float>)_mm512_maskz_cvtph_ps(__mmask16(-1), (__m256i)h);
}
VEC_FN VecN<uint16_t, 16> to_float16(Vec<float> v) noexcept {
  return (VecN<uint16_t, 16>)_mm512_maskz_cvtps_ph(__mmask16(-1), (__m512)v, 0);
}
// The 64-bit products of the even lanes.
VEC_FN Vec<uint64_t> multiply_even(Vec<uint32_t> a, Vec<uint32_t> b) noexcept {
  return (Vec<uint64_t>)_mm512_maskz_mul_epu32(__mmask8(-1), (__m512i)a, (__m512i)b);
}
VEC_FN bool any_bits(Vec<int32_t> v) noexcept {
  return _mm512_test_epi32_mask((__m512i)v, (__m512i)v) != 0;
}
VEC_FN bool any_half_bits(VecBytes<int32_t, 32> v) noexcept {
  return !_mm256_testz_si256((__m256i)v, (__m256i)v);
}
#elif KERNEL_BYTES == 32
VEC_FN Vec<float> fma(Vec<float> a, Vec<float> b, Vec<float> c) noexcept {
  return (Vec<float>)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
VEC_FN Vec<double> fma(Vec<double> a, Vec<double> b, Vec<double> c) noexcept {
  return (Vec<double>)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}
VEC_FN Vec<float> sqrt(Vec<float> v) noexcept { return (Vec<float>)_mm256_sqrt_ps((__m256)v); }
VEC_FN Vec<double> sqrt(Vec<double> v) noexcept { return (Vec<double>)_mm256_sqrt_pd((__m256d)v); }
template <int kMode>
VEC_FN Vec<float> round_by(Vec<float> v) noexcept {
  return (Vec<float>)_mm256_round_ps((__m256)v, kMode);
}
template <int kMode>
VEC_FN Vec<double> round_by(Vec<double> v) noexcept {
  return (Vec<double>)_mm256_round_pd((__m256d)v, kMode);
}
VEC_FN Vec<float> from_float16(VecN<uint16_t, 8> h) noexcept {
  return (Vec<float>)_mm256_cvtph_ps((__m128i)h);
}
VEC_FN VecN<uint16_t, 8> to_float16(Vec<float> v) noexcept {
  return (VecN<uint16_t, 8>)_mm256_cvtps_ph((__m256)v, 0);
}
VEC_FN Vec<uint64_t> multiply_even(Vec<uint32_t> a, Vec<uint32_t> b) noexcept {
  return (Vec<uint64_t>)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}
VEC_FN bool any_bits(Vec<int32_t> v) noexcept {
  return !_mm256_testz_si256((__m256i)v, (__m256i)v);
}
#else
#include "simd/vec_baseline.h"
#endif

#if KERNEL_BYTES >= 32
template <class V>
VEC_FN V round_even(V v) noexcept { return round_by<8>(v); }
template <class V>
VEC_FN V floor(V v) noexcept { return round_by<9>(v); }
template <class V>
VEC_FN V ceil(V v) noexcept { return round_by<10>(v); }
template <class V>
VEC_FN V trunc(V v) noexcept { return round_by<11>(v); }
#endif

// Loads and stores of the first n lanes. The general form goes through a small buffer.
template <class V>
struct Partial {
  static VEC_FN V load(const Lane<V>* p, int64_t n) noexcept {
    V v{};
#if KERNEL_BYTES == 64
    if constexpr (sizeof(V) == 64) {
      const uint64_t m = mask(n);
      if constexpr (sizeof(Lane<V>) == 8) return (V)_mm512_maskz_loadu_epi64(m, p);
      if constexpr (sizeof(Lane<V>) == 4) return (V)_mm512_maskz_loadu_epi32(m, p);
      if constexpr (sizeof(Lane<V>) == 2) return (V)_mm512_maskz_loadu_epi16(m, p);
      if constexpr (sizeof(Lane<V>) == 1) return (V)_mm512_maskz_loadu_epi8(m, p);
    }
    if constexpr (sizeof(V) == 32) {
      if constexpr (sizeof(Lane<V>) == 8) return (V)_mm256_maskz_loadu_epi64(mask(n), p);
      if constexpr (sizeof(Lane<V>) == 4) return (V)_mm256_maskz_loadu_epi32(mask(n), p);
    }
#elif KERNEL_BYTES == 32
    if constexpr (sizeof(V) == 32 && sizeof(Lane<V>) == 4) {
      return (V)_mm256_maskload_epi32(reinterpret_cast<const int*>(p), mask(n));
    }
    if constexpr (sizeof(V) == 32 && sizeof(Lane<V>) == 8) {
      return (V)_mm256_maskload_epi64(reinterpret_cast<const long long*>(p), mask(n));
    }
#endif
    __builtin_memcpy(&v, p, size_t(n) * sizeof(Lane<V>));
    return v;
  }

  static VEC_FN void store(Lane<V>* p, V v, int64_t n) noexcept {
#if KERNEL_BYTES == 64
    if constexpr (sizeof(V) == 64) {
      const uint64_t m = mask(n);
      if constexpr (sizeof(Lane<V>) == 8) return _mm512_mask_storeu_epi64(p, m, (__m512i)v);
      if constexpr (sizeof(Lane<V>) == 4) return _mm512_mask_storeu_epi32(p, m, (__m512i)v);
      if constexpr (sizeof(Lane<V>) == 2) return _mm512_mask_storeu_epi16(p, m, (__m512i)v);
      if constexpr (sizeof(Lane<V>) == 1) return _mm512_mask_storeu_epi8(p, m, (__m512i)v);
    }
    if constexpr (sizeof(V) == 32) {
      if constexpr (sizeof(Lane<V>) == 8) return _mm256_mask_storeu_epi64(p, mask(n), (__m256i)v);
      if constexpr (sizeof(Lane<V>) == 4) return _mm256_mask_storeu_epi32(p, mask(n), (__m256i)v);
    }
#elif KERNEL_BYTES == 32
    if constexpr (sizeof(V) == 32 && sizeof(Lane<V>) == 4) {
      return _mm256_maskstore_epi32(reinterpret_cast<int*>(p), mask(n), (__m256i)v);
    }
    if constexpr (sizeof(V) == 32 && sizeof(Lane<V>) == 8) {
      return _mm256_maskstore_epi64(reinterpret_cast<long long*>(p), mask(n), (__m256i)v);
    }
#endif
    __builtin_memcpy(p, &v, size_t(n) * sizeof(Lane<V>));
  }

 private:
#if KERNEL_BYTES == 64
  static VEC_FN uint64_t mask(int64_t n) noexcept { return _bzhi_u64(~uint64_t(0), unsigned(n)); }
#elif KERNEL_BYTES == 32
  static VEC_FN __m256i mask(int64_t n) noexcept {
    if constexpr (sizeof(Lane<V>) == 8) {
      const Vec<int64_t> lane = {0, 1, 2, 3};
      return (__m256i)(lane < n);
    } else {
      const Vec<int32_t> lane = {0, 1, 2, 3, 4, 5, 6, 7};
      return (__m256i)(lane < int32_t(n));
    }
  }
#endif
};

// Writes around the caches, for results far larger than they are. p is aligned to the vector.
// A thread that streamed calls stream_fence() before others may read.
template <class V>
VEC_FN void store_stream(Lane<V>* p, V v) noexcept {
#if KERNEL_BYTES == 64
  _mm512_stream_si512(reinterpret_cast<__m512i*>(p), (__m512i)v);
#elif KERNEL_BYTES == 32
  _mm256_stream_si256(reinterpret_cast<__m256i*>(p), (__m256i)v);
#elif defined(__SSE2__)
  _mm_stream_si128(reinterpret_cast<__m128i*>(p), (__m128i)v);
#else
  __builtin_memcpy(p, &v, sizeof(V));
#endif
}
VEC_FN void stream_fence() noexcept {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace tw::KERNEL_ISA
