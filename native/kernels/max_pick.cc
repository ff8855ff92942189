#include "kernels/max_pick.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/max_pick.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "kernels/window.h"

namespace tw::KERNEL_ISA {

// Takes the element at the first tap that holds the maximum; `open` tells lanes without one so far.
template <class T>
struct PickFirst {
  const T *x, *from;
  std::int64_t channels, lanes;
  Vec<T> y;
  Vec<T>*picked, *open;
  VEC_FN void apply(std::int64_t pixel, std::int64_t) const noexcept {
    const Vec<T> v = load_partial<Vec<T>>(x + pixel * channels, lanes);
    const Mask<Vec<T>> hit = (v == y) | ((v != v) & (y != y));
    const Vec<T> taken = load_partial<Vec<T>>(from + pixel * channels, lanes);
    *picked = select(hit & (*open != Vec<T>{}), taken, *picked);
    *open = select(hit, Vec<T>{}, *open);
  }
};

template <class T>
static void pick(const PoolShape& p, const T* x, const T* y, const T* from, std::int64_t row,
                 std::int64_t count, T* out) noexcept {
  const ConvShape& s = p.window;
  const std::int64_t c = s.in_channels;
  for (std::int64_t i = row; i < row + count; ++i) {
    const Window w(s, i);
    for (std::int64_t j = 0; j < c; j += kLanes<T>) {
      const std::int64_t lanes = c - j < kLanes<T> ? c - j : kLanes<T>;
      Vec<T> picked{}, open = splat<Vec<T>>(T(1));
      const Vec<T> top = load_partial<Vec<T>>(y + i * c + j, lanes);
      w.each(s, PickFirst<T>{x + j, from + j, c, lanes, top, &picked, &open});
      store_partial(out + i * c + j, picked, lanes);
    }
  }
}

template <class T>
struct MaxPick {
  static constexpr auto run = pick<T>;
};

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

template <class T>
void max_pick(const PoolShape& shape, const T* x, const T* y, const T* from, std::int64_t row,
              std::int64_t count, T* picked) noexcept {
  KERNEL_SELECT(MaxPick<T>::run)(shape, x, y, from, row, count, picked);
}

template void max_pick(const PoolShape&, const float*, const float*, const float*, std::int64_t,
                       std::int64_t, float*) noexcept;
template void max_pick(const PoolShape&, const double*, const double*, const double*, std::int64_t,
                       std::int64_t, double*) noexcept;

}  // namespace tw
#endif
