// How elements in memory become vectors to compute with, for kernels whose loops are the same for
// all floating dtypes. Include it after simd/vec.h; it compiles once per pass.

namespace tw::KERNEL_ISA {

template <class T>
struct PlainFormat {
  using Element = T;
  using V = Vec<T>;
  static VEC_FN V load(const T* p) noexcept { return KERNEL_ISA::load<V>(p); }
  static VEC_FN void store(T* p, V v) noexcept { KERNEL_ISA::store(p, v); }
};
struct Float16Format {
  using Element = std::uint16_t;
  using V = Vec<float>;
  static VEC_FN V load(const std::uint16_t* p) noexcept { return load_float16(p); }
  static VEC_FN void store(std::uint16_t* p, V v) noexcept { store_float16(p, v); }
};
struct BFloat16Format {
  using Element = std::uint16_t;
  using V = Vec<float>;
  static VEC_FN V load(const std::uint16_t* p) noexcept { return load_bfloat16(p); }
  static VEC_FN void store(std::uint16_t* p, V v) noexcept { store_bfloat16(p, v); }
};

// The first n lanes, n below their number; the others are zero.
template <class Format>
VEC_FN typename Format::V load_tail(const typename Format::Element* p, std::int64_t n) noexcept {
  typename Format::Element buffer[kLanesOf<typename Format::V>] = {};
  std::memcpy(buffer, p, static_cast<std::size_t>(n) * sizeof(*p));
  return Format::load(buffer);
}
template <class Format>
VEC_FN void store_tail(typename Format::Element* p, typename Format::V v, std::int64_t n) noexcept {
  typename Format::Element buffer[kLanesOf<typename Format::V>];
  Format::store(buffer, v);
  std::memcpy(p, buffer, static_cast<std::size_t>(n) * sizeof(*p));
}

}  // namespace tw::KERNEL_ISA
