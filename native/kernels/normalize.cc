#include "kernels/normalize.h"

#undef KERNEL_FILE
#define KERNEL_FILE "kernels/normalize.cc"
#include "simd/foreach_isa.h"
#include "simd/vec.h"
#include "simd/vec_math.h"

#include "kernels/storage.h"
#include "kernels/row_sum.h"

namespace tw::KERNEL_ISA {

template <class S>
static void normalize_row(bool centred, S* y, const S* x, const S* scale, const S* offset,
                          double epsilon, int64_t n) noexcept {
  using T = Math<S>;
  using V = Vec<T>;
  constexpr int64_t L = kLanesOf<V>;
  const T mean = centred ? T(sum_of<Itself>(x, T(0), n) / double(n)) : T(0);
  const double variance = sum_of<SquaredDistance>(x, mean, n) / double(n);
  const V m = splat<V>(mean), r = splat<V>(T(1.0 / __builtin_sqrt(variance + epsilon)));
  for (int64_t i = 0; i < n; i += L) {
    const int64_t count = n - i < L ? n - i : L;
    const V d = (lanes_at<S>(x, i, count, T(0)) - m) * r;
    const V v = fma(d, lanes_at<S>(scale, i, count, T(1)), lanes_at<S>(offset, i, count, T(0)));
    if (count == L) {
      store_lanes(y + i, v);
    } else {
      store_lanes(y + i, v, count);
    }
  }
}

template <class S>
struct NormalizeRows {
  static void run(bool centred, void* y, const void* x, const void* scale, const void* offset,
                  double epsilon, int64_t rows, int64_t depth) noexcept {
    for (int64_t r = 0; r < rows; ++r) {
      normalize_row(centred, static_cast<S*>(y) + r * depth, static_cast<const S*>(x) + r * depth,
                    static_cast<const S*>(scale), static_cast<const S*>(offset), epsilon, depth);
    }
  }
};

// base^-beta; the usual exponents by square roots.
template <class V>
VEC_FN V inverse_power(V base, double beta) noexcept {
  using T = Lane<V>;
  if (beta == 1) return T(1) / base;
  if (beta == 0.5) return T(1) / sqrt(base);
  if (beta == 0.75) return T(1) / (sqrt(base) * sqrt(sqrt(base)));
  return exp(log(base) * T(-beta));
}

template <class S>
static void local_response_row(S* y, const S* x, int64_t radius, double bias, double alpha,
                               double beta, int64_t n) noexcept {
  using T = Math<S>;
  using V = Vec<T>;
  constexpr int64_t L = kLanesOf<V>;
  for (int64_t i = 0; i < n; i += L) {
    const int64_t count = n - i < L ? n - i : L;
    V sum{};
    if (i >= radius && i + L + radius <= n) {
      for (int64_t k = -radius; k <= radius; ++k) {
        const V v = load_lanes<V>(x + i + k);
        sum = fma(v, v, sum);
      }
    } else {
      for (int64_t lane = 0; lane < count; ++lane) {
        const int64_t at = i + lane, low = at < radius ? 0 : at - radius;
        const int64_t high = at + radius < n ? at + radius : n - 1;
        T s = 0;
        for (int64_t k = low; k <= high; ++k) {
          const T v = load_one<T>(x[k]);
          s += v * v;
        }
        sum[lane] = s;
      }
    }
    const V scale = inverse_power(sum * T(alpha) + T(bias), beta);
    store_lanes(y + i, lanes_at<S>(x, i, count, T(0)) * scale, count);
  }
}
template <class S>
struct LocalResponseRows {
  static void run(void* y, const void* x, int64_t radius, double bias, double alpha, double beta,
                  int64_t rows, int64_t depth) noexcept {
    for (int64_t r = 0; r < rows; ++r) {
      local_response_row(static_cast<S*>(y) + r * depth, static_cast<const S*>(x) + r * depth,
                         radius, bias, alpha, beta, depth);
    }
  }
};

static void normalize_any(DType dtype, bool centred, void* y, const void* x, const void* scale,
                          const void* offset, double epsilon, int64_t rows,
                          int64_t depth) noexcept {
  by_storage<NormalizeRows>(dtype, centred, y, x, scale, offset, epsilon, rows, depth);
}
static void local_response_any(DType dtype, void* y, const void* x, int64_t radius, double bias,
                               double alpha, double beta, int64_t rows, int64_t depth) noexcept {
  by_storage<LocalResponseRows>(dtype, y, x, radius, bias, alpha, beta, rows, depth);
}

}  // namespace tw::KERNEL_ISA

#if KERNEL_ONCE
namespace tw {

void normalize_rows(DType dtype, bool centred, void* y, const void* x, const void* scale,
                    const void* offset, double epsilon, std::int64_t rows,
                    std::int64_t depth) noexcept {
  KERNEL_SELECT(normalize_any)(dtype, centred, y, x, scale, offset, epsilon, rows, depth);
}
void local_response_rows(DType dtype, void* y, const void* x, std::int64_t radius, double bias,
                         double alpha, double beta, std::int64_t rows,
                         std::int64_t depth) noexcept {
  KERNEL_SELECT(local_response_any)(dtype, y, x, radius, bias, alpha, beta, rows, depth);
}

}  // namespace tw
#endif
