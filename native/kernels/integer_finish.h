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

// Rounded to the nearest, ties to even, within the clamps; a NaN becomes `low`.
static VEC_FN Vec<std::int32_t> rounded_within(Vec<float> y, float low, float high) noexcept {
  y = max_or_second(y, splat<Vec<float>>(low));
  y = min_or_second(y, splat<Vec<float>>(high));
  return convert<std::int32_t>(round_even(y));
}

template <class T>
static VEC_FN Vec<T> first_of(const T* p, int n) noexcept {
  return n == kLanes<T> ? load<Vec<T>>(p) : load_partial<Vec<T>>(p, n);
}

// The first n columns from `column` on of row `row`, written to element `at` of out.
static VEC_FN void finish_sums(const IntegerFinish& f, Vec<std::int32_t> sum, std::int64_t row,
                               std::int64_t column, int n, void* out, std::int64_t at) noexcept {
  using Sums = Vec<std::int32_t>;
  using Kind = IntegerFinish::Kind;
  constexpr int L = kLanes<std::int32_t>;
  const bool whole = n == L;
  sum += first_of(f.offset + column, n);
  if (f.row_sums != nullptr) sum -= first_of(f.factor + column, n) * f.row_sums[row];
  if (f.kind == Kind::kInt32) {
    std::int32_t* y = static_cast<std::int32_t*>(out) + at;
    return whole ? store(y, sum) : store_partial<Sums>(y, sum, n);
  }
  Vec<float> y = convert<float>(sum) * first_of(f.scale + column, n);
  if (f.kind == Kind::kFloat) {
    if (f.bias != nullptr) y += first_of(f.bias + column, n);
    float* to = static_cast<float*>(out) + at;
    return whole ? store(to, y) : store_partial<Vec<float>>(to, y, n);
  }
  store_bytes(static_cast<std::uint8_t*>(out) + at,
              rounded_within(y, f.low, f.high) + f.zero, n);
}

}  // namespace tw::KERNEL_ISA
