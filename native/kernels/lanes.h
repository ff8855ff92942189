// Walking over rows a vector at a time, the last one partly. Included after simd/vec.h, once per
// pass, so it has no include guard.

namespace tw::KERNEL_ISA {

// Offsets i of the vectors of n elements, with the lanes that each has.
#undef FOR_LANES
#define FOR_LANES(T, i, lanes, n)                                            \
  for (std::int64_t i = 0, lanes = lanes_at<T>(0, n); i < n; i += kLanes<T>, \
                    lanes = lanes_at<T>(i, n))

template <class T>
VEC_FN std::int64_t lanes_at(std::int64_t i, std::int64_t n) noexcept {
  return n - i < kLanes<T> ? n - i : kLanes<T>;
}

}  // namespace tw::KERNEL_ISA
