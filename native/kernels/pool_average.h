// Over how many elements a window's average is taken. Included after kernels/window.h, once per
// pass, so it has no include guard.

namespace tw::KERNEL_ISA {

template <class T>
static VEC_FN Vec<T> divided(Vec<T> sum, std::int64_t count) noexcept {
  return count > 1 ? sum / splat<Vec<T>>(static_cast<T>(count)) : sum;
}

static std::int64_t averaged_over(const PoolShape& p, std::int64_t row, const Window& w) noexcept {
  if (!p.count_pads) return w.count();
  std::int64_t n = 1;
  for (int d = 2; d >= 0; --d) {
    const std::int64_t o = row % p.window.out[d];
    row /= p.window.out[d];
    const Range r = taps_inside(p.window, d, o, p.window.pad[d], p.pad_after[d]);
    n *= r.end - r.begin;
  }
  return n;
}

}  // namespace tw::KERNEL_ISA
