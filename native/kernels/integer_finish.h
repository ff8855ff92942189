// How 32-bit sums become results; included after simd/vec.h, once per pass, so it has no include
// guard.

namespace tw::KERNEL_ISA {

// Sums of products of neighbouring lanes.
static VEC_FN Vec<std::int32_t> multiply_pairs(Vec<std::int16_t> a, Vec<std::int16_t> b) noexcept {
#if KERNEL_BYTES == 64
  return (Vec<std::int32_t>)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif KERNEL_BYTES == 32
  return (Vec<std::int32_t>)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
  return (Vec<std::int32_t>)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  const Vec<std::int32_t> x = bits_as<std::int32_t>(a), y = bits_as<std::int32_t>(b);
  return ((x << 16) >> 16) * ((y << 16) >> 16) + (x >> 16) * (y >> 16);
#endif
}

// As many bytes as there are 32-bit lanes, one in each.
static VEC_FN Vec<std::int32_t> widened(const std::uint8_t* p) noexcept {
#if KERNEL_BYTES == 64
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return (Vec<std::int32_t>)_mm512_maskz_cvtepu8_epi32(__mmask16(-1), bytes);
#elif KERNEL_BYTES == 32
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  return (Vec<std::int32_t>)_mm256_cvtepu8_epi32(bytes);
#elif defined(__SSE2__)
  std::int32_t bits;
  __builtin_memcpy(&bits, p, 4);
  const __m128i zero = _mm_setzero_si128();
  const __m128i words = _mm_unpacklo_epi8(_mm_cvtsi32_si128(bits), zero);
  return (Vec<std::int32_t>)_mm_unpacklo_epi16(words, zero);
#else
  return load_as<Vec<std::int32_t>>(p);
#endif
}
// Only the first n of them, the others 0.
static VEC_FN Vec<std::int32_t> widened(const std::uint8_t* p, int n) noexcept {
  constexpr int L = kLanes<std::int32_t>;
  if (n == L) return widened(p);
  std::uint8_t some[L] = {};
  for (int i = 0; i < n; ++i) some[i] = p[i];
  return widened(some);
}

// Writes the first n lanes as bytes.
static VEC_FN void store_bytes(std::uint8_t* out, Vec<std::int32_t> v, int n) noexcept {
  constexpr int L = kLanes<std::int32_t>;
  const VecN<std::uint8_t, L> bytes = convert<std::uint8_t>(v);
  if (n == L) {
    __builtin_memcpy(out, &bytes, L);
    return;
  }
  std::uint8_t some[L];
  __builtin_memcpy(some, &bytes, L);
  for (int i = 0; i < n; ++i) out[i] = some[i];
}

// The nearest integers, ties to even; of what fits into 32 bits.
static VEC_FN Vec<std::int32_t> nearest(Vec<float> y) noexcept {
#if KERNEL_BYTES == 64
  return (Vec<std::int32_t>)_mm512_maskz_cvtps_epi32(__mmask16(-1), (__m512)y);
#elif KERNEL_BYTES == 32
  return (Vec<std::int32_t>)_mm256_cvtps_epi32((__m256)y);
#elif defined(__SSE2__)
  return (Vec<std::int32_t>)_mm_cvtps_epi32((__m128)y);
#else
  return convert<std::int32_t>(round_even(y));
#endif
}

// Rounded within the clamps; a NaN becomes `low`.
static VEC_FN Vec<std::int32_t> rounded_within(Vec<float> y, Vec<float> low,
                                               Vec<float> high) noexcept {
  return nearest(min_or_second(max_or_second(y, low), high));
}

template <class T>
static VEC_FN Vec<T> first_of(const T* p, int n) noexcept {
  return n == kLanes<T> ? load<Vec<T>>(p) : load_partial<Vec<T>>(p, n);
}

template <class V>
static VEC_FN void store_first(Lane<V>* p, V v, int n) noexcept {
  return n == kLanesOf<V> ? store(p, v) : store_partial<V>(p, v, n);
}

// What an IntegerFinish says, in registers: results are bytes, which the compiler has to think may
// change what it reads through a pointer.
class Finish {
 public:
  VEC_FN Finish(const IntegerFinish& f) noexcept
      : f_(f), low_(splat<Vec<float>>(f.low)), high_(splat<Vec<float>>(f.high)) {}

  // The first n columns from `column` on of row `row`, written to element `at` of out.
  VEC_FN void put(Vec<std::int32_t> sum, std::int64_t row, std::int64_t column, int n, void* out,
                  std::int64_t at) const noexcept {
    using Kind = IntegerFinish::Kind;
    sum += first_of(f_.offset + column, n);
    if (f_.row_sums != nullptr) sum -= first_of(f_.factor + column, n) * f_.row_sums[row];
    if (f_.kind == Kind::kInt32) return store_first(static_cast<std::int32_t*>(out) + at, sum, n);
    Vec<float> y = convert<float>(sum) * first_of(f_.scale + column, n);
    if (f_.kind == Kind::kByte) {
      store_bytes(static_cast<std::uint8_t*>(out) + at, rounded_within(y, low_, high_) + f_.zero,
                  n);
      return;
    }
    if (f_.bias != nullptr) y += first_of(f_.bias + column, n);
    store_first(static_cast<float*>(out) + at, y, n);
  }

  // Whole vectors of `rows` rows below each other, sums `step` vectors and results `stride`
  // elements apart.
  VEC_FN void put_column(const Vec<std::int32_t>* sums, int step, int rows, std::int64_t column,
                         std::int64_t row, void* out, std::int64_t at,
                         std::int64_t stride) const noexcept {
    constexpr int L = kLanes<std::int32_t>;
    if (f_.kind != IntegerFinish::Kind::kByte || f_.row_sums != nullptr) {
      for (int r = 0; r < rows; ++r) {
        put(sums[r * step], row + r, column, L, out, at + r * stride);
      }
      return;
    }
    const Vec<std::int32_t> offset = first_of(f_.offset + column, L);
    const Vec<float> scale = first_of(f_.scale + column, L);
    std::uint8_t* y = static_cast<std::uint8_t*>(out) + at;
    for (int r = 0; r < rows; ++r, sums += step, y += stride) {
      const Vec<float> value = convert<float>(*sums + offset) * scale;
      store_bytes(y, rounded_within(value, low_, high_) + f_.zero, L);
    }
  }

 private:
  const IntegerFinish f_;
  const Vec<float> low_, high_;
};

}  // namespace tw::KERNEL_ISA
